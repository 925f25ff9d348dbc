"""What a platform says about how the bot is set up there, and how far its clock is from ours."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from dialogs.private import Private


class Findings(Private, frozen=True):
    """What was found.

    told: what is good, line by line. links: where the bot is added. wrong: what has to be mended, each with how.
    ahead: by how many seconds this machine's clock is ahead of the platform's, None when nothing was asked.
    """

    told: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    ahead: float | None = None

    @property
    def lines(self) -> tuple[str, ...]:
        """Everything that there is to read."""
        return (*self.told, *self.links, *self.wrong)

    @property
    def good(self) -> bool:
        """Whether nothing has to be mended."""
        return not self.wrong


def seconds_ahead(date: str | None, now: datetime) -> float | None:
    """Return by how much this machine's clock is ahead of the one that wrote a Date header; None without one."""
    try:
        then = parsedate_to_datetime(date or "")
    except ValueError:
        return None
    # Without a zone it is in UTC, as the header always is.
    return (now - (then if then.tzinfo else then.replace(tzinfo=UTC))).total_seconds()
