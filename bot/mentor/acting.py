"""One act about mentoring on its way, as those functions get it that do it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.members import Deed
from dialogs.introducing import Board
from dialogs.mentoring import Introduction
from dialogs.mentoring_pages import Pages
from dialogs.replies import Reply
from dialogs.steps import Step
from storage.mentoring import Mentoring

LONGEST_NUMBER = 19
"""A number with so many digits may be none that the database has."""


@dataclass(frozen=True, repr=False)
class Acting:
    """One act: it belongs to one transaction.

    board: what there is in the community, which the act changes. stored: what else is kept of it. rest: what the act is
    about within the community. sought: when they looked for a mentor, on the last day. letters: what is sent beyond
    what the board has to tell.
    """

    board: Board
    stored: Mentoring
    pages: Pages
    deed: Deed
    rest: str
    sought: list[datetime]
    letters: list[tuple[str, str, Reply]] = field(default_factory=list)

    @property
    def me(self) -> str:
        """Whoever does it."""
        return self.deed.member.person

    @property
    def number(self) -> int:
        """The number that it is about, 0 (which nothing has) when it is about none."""
        number = self.rest.partition(".")[0]
        return int(number) if number.isdecimal() and len(number) < LONGEST_NUMBER else 0

    @property
    def detail(self) -> str:
        """What stands behind the number."""
        return self.rest.partition(".")[2]

    def refused(self, *, mentoring: bool = False) -> Reply | None:
        """Return why somebody takes no part here, None when they may. mentoring: as a mentor."""
        if not self.board.on:
            return self.pages.line("off")
        if self.me in self.board.barred:
            return self.pages.line("barred")
        if self.deed.journey.step is Step.STOPPED:
            return self.pages.line("silent")
        return self.pages.line("not_a_mentor") if mentoring and not self.deed.member.mentor else None

    def allowed(self, move: str) -> Introduction | None:
        """Return the introduction that it is about, None when this is not for this person to do, or is over."""
        return self.board.may(move, self.me, self.number)

    def over(self) -> Reply:
        """Return that there is nothing (left) to be done, and where to look."""
        return self.pages.line("over", self.pages.press("mine"))


Doing = Callable[[Acting], Awaitable[Reply]]
"""Does an act, and returns what is shown."""
