"""errbot: a plugin with its shelf, and a backend that is fed by us. Errbot loads both from copies of this file."""

import asyncio
import dbm
import logging
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

from errbot import BotPlugin, botcmd, re_botcmd
from errbot.backends import text
from errbot.backends.base import Message
from errbot.bootstrap import setup_bot
from errbot.core import ErrBot

from tests.benchmarks.peers.conversation import GREETING, QUESTIONS, Kind, closing, time

CORE = (
    "ACLs",
    "Backup",
    "ChatRoom",
    "CommandNotFoundFilter",
    "Flows",
    "Health",
    "Help",
    "Plugins",
    "TextCmds",
    "Utils",
)
"""What errbot loads by itself, without what looks for a newer version on the network."""
PLUG = "[Core]\nName = {name}\nModule = {module}\n[Python]\nVersion = 3\n"


class Interview(BotPlugin):
    """The conversation. What each person said is in the plugin's shelf."""

    @botcmd(name=GREETING)
    def start(self, message: Message, _args: str) -> str:
        """Ask the first question."""
        self[message.frm.person] = {}
        return QUESTIONS[0]

    @re_botcmd(pattern=r"^.+$", prefixed=False)
    def answer(self, message: Message, _match: object) -> str:
        """Keep the answer, and ask the next question."""
        with self.mutable(message.frm.person) as answers:
            number = len(answers)
            answers[f"answer_{number}"] = message.body
        return QUESTIONS[number + 1] if number + 1 < len(QUESTIONS) else closing(answers)


class Feeding(text.TextBackend):
    """The terminal's backend, but fed by us; it wakes whoever waits for an answer instead of printing it."""

    def __init__(self, config: object) -> None:
        """Begin with nobody waiting."""
        super().__init__(config)
        self.waiting: dict[str, asyncio.Future[str]] = {}

    def send_message(self, msg: Message) -> None:
        """Take an answer, in the thread in which the command ran."""
        ErrBot.send_message(self, msg)
        waiting = self.waiting.get(msg.to.person)
        if waiting is not None:
            waiting.get_loop().call_soon_threadsafe(waiting.set_result, msg.body)

    async def say(self, person: int, line: str) -> str:
        """Hand in a line, and wait for the answer."""
        message = Message(f"!{line}" if line == GREETING else line)
        message.frm, message.to = self.build_identifier(f"@{person}"), self.bot_identifier
        answered = self.waiting[message.frm.person] = asyncio.get_running_loop().create_future()
        self.callback_message(message)
        return await answered


def built(folder: Path) -> Feeding:
    """Return a bot with its default settings."""
    for part, name in (("backend", "Feeding"), ("plugin", "Interview")):
        (folder / part).mkdir(parents=True)
        shutil.copy(__file__, folder / part / f"{part}.py")
        (folder / part / f"{part}.plug").write_text(PLUG.format(name=name, module=part))
    (folder / "data").mkdir()
    config = SimpleNamespace(
        BOT_DATA_DIR=str(folder / "data"),
        BOT_EXTRA_BACKEND_DIR=str(folder / "backend"),
        BOT_EXTRA_PLUGIN_DIR=str(folder / "plugin"),
        BOT_IDENTITY={"username": "@bot"},
        BOT_ADMINS=("@admin",),
        BOT_LOG_LEVEL=logging.WARNING,
        CORE_PLUGINS=CORE,
    )
    bot: Feeding = setup_bot("Feeding", logging.getLogger(), config)
    bot.connect_callback()
    return bot


async def measure(folder: Path) -> None:
    """Time it with one in flight and with 64, of which 10 threads run as many as errbot does.

    Python may have no other store than dbm.dumb. It writes its index when it is closed: what was said before a crash
    cannot be read after it. And threads that write at the same time tear each other's values, so that people are
    answered with errors.
    """
    bot = built(folder)
    with dbm.open(str(folder / "which"), "n") as opened:
        store = type(opened).__module__
    whole = store != "dbm.dumb"
    note = f"shelf in {store}" + (
        "" if whole else ", whose index is written when it is closed; not for several at once"
    )
    kind = Kind("errbot, shelf", persists_each_turn=whole, durable=False, note=note)
    await time(kind, bot.say, 1)
    if whole:
        await time(kind, bot.say, 64)
    bot.disconnect_callback()


if __name__ == "__main__":
    asyncio.run(measure(Path(sys.argv[1])))
