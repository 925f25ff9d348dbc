"""The settings."""

from pathlib import Path

import pytest

from bot.observability import FORMS
from bot.settings import FORMATS, Settings, SettingsError, data_folder


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


def test_discord_can_be_set() -> None:
    """Its token is all that it needs; the API is Discord's own, and the shards are all, unless it is said otherwise."""
    plain = Settings.read({"HOME": "/h", "ONWARD_DISCORD__TOKEN": " abc "}).discord
    assert (plain.token, plain.api_url, plain.shards, plain.shard_ids) == ("abc", "https://discord.com/api", None, ())
    told = Settings.read(
        {
            "HOME": "/h",
            "ONWARD_DISCORD__SHARDS": "4",
            "ONWARD_DISCORD__SHARD_IDS": "0, 3",
            "ONWARD_DISCORD__API_URL": "http://localhost:1/api/",
        }
    ).discord
    assert (told.api_url, told.shards, told.shard_ids) == ("http://localhost:1/api", 4, (0, 3))


def test_nothing_is_served_over_http_unless_it_is_asked_for() -> None:
    """What somebody may look at has an address of its own, apart from where a platform's requests come in."""
    plain = Settings.read({"HOME": "/h", "ONWARD_DISCORD__TOKEN": "t"})
    assert (plain.platforms, plain.listen, plain.metrics_listen) == (("discord",), None, None)
    told = Settings.read({"HOME": "/h", "ONWARD_HTTP__METRICS_LISTEN": "0.0.0.0:9090", "ONWARD_LOG_FORMAT": "JSON"})
    assert (told.listen, told.metrics_listen, told.log_format) == (None, ("0.0.0.0", 9090), "json")  # noqa: S104 - as set
    assert set(FORMATS) == set(FORMS)


def test_a_flag_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path from the command line is meant from where one stands."""
    monkeypatch.chdir(tmp_path)
    settings = Settings.read({"ONWARD_DATABASE_URL": "postgresql+asyncpg://host/db"}, database=Path("my.db"))
    assert settings.database_file == tmp_path / "my.db"


def test_slack_is_set_with_two_tokens_or_as_an_app_for_many_workspaces() -> None:
    """Nothing of it is wanted when nothing is set."""
    plain = Settings.read({"HOME": "/h", "ONWARD_SLACK__TOKEN": " xoxb-1 ", "ONWARD_SLACK__APP_TOKEN": "xapp-1"})
    assert (plain.slack.token, plain.slack.app_token, plain.slack.wanted) == ("xoxb-1", "xapp-1", True)
    assert plain.slack.api_url == "https://slack.com/api"
    assert plain.listen is None
    client = {"ONWARD_SLACK__CLIENT_ID": "1.2", "ONWARD_SLACK__CLIENT_SECRET": "s"}
    listen = {"ONWARD_HTTP__LISTEN": "[::1]:9000"}
    many = Settings.read({"HOME": "/h", **client, "ONWARD_SLACK__SIGNING_SECRET": "x", **listen})
    assert many.slack.wanted
    assert many.listen == ("::1", 9000)
    assert Settings.read({"HOME": "/h", **client, "ONWARD_SLACK__SIGNING_SECRET": "x"}).listen == ("127.0.0.1", 8080)
    assert not Settings.read({"HOME": "/h"}).slack.wanted
    assert "xoxb" not in repr(plain)


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({"ONWARD_COLOUR": "red"}, "ONWARD_COLOUR is no setting of Onward"),
        ({"ONWARD_KEEP_DAYS": "7"}, "ONWARD_KEEP_DAYS is '7'; it has to be 30 or more days, or 0 for never."),
        ({"ONWARD_KEEP_DAYS": "long"}, "ONWARD_KEEP_DAYS is 'long'"),
        ({"ONWARD_OLD_KEYS": "ab"}, "ONWARD_OLD_KEYS needs ONWARD_KEY: the key that takes their place."),
        ({"ONWARD_LOG_LEVEL": "loud"}, "ONWARD_LOG_LEVEL is 'loud'; it can be debug, info, warning, error."),
        ({"ONWARD_LOG_FORMAT": "xml"}, "ONWARD_LOG_FORMAT is 'xml'; it can be text, json."),
        ({"ONWARD_DATABASE_URL": "mysql://host/db"}, "ONWARD_DATABASE_URL has to begin with sqlite"),
        ({"ONWARD_DISCORD__SHARDS": "two"}, "ONWARD_DISCORD__SHARDS is 'two'; it has to be a whole number."),
        ({"ONWARD_DISCORD__SHARDS": "0"}, "ONWARD_DISCORD__SHARDS is 0; it has to be 1 or more."),
        ({"ONWARD_DISCORD__SHARD_IDS": "0"}, "ONWARD_DISCORD__SHARD_IDS names shards from 0 on, and needs"),
        (
            {"ONWARD_DISCORD__SHARDS": "2", "ONWARD_DISCORD__SHARD_IDS": "2"},
            "ONWARD_DISCORD__SHARD_IDS names shards from 0 on, and needs",
        ),
        (
            {"ONWARD_DISCORD__SHARDS": "2", "ONWARD_DISCORD__SHARD_IDS": "0;1"},
            "ONWARD_DISCORD__SHARD_IDS is '0;1'; it has to be a whole number, or several with commas.",
        ),
        ({"ONWARD_SLACK__TOKEN": "xoxb-1"}, "ONWARD_SLACK__TOKEN alone brings nothing in"),
        ({"ONWARD_SLACK__APP_TOKEN": "xapp-1"}, "ONWARD_SLACK__TOKEN is missing"),
        ({"ONWARD_SLACK__CLIENT_ID": "1.2"}, "ONWARD_SLACK__CLIENT_ID and ONWARD_SLACK__CLIENT_SECRET belong together"),
        (
            {"ONWARD_SLACK__CLIENT_ID": "1.2", "ONWARD_SLACK__CLIENT_SECRET": "s"},
            "ONWARD_SLACK__CLIENT_ID needs ONWARD_SLACK__SIGNING_SECRET",
        ),
        (
            {"ONWARD_SLACK__CLIENT_ID": "1.2", "ONWARD_SLACK__CLIENT_SECRET": "s", "ONWARD_SLACK__TOKEN": "xoxb-1"},
            "ONWARD_SLACK__TOKEN is for one workspace, ONWARD_SLACK__CLIENT_ID for many",
        ),
        ({"ONWARD_X\nY": "1"}, "ONWARD_X Y is no setting of Onward"),
        ({"ONWARD_DISCORD__SHARDS": "9" * 5000}, "ONWARD_DISCORD__SHARDS is '999"),
        ({"ONWARD_HTTP__LISTEN": f"x:{'9' * 5000}"}, "ONWARD_HTTP__LISTEN is 'x:999"),
        ({"ONWARD_HTTP__LISTEN": "8080"}, "ONWARD_HTTP__LISTEN is '8080'; it has to look like 127.0.0.1:8080."),
        ({"ONWARD_HTTP__METRICS_LISTEN": "9090"}, "ONWARD_HTTP__METRICS_LISTEN is '9090'; it has to look like 127."),
        ({"ONWARD_HTTP__LISTEN": "127.0.0.1:80800"}, "ONWARD_HTTP__LISTEN is '127.0.0.1:80800'; it has to look"),
        ({"ONWARD_SLACK__API_URL": "slack.com"}, "ONWARD_SLACK__API_URL is 'slack.com'; it has to begin with"),
        ({"ONWARD_DISCORD__API_URL": "discord.com"}, "ONWARD_DISCORD__API_URL is 'discord.com'; it has to begin with"),
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
    shown = repr(
        Settings.read(
            {
                "ONWARD_KEY": "k3y",
                "ONWARD_DISCORD__TOKEN": "t0k",
                "ONWARD_DATABASE_URL": "postgresql+asyncpg://me:pw@host/db",
            }
        )
    )
    assert "k3y" not in shown
    assert "t0k" not in shown
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
