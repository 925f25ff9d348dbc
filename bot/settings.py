"""Every setting of Onward, on one page. Each comes from the environment; a flag, where there is one, wins.

ONWARD_DATABASE_URL   where journeys are kept; a file in the user's data folder when it is not set. Flag: --db PATH
ONWARD_KEY            the key that everything stored is sealed with, 32 bytes as base64 or hex; a file beside the
                      database, made on first use, when it is not set
ONWARD_OLD_KEYS       earlier keys, with commas between them, while `onward keys rotate` changes to another one
ONWARD_KEEP_DAYS      so many days after somebody's last word it is announced that everything of them is erased, and
                      14 days later it is; 180 when it is not set, 0 for never
ONWARD_LOG_LEVEL      debug, info, warning (the default), error
ONWARD_LOG_FORMAT     text (the default), or json: one object a line

ONWARD_DISCORD__TOKEN      the token of the bot; with it, `onward run` serves Discord
ONWARD_DISCORD__SHARDS     into how many shards the bot is split; as many as Discord suggests when it is not set
ONWARD_DISCORD__SHARD_IDS  which of them this process serves, like 0,1; all when it is not set
ONWARD_DISCORD__API_URL    where Discord's API is; Discord's own when it is not set

ONWARD_SLACK__TOKEN           the bot token (xoxb-) of one workspace; with it, `onward run` serves Slack
ONWARD_SLACK__APP_TOKEN       the app-level token (xapp-): everything comes in over Socket Mode
ONWARD_SLACK__SIGNING_SECRET  instead of it, or beside it: everything comes in over HTTP
ONWARD_SLACK__CLIENT_ID       with the secret, and without a token: many workspaces, which add the app themselves
ONWARD_SLACK__CLIENT_SECRET   (at /slack/install)
ONWARD_SLACK__API_URL         where Slack's API is; Slack's own when it is not set

ONWARD_HTTP__LISTEN          where Slack's requests are taken, and where /healthz and /readyz are; when it is not set,
                             127.0.0.1:8080 where Slack comes in over HTTP, and nowhere otherwise
ONWARD_HTTP__METRICS_LISTEN  where /metrics is, with /healthz and /readyz beside it; nowhere when it is not set
"""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

NAMES = (
    "ONWARD_DATABASE_URL",
    "ONWARD_KEY",
    "ONWARD_OLD_KEYS",
    "ONWARD_KEEP_DAYS",
    "ONWARD_LOG_LEVEL",
    "ONWARD_LOG_FORMAT",
    "ONWARD_DISCORD__TOKEN",
    "ONWARD_DISCORD__SHARDS",
    "ONWARD_DISCORD__SHARD_IDS",
    "ONWARD_DISCORD__API_URL",
    "ONWARD_SLACK__TOKEN",
    "ONWARD_SLACK__APP_TOKEN",
    "ONWARD_SLACK__SIGNING_SECRET",
    "ONWARD_SLACK__CLIENT_ID",
    "ONWARD_SLACK__CLIENT_SECRET",
    "ONWARD_SLACK__API_URL",
    "ONWARD_HTTP__LISTEN",
    "ONWARD_HTTP__METRICS_LISTEN",
)
DISCORD = "https://discord.com/api"
SLACK = "https://slack.com/api"
LISTEN = "127.0.0.1:8080"
LAST_PORT = 65535
KEEP_DAYS, FEWEST_DAYS = 180, 30
"""How long something is kept, and the shortest time that can be set: check-ins and feedback take weeks."""

LEVELS = ("debug", "info", "warning", "error")
FORMATS = ("text", "json")
DATABASES = ("sqlite+aiosqlite:///", "postgresql+asyncpg://")


class SettingsError(Exception):
    """A setting is unknown or has a value that cannot be. The message is one sentence that names it."""


@dataclass(frozen=True)
class DiscordSettings:
    """The settings of Discord. Without a token it is not served."""

    token: str = field(default="", repr=False)
    api_url: str = DISCORD
    shards: int | None = None
    shard_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class SlackSettings:
    """The settings of Slack. Without a token, and without a client, it is not served."""

    token: str = field(default="", repr=False)
    app_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    api_url: str = SLACK

    @property
    def wanted(self) -> bool:
        """Whether Slack is to be served."""
        return bool(self.token or self.client_id)


@dataclass(frozen=True)
class Settings:
    """What can be set, with everything filled in."""

    database_url: str = field(repr=False)  # it may hold a password
    key: str = field(repr=False)
    log_level: str
    old_keys: tuple[str, ...] = field(default=(), repr=False)
    keep_days: int = KEEP_DAYS
    folder: Path | None = None
    """The user's data folder, when the database is kept there: it is made when it is needed."""
    discord: DiscordSettings = DiscordSettings()
    slack: SlackSettings = SlackSettings()
    log_format: str = FORMATS[0]
    listen: tuple[str, int] | None = None
    """Host and port of HTTP, None where nothing is served."""
    metrics_listen: tuple[str, int] | None = None
    """Host and port of the metrics, likewise."""

    @property
    def platforms(self) -> tuple[str, ...]:
        """The names of the platforms that are to be served."""
        wanted = {"discord": bool(self.discord.token), "slack": self.slack.wanted}
        return tuple(name for name, one in wanted.items() if one)

    @classmethod
    def read(cls, environ: Mapping[str, str], *, database: Path | None = None) -> "Settings":
        """Return the settings of an environment and flags. Raises SettingsError."""
        for name in unknown(environ):
            msg = f"{' '.join(name.split())} is no setting of Onward; there are {', '.join(NAMES)}."
            raise SettingsError(msg)
        told = f"{DATABASES[0]}{database.absolute()}" if database else environ.get("ONWARD_DATABASE_URL", "")
        folder = None if told else data_folder(environ)
        return cls(
            database_url=_database_url(told or f"{DATABASES[0]}{data_folder(environ) / 'onward.db'}"),
            key=environ.get("ONWARD_KEY", ""),
            log_level=_one_of("ONWARD_LOG_LEVEL", environ.get("ONWARD_LOG_LEVEL", "") or "warning", LEVELS),
            log_format=_one_of("ONWARD_LOG_FORMAT", environ.get("ONWARD_LOG_FORMAT", "") or FORMATS[0], FORMATS),
            old_keys=_old_keys(environ),
            keep_days=_keep_days(environ.get("ONWARD_KEEP_DAYS", "") or str(KEEP_DAYS)),
            folder=folder,
            discord=_discord(environ),
            slack=(slack := _slack(environ)),
            listen=_listen(environ, "ONWARD_HTTP__LISTEN", LISTEN if slack.signing_secret else ""),
            metrics_listen=_listen(environ, "ONWARD_HTTP__METRICS_LISTEN"),
        )

    @property
    def database_file(self) -> Path | None:
        """The SQLite file, or None for another database."""
        prefix = DATABASES[0]
        return Path(self.database_url.removeprefix(prefix)) if self.database_url.startswith(prefix) else None


def unknown(environ: Mapping[str, str]) -> list[str]:
    """Return the names that look like settings and are none, in their order."""
    ours = (name for name in sorted(environ) if name.startswith("ONWARD_") and not name.startswith("ONWARD_TEST_"))
    return [name for name in ours if name not in NAMES]


def _old_keys(environ: Mapping[str, str]) -> tuple[str, ...]:
    told = tuple(part.strip() for part in environ.get("ONWARD_OLD_KEYS", "").split(",") if part.strip())
    if told and not environ.get("ONWARD_KEY"):
        msg = "ONWARD_OLD_KEYS needs ONWARD_KEY: the key that takes their place."
        raise SettingsError(msg)
    return told


def _keep_days(told: str) -> int:
    if not told.isdecimal() or len(told) > len("36500") or 0 < int(told) < FEWEST_DAYS:
        msg = f"ONWARD_KEEP_DAYS is {told!r}; it has to be {FEWEST_DAYS} or more days, or 0 for never."
        raise SettingsError(msg)
    return int(told)


def _database_url(url: str) -> str:
    if not url.startswith(DATABASES):
        msg = f"ONWARD_DATABASE_URL has to begin with {' or '.join(DATABASES)}."
        raise SettingsError(msg)
    return url


def _discord(environ: Mapping[str, str]) -> DiscordSettings:
    def number(name: str, text: str) -> int:
        if not text.strip().isdecimal() or len(text.strip()) > len("99999"):
            msg = (
                f"{name} is {text!r}; it has to be a whole number{', or several with commas' if 'IDS' in name else ''}."
            )
            raise SettingsError(msg)
        return int(text)

    count, some = environ.get("ONWARD_DISCORD__SHARDS", ""), environ.get("ONWARD_DISCORD__SHARD_IDS", "")
    shards = number("ONWARD_DISCORD__SHARDS", count) if count else None
    shard_ids = tuple(number("ONWARD_DISCORD__SHARD_IDS", one) for one in some.split(",")) if some else ()
    if shard_ids and (shards is None or max(shard_ids) >= shards):
        msg = "ONWARD_DISCORD__SHARD_IDS names shards from 0 on, and needs ONWARD_DISCORD__SHARDS: how many there are."
        raise SettingsError(msg)
    if shards == 0:
        msg = "ONWARD_DISCORD__SHARDS is 0; it has to be 1 or more."
        raise SettingsError(msg)
    url = _address(environ, "ONWARD_DISCORD__API_URL", DISCORD)
    return DiscordSettings(environ.get("ONWARD_DISCORD__TOKEN", "").strip(), url, shards, shard_ids)


def _address(environ: Mapping[str, str], name: str, default: str) -> str:
    url = environ.get(name, "") or default
    if not url.startswith(("https://", "http://")):
        msg = f"{name} is {url!r}; it has to begin with https:// or http://."
        raise SettingsError(msg)
    return url.rstrip("/")


def _slack(environ: Mapping[str, str]) -> SlackSettings:
    def told(name: str) -> str:
        return environ.get(f"ONWARD_SLACK__{name}", "").strip()

    found = SlackSettings(
        token=told("TOKEN"),
        app_token=told("APP_TOKEN"),
        signing_secret=told("SIGNING_SECRET"),
        client_id=told("CLIENT_ID"),
        client_secret=told("CLIENT_SECRET"),
        api_url=_address(environ, "ONWARD_SLACK__API_URL", SLACK),
    )
    msg = ""
    if bool(found.client_id) != bool(found.client_secret):
        msg = "ONWARD_SLACK__CLIENT_ID and ONWARD_SLACK__CLIENT_SECRET belong together: set both, or none."
    elif found.token and found.client_id:
        msg = "ONWARD_SLACK__TOKEN is for one workspace, ONWARD_SLACK__CLIENT_ID for many: set one of them."
    elif found.client_id and not found.signing_secret:
        msg = "ONWARD_SLACK__CLIENT_ID needs ONWARD_SLACK__SIGNING_SECRET: workspaces add the app over HTTP."
    elif found.token and not (found.app_token or found.signing_secret):
        msg = (
            "ONWARD_SLACK__TOKEN alone brings nothing in: set ONWARD_SLACK__APP_TOKEN (Socket Mode), "
            "or ONWARD_SLACK__SIGNING_SECRET (HTTP)."
        )
    elif (found.app_token or found.signing_secret) and not found.wanted:
        msg = "ONWARD_SLACK__TOKEN is missing: it is the bot token of the workspace (xoxb-)."
    if msg:
        raise SettingsError(msg)
    return found


def _listen(environ: Mapping[str, str], name: str, default: str = "") -> tuple[str, int] | None:
    told = environ.get(name, "") or default
    if not told:
        return None
    host, _, port = told.rpartition(":")
    if not host or not port.isdecimal() or len(port) > len(str(LAST_PORT)) or int(port) > LAST_PORT:
        msg = f"{name} is {told!r}; it has to look like {LISTEN}."
        raise SettingsError(msg)
    return host.strip("[]"), int(port)


def _one_of(name: str, told: str, known: Sequence[str]) -> str:
    if told.lower() not in known:
        msg = f"{name} is {told!r}; it can be {', '.join(known)}."
        raise SettingsError(msg)
    return told.lower()


def data_folder(environ: Mapping[str, str], platform: str = sys.platform) -> Path:
    """Return the folder where this system keeps a user's data of Onward."""
    home = Path(environ.get("HOME") or os.path.expanduser("~"))  # noqa: PTH111 - Path.home raises where this does not
    if platform == "darwin":
        return home / "Library" / "Application Support" / "onward"
    if platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "onward"
    return Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "onward"
