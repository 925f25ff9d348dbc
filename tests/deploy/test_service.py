"""The unit of systemd."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.failures import MISUSED
from bot.settings import Settings
from tests.deploy.files import DEPLOY, unit
from tests.deploy.test_compose import STOPS_WITHIN


def test_it_starts_the_bot_and_leaves_a_wrong_setting_to_people() -> None:
    """Whatever else fails is tried again, with a pause; a stop gives time to finish what was taken."""
    found = unit()
    (start,) = found["ExecStart"]
    program, *arguments = start.split()
    assert (program, arguments) == ("/opt/onward/bin/onward", ["run"])
    with pytest.raises(SystemExit) as left:
        main([*arguments, "--help"])
    assert left.value.code == 0
    assert found["Restart"] == ["on-failure"]
    assert found["RestartPreventExitStatus"] == [str(MISUSED)]
    assert int(found["TimeoutStopSec"][0]) > STOPS_WITHIN


def test_it_has_no_rights_and_one_place_to_write_to() -> None:
    """The database is in it."""
    found = unit()
    assert found["User"] == ["onward"]
    assert found["CapabilityBoundingSet"] == [""]
    for setting in ("NoNewPrivileges", "PrivateTmp", "ProtectHome", "MemoryDenyWriteExecute", "RestrictNamespaces"):
        assert found[setting] == ["yes"]
    assert found["ProtectSystem"] == ["strict"]
    settings = Settings.read(dict(line.split("=", 1) for line in found["Environment"]))
    assert settings.database_file is not None
    assert settings.database_file.parent == Path("/var/lib") / found["StateDirectory"][0]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_understands_it(tmp_path: Path) -> None:
    """It finds nothing to complain about, but for the program, which is not installed here."""
    text = (DEPLOY / "onward.service").read_text(encoding="utf-8")
    (tmp_path / "onward.service").write_text(text.replace("/opt/onward/bin/onward", sys.executable))
    verify = ["systemd-analyze", "verify", "--man=no", str(tmp_path / "onward.service")]
    done = subprocess.run(verify, capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stderr) == (0, "")
