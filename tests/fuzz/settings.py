"""Environments that nobody would set."""

from pathlib import Path
from random import Random

from bot.settings import NAMES, Settings, SettingsError, data_folder
from tests.fuzz import mutators
from tests.fuzz.target import Made, Target, declared, holds
from tests.fuzz.texts import nasty

GOOD = {
    "ONWARD_DATABASE_URL": "sqlite+aiosqlite:////tmp/onward.db",
    "ONWARD_KEY": "00" * 32,
    "ONWARD_LOG_LEVEL": "INFO",
    "ONWARD_LOG_FORMAT": "json",
    "ONWARD_DISCORD__TOKEN": "t",
    "ONWARD_DISCORD__SHARDS": "4",
    "ONWARD_DISCORD__SHARD_IDS": "0, 3",
    "ONWARD_DISCORD__API_URL": "https://discord.test/api/",
    "ONWARD_SLACK__TOKEN": "xoxb-1",
    "ONWARD_SLACK__APP_TOKEN": "xapp-1",
    "ONWARD_SLACK__SIGNING_SECRET": "s",
    "ONWARD_SLACK__CLIENT_ID": "1.2",
    "ONWARD_SLACK__CLIENT_SECRET": "c",
    "ONWARD_SLACK__API_URL": "http://localhost:1",
    "ONWARD_HTTP__LISTEN": "[::1]:9000",
    "ONWARD_HTTP__METRICS_LISTEN": "0.0.0.0:9090",
}
OTHERS = ("HOME", "XDG_DATA_HOME", "LOCALAPPDATA", "ONWARD_TEST_KILLS", "PATH")
PLATFORMS = ("linux", "darwin", "win32")


class Environments(Target):
    """An environment makes settings, or one sentence that says which of them is wrong."""

    name = "settings"

    def make(self, random: Random) -> Made:
        """Return a few settings, some of them wrong, the path of a flag, and a system."""
        environ = {"HOME": "/home/ann"}
        for name in random.sample(NAMES, random.randint(0, 6)):
            good = GOOD.get(name, "")
            environ[name] = random.choice((good, good, "", mutators.text(random, good), nasty(random)))
        if random.random() < 0.3:
            environ[random.choice(OTHERS)] = nasty(random)
        if random.random() < 0.1:
            environ[mutators.text(random, random.choice(NAMES))] = nasty(random)
        return [environ, nasty(random) if random.random() < 0.1 else None, random.choice(PLATFORMS)]

    def check(self, made: Made) -> None:
        """Check what an environment means."""
        environ, flag, system = made
        declared(data_folder(environ, system), Path)
        try:
            settings = Settings.read(environ, database=Path(flag) if flag is not None else None)
        except SettingsError as error:
            told = str(error)
            holds(len(told.splitlines()) == 1, "a mistake is told in more than one line")
            self.reached.add(next((name for name in NAMES if told.startswith(name)), "an unknown one"))
            return
        self.reached.add("settings")
        holds(settings.log_level == settings.log_level.lower(), "a level is no level of logs")
        holds(settings.discord.shards is None or settings.discord.shards > 0, "there are no shards")
        for listen in (settings.listen, settings.metrics_listen):
            holds(listen is None or 0 <= listen[1] < 1 << 16, "a port is none")
        told = repr(settings)
        for secret in ("ONWARD_KEY", "ONWARD_SLACK__SIGNING_SECRET", "ONWARD_DISCORD__TOKEN"):
            given = environ.get(secret, "").strip()
            holds(len(given) < 20 or given not in told, "a secret shows")
