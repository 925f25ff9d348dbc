"""What every platform that serves many people needs of the application."""

from collections.abc import Mapping
from typing import Protocol

from adapters.communities import Communities
from adapters.members import Members
from adapters.port import Arrival, Outcome


class Host(Protocol):
    """The application, as a platform sees it."""

    @property
    def communities(self) -> Communities:
        """How communities have set the bot up."""
        ...

    @property
    def members(self) -> Members:
        """What takes what members of communities do with each other."""
        ...

    async def take(self, arrival: Arrival) -> Outcome:
        """Return when the arrival's turn is committed, and what became of it."""
        ...

    async def cursors(self) -> Mapping[str, str]:
        """Return where reading goes on for each person."""
        ...

    def connected(self) -> None:
        """Take note of a new connection."""
        ...

    def caught_up(self, lines: int, *, whole: bool) -> None:
        """Take note of a channel that was read on: how many new lines were in it, and whether it was read whole."""
        ...
