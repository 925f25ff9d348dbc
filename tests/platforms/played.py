"""A transcript, played by a person on a platform."""

from abc import ABC, abstractmethod
from typing import Any

from tests.conversations.script import Beat, duration

Shown = tuple[str, tuple[str, ...]]
"""What is read in a message, and the labels of what can be chosen in it."""


class Played(ABC):
    """One person's conversation in the direct messages."""

    def __init__(self, bot: Any, person: Any) -> None:  # noqa: ANN401 - those of a platform
        """Begin with a stranger."""
        self._bot = bot
        self._person = person
        self._seen = 0

    async def play(self, beat: Beat) -> list[Shown]:
        """Let one beat happen, and return what is new on the screen."""
        match beat.kind:
            case "~":
                await self._travel(beat)
            case ">":
                await self._bot.took(await self._person.writes(beat.text))
            case "*":
                await self.tap(beat.text)
            case _:
                await self.command(*beat.text.split(" ", 1))
        new = self._person.sees()[self._seen :]
        self._seen += len(new)
        return [self.shown(message) for message in new]

    @abstractmethod
    async def tap(self, choice: str) -> None:
        """Choose."""

    @abstractmethod
    async def command(self, name: str, argument: str = "") -> None:
        """Use a command, or send what the dialog hears as one."""

    @abstractmethod
    def shown(self, message: Any) -> Shown:  # noqa: ANN401 - that of a platform
        """Return what is read in a message."""

    async def _travel(self, beat: Beat) -> None:
        bot = self._bot
        until = bot.clock.now() + duration(beat.text)
        while due := await bot.app.scheduler.next_due(until):
            bot.clock.move_to(due)
            await bot.app.scheduler.fire_due(bot.clock.now())
        bot.clock.move_to(until)
        await bot.settled()
