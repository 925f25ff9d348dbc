"""Time zone and country of this computer."""

from pathlib import Path

import pytest

from bot.place import country, zone


@pytest.mark.parametrize(("told", "name"), [("Europe/Berlin", "Europe/Berlin"), (":Asia/Tokyo", "Asia/Tokyo")])
def test_the_environment_tells_the_zone(told: str, name: str, tmp_path: Path) -> None:
    """TZ wins over the system's own setting."""
    assert zone({"TZ": told}, tmp_path / "localtime") == name


def test_the_system_tells_the_zone(tmp_path: Path) -> None:
    """The zone is read off where the system's file points, also when TZ is a rule instead of a name."""
    localtime = tmp_path / "localtime"
    localtime.symlink_to("/usr/share/zoneinfo/Europe/Lisbon")
    assert zone({}, localtime) == "Europe/Lisbon"
    assert zone({"TZ": "CET-1CEST,M3.5.0"}, localtime) == "Europe/Lisbon"


def test_without_a_name_it_is_utc(tmp_path: Path) -> None:
    """A copied file names no zone, and a strange name is none."""
    (tmp_path / "localtime").write_bytes(b"TZif")
    assert zone({"TZ": "../etc/passwd"}, tmp_path / "localtime") == "UTC"


@pytest.mark.parametrize(
    ("environ", "code"),
    [
        ({"LANG": "en_GB.UTF-8"}, "GB"),
        ({"LC_ALL": "de_DE@euro", "LANG": "en_GB"}, "DE"),
        ({"LC_ALL": "", "LC_MESSAGES": "pt_BR", "LANG": "C"}, "BR"),
        ({"LANG": "C.UTF-8"}, ""),
        ({"LANG": "en"}, ""),
        ({}, ""),
    ],
)
def test_the_language_tells_the_country(environ: dict[str, str], code: str) -> None:
    """The first language setting that is there may name a country."""
    assert country(environ) == code
