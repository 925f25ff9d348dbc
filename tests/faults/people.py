"""Fifty people who each walk a fixed way through the dialog, and note what they are told."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

CROWD = 50

# "> a line", "* a tap", "- a line that is heard without a new question"
TAPPER = (
    "> i got rejected",
    "* evening",
    "- letter {n} was the worst",
    "- and nobody explained it",
    "* ready",
    "* 4",
    "* say_it",
    "* funny",
    "* thats_all",
    "* final",
    "* dont_know",
    "* 3",
    "* interview",
    "* write",
)
WRITER = (
    "> rejected by Stark as a junior welder",
    "* straight_on",
    "* 4",
    "> they turned down form {n}",
    "* keep_going",
    "* thats_all",
    "* final",
    "> that i get up at {n} past four",
    "* 3",
    "* experience",
    "* waiting",
    "* a_few",
    "> the truth",
)


WAITER = TAPPER[:4]
"""Says a few things in the evening, and is waited for until the next morning."""


class Someone(Protocol):
    """Whoever a platform has to do with."""

    name: str

    @property
    def done(self) -> bool:
        """Whether nothing is left for them to do."""
        ...

    def event(self) -> dict[str, Any] | None:
        """Return the next thing that they do when its time has come."""
        ...

    def unacknowledged(self) -> dict[str, Any] | None:
        """Return what they did that is on its way."""
        ...

    def again(self, event: dict[str, Any]) -> dict[str, Any]:
        """Return what happens when a process has died with an event that it has not acknowledged."""
        ...

    def acknowledge(self, event_id: str, shown: dict[str, Any] | None) -> bool:
        """Take note of an acknowledgement; return whether it is news."""
        ...

    def hear(self, letter: dict[str, Any]) -> Sequence["Someone"]:
        """Take note of what was delivered; return who may have something to do now."""
        ...


@dataclass
class Person:
    """One person: sends the next event when the one before is acknowledged and the question to tap on is there."""

    name: str
    script: tuple[str, ...]
    told: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    sent: int = 0
    acknowledged: int = 0
    asked: int = 0

    @property
    def done(self) -> bool:
        """Whether the whole script is acknowledged."""
        return self.acknowledged == len(self.script)

    def event(self) -> dict[str, Any] | None:
        """Return the next event when its time has come."""
        if self.done or self.sent > self.acknowledged:
            return None
        if self.script[self.sent][0] == "*" and self.asked < self._question(self.sent):
            return None
        self.sent += 1
        return self.unacknowledged()

    def unacknowledged(self) -> dict[str, Any] | None:
        """Return the event that is on its way, the same with the same id each time."""
        if self.sent == self.acknowledged:
            return None
        number = self.sent - 1
        kind, _, text = self.script[number].partition(" ")
        event: dict[str, Any] = {"id": f"{self.name}/{number}", "person": self.name}
        return event | ({"tap": text, "asked": self._question(number)} if kind == "*" else {"text": text})

    def _question(self, number: int) -> int:
        """Return the number of the question that is open when an event happens: all before it asked one, but for -."""
        return sum(line[0] != "-" for line in self.script[:number])

    def again(self, event: dict[str, Any]) -> dict[str, Any]:
        """Return the same: the platform hands it over again."""
        return event

    def acknowledge(self, event_id: str, _shown: dict[str, Any] | None = None) -> bool:
        """Take note of an acknowledgement; return whether it is news."""
        if event_id != f"{self.name}/{self.acknowledged}":
            return False
        self.acknowledged += 1
        return True

    def hear(self, letter: dict[str, Any]) -> tuple["Person"]:
        """Take note of what was delivered; return who may have something to do now."""
        self.told.append((letter["text"], tuple(letter["keys"])))
        self.asked = letter["asked"] or self.asked
        return (self,)


def person(number: int, name: str = "") -> Person:
    """Return somebody who says what nobody else with another number says. name: "lines:" and the number if not told."""
    script = tuple(line.format(n=number) for line in (WRITER if number % 2 else TAPPER))
    return Person(name or f"lines:{number}", script)


def crowd() -> dict[str, Person]:
    """Return the people by name."""
    return {one.name: one for one in map(person, range(CROWD))}
