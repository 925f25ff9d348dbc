"""What the application expects of a platform, and what the two hand each other."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from dialogs.events import Event
from dialogs.private import Private
from dialogs.replies import Reply

DIRECT = "dm/"
"""The address of somebody's direct messages, on every platform. Where they were heard last may be gone soon."""


class Arrival(Private, frozen=True):
    """Something that came in from a platform, or from time itself.

    id: the platform's own id of the event, the same when it is delivered again. person: "platform:account", which is
    how a person is known everywhere. address: where replies to it go, in the platform's terms ("" keeps the last one).
    cursor: where the platform goes on reading after downtime, when this was a message that could be read again.
    place: where the person is, as `dialogs.place` takes it, from a platform that knows. at: when it happened, if the
    platform says so and it is to be used instead of the clock.
    """

    id: str
    person: str
    event: Event
    address: str = ""
    cursor: str = ""
    place: Mapping[str, str] = {}
    at: datetime | None = None


class Outcome(Private, frozen=True):
    """What became of an arrival: whether it was the first time that it came, and which question is open after it."""

    fresh: bool
    asked: int = 0


SEEN_BEFORE = Outcome(fresh=False)


class Letter(Private, frozen=True):
    """A reply on its way to a person. `id` is given by the outbox; it orders a person's letters and is the nonce.

    again: whether it may have arrived already: an earlier try failed, or an earlier run has left it.
    """

    id: int
    person: str
    address: str
    reply: Reply
    again: bool = False


class PlatformError(Exception):
    """A platform cannot be served. The message is one sentence that says why and what to do."""


class Trouble(StrEnum):
    """What kept a delivery from succeeding, as it is counted: a kind, and nothing of what was sent or answered."""

    LIMIT = "limit"  # the platform asked to slow down
    FAULT = "fault"  # the platform broke
    NETWORK = "network"  # no answer, or one that was cut off
    ACCESS = "access"  # the token or its permissions: whoever hosts the bot has to mend it
    GONE = "gone"  # there is no such account, channel or workspace any more
    SHUT = "shut"  # somebody lets nothing in there
    OTHER = "other"


class TryLaterError(Exception):
    """A delivery failed for now. `after` is how many seconds the platform asked to wait, None when it did not say."""

    def __init__(self, reason: str, after: float | None = None, kind: Trouble = Trouble.OTHER) -> None:
        """Keep the reason (no words of a person in it), the wait, and the kind for those who count."""
        super().__init__(reason)
        self.after = after
        self.kind = kind


class UndeliverableError(Exception):
    """A delivery can never succeed: the person or the channel is gone. The message says why, without any words."""

    def __init__(self, reason: str, kind: Trouble = Trouble.GONE) -> None:
        """Keep the reason (no words of a person in it), and the kind for those who count."""
        super().__init__(reason)
        self.kind = kind


class Platform(Protocol):
    """One platform, as the dispatcher sees it. `name` is the part of `Arrival.person` before the colon."""

    name: str

    async def deliver(self, letter: Letter) -> str:
        """Deliver one letter; the platform drops a second one with the same id where it can.

        Return its receipt, by which the platform finds the message again, for a letter into a channel or a room; "" for
        any other. Raises TryLaterError or UndeliverableError.
        """
        ...
