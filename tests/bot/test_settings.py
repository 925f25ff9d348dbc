"""The settings."""

from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, data_folder


def test_nothing_has_to_be_set() -> None:
    """Without any setting there is a file in the user's data folder, no key of one's own, and quiet logs."""
    settings = Settings.read({"HOME": "/home/ann", "PATH": "/bin", "ONWARD_TEST_KILLS": "3"})
    assert settings.database_file == data_folder({"HOME": "/home/ann"}) / "onward.db"
    assert (settings.key, settings.log_level) == ("", "warning")


def test_everything_can_be_set() -> None:
    """The environment sets what it names; an empty value counts as not set."""
    settings = Settings.read(
        {"ONWARD_DATABASE_URL": "postgresql+asyncpg://me:pw@host/db", "ONWARD_KEY": "k", "ONWARD_LOG_LEVEL": "DEBUG"}
    )
    assert settings.database_url == "postgresql+asyncpg://me:pw@host/db"
    assert settings.database_file is None
    assert (settings.key, settings.log_level) == ("k", "debug")
    assert Settings.read({"HOME": "/h", "ONWARD_DATABASE_URL": ""}).database_file


def test_a_flag_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path from the command line is meant from where one stands."""
    monkeypatch.chdir(tmp_path)
    settings = Settings.read({"ONWARD_DATABASE_URL": "postgresql+asyncpg://host/db"}, database=Path("my.db"))
    assert settings.database_file == tmp_path / "my.db"


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({"ONWARD_COLOUR": "red"}, "ONWARD_COLOUR is no setting of Onward"),
        ({"ONWARD_LOG_LEVEL": "loud"}, "ONWARD_LOG_LEVEL is 'loud'; it can be debug, info, warning, error."),
        ({"ONWARD_DATABASE_URL": "mysql://host/db"}, "ONWARD_DATABASE_URL has to begin with sqlite"),
    ],
)
def test_a_mistake_is_one_sentence(environ: dict[str, str], sentence: str) -> None:
    """An unknown setting and a value that cannot be are named."""
    with pytest.raises(SettingsError) as refused:
        Settings.read({"HOME": "/h", **environ})
    assert str(refused.value).startswith(sentence)
    assert "\n" not in str(refused.value)


def test_secrets_do_not_show() -> None:
    """Printing the settings shows neither the key nor a password."""
    shown = repr(Settings.read({"ONWARD_KEY": "k3y", "ONWARD_DATABASE_URL": "postgresql+asyncpg://me:pw@host/db"}))
    assert "k3y" not in shown
    assert "pw" not in shown


@pytest.mark.parametrize(
    ("platform", "environ", "folder"),
    [
        ("linux", {"HOME": "/home/a"}, "/home/a/.local/share/onward"),
        ("linux", {"HOME": "/home/a", "XDG_DATA_HOME": "/data"}, "/data/onward"),
        ("darwin", {"HOME": "/Users/a"}, "/Users/a/Library/Application Support/onward"),
        ("win32", {"HOME": "/u", "LOCALAPPDATA": "/u/local"}, "/u/local/onward"),
    ],
)
def test_data_lie_where_the_system_keeps_them(platform: str, environ: dict[str, str], folder: str) -> None:
    """Each system has its own place for a user's data."""
    assert data_folder(environ, platform) == Path(folder)
