"""Who somebody is in a workspace, as Slack says at that moment: an admin, a mentor, a moderator, or a stranger."""

import logging
from collections.abc import Callable
from typing import Generic, TypeVar

from adapters.slack import parse
from adapters.slack.admins import belongs, called, manages
from adapters.slack.api import TROUBLE, Api, error_of, lacks, may_pass
from adapters.slack.delivery import MOST_REMEMBERED
from dialogs.acts import Member
from dialogs.community import Choices

REMEMBERED_FOR = 20.0
"""Seconds for which it is not asked again who is in a channel."""

PAGE, MOST_PAGES = 999, 20
"""Accounts that are read at once, and how often. https://docs.slack.dev/reference/methods/conversations.members"""

PRIVATE, PUBLIC = "private", "public"
FOR_PUBLIC = "channels:read"
"""The scope that seeing a public channel takes. The bot has none: that it lacks it there tells what it has to know."""

STRANGERS = frozenset({"user_not_found", "user_not_visible"})

Known = TypeVar("Known")

log = logging.getLogger(__name__)


class Remembered(Generic[Known]):
    """What was found out about channels, for a moment."""

    def __init__(self, ticks: Callable[[], float]) -> None:
        """Begin with nothing. ticks: seconds that only go forward."""
        self._ticks = ticks
        self._known: dict[tuple[str, str], tuple[float, Known]] = {}

    def get(self, workspace: str, channel: str) -> Known | None:
        """Return what is known of a channel, None when it has to be asked."""
        until, known = self._known.get((workspace, channel), (0.0, None))
        return known if self._ticks() < until else None

    def keep(self, workspace: str, channel: str, known: Known) -> Known:
        """Remember what was found out, and return it."""
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        self._known[workspace, channel] = (self._ticks() + REMEMBERED_FOR, known)
        return known


class Rights:
    """Asks Slack about accounts and channels."""

    def __init__(self, api: Api, ticks: Callable[[], float]) -> None:
        """Ask with these requests. ticks: seconds that only go forward."""
        self._api = api
        self._in: Remembered[frozenset[str]] = Remembered(ticks)
        self._kinds: Remembered[str] = Remembered(ticks)

    async def member(self, person: str, now: Choices, channel: str, *, mentors: bool) -> Member | None:
        """Return who somebody is, None for whoever is of another workspace.

        channel: where they do something; who is in the moderators' private channel is a moderator there. mentors:
        whether it matters that they may mentor. Raises what is in TROUBLE, and UndeliverableError.
        """
        workspace, user = parse.account(person)
        try:
            found = (await self._api.read(workspace, "users.info", user=user)).get("user") or {}
        except TROUBLE as error:
            if error_of(error) in STRANGERS:
                return None
            raise
        if not belongs(found, workspace) or found.get("deleted"):
            return None
        admin = manages(found, workspace)
        return Member(
            person=person,
            community=parse.community(workspace),
            name=called(found),
            mentor=mentors and bool(now.mentors) and user in await self._members(workspace, now.mentors),
            moderator=admin or await self._moderates(workspace, now, channel),
            admin=admin,
        )

    async def _moderates(self, workspace: str, now: Choices, channel: str) -> bool:
        """Say whether something is done in the moderators' channel, which is as good as being in it."""
        chosen = bool(channel) and channel == now.moderators_channel
        return chosen and await self.kind(workspace, channel) == PRIVATE

    async def kind(self, workspace: str, channel: str) -> str:
        """Return whether a channel is "private" or "public", "" where the bot cannot see it.

        Raises what may pass, and UndeliverableError.
        """
        known = self._kinds.get(workspace, channel)
        if known is not None:
            return known
        try:
            found = await self._api.read(workspace, "conversations.info", channel=channel)
        except TROUBLE as error:
            if lacks(error, FOR_PUBLIC):
                return self._kinds.keep(workspace, channel, PUBLIC)
            _note_unseen(error)
            return ""
        told = found.get("channel") or {}
        private = told.get("is_private") and not (told.get("is_im") or told.get("is_mpim"))
        return self._kinds.keep(workspace, channel, PRIVATE if private else PUBLIC)

    async def can_see(self, workspace: str, channel: str) -> str:
        """Return what keeps the bot from seeing who is in a channel, by Slack's name of it; "" for nothing.

        Raises what may pass, and UndeliverableError.
        """
        try:
            await self._api.read(workspace, "conversations.members", channel=channel, limit=1)
        except TROUBLE as error:
            if may_pass(error):
                raise
            return error_of(error)
        return ""

    async def _members(self, workspace: str, channel: str) -> frozenset[str]:
        """Return who is in a private channel, as it was a moment ago; nobody where the bot cannot see it."""
        known = self._in.get(workspace, channel)
        if known is not None:
            return known
        if await self.kind(workspace, channel) != PRIVATE:
            return frozenset()
        try:
            return self._in.keep(workspace, channel, frozenset(await self._all(workspace, channel)))
        except TROUBLE as error:
            _note_unseen(error)
            return frozenset()

    async def _all(self, workspace: str, channel: str) -> list[str]:
        found: list[str] = []
        cursor = ""
        for _ in range(MOST_PAGES):
            further = {"cursor": cursor} if cursor else {}
            page = await self._api.read(workspace, "conversations.members", channel=channel, limit=PAGE, **further)
            found += page.get("members") or ()
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                break
        return found


def _note_unseen(error: Exception) -> None:
    """Note that a channel of the set-up cannot be seen. Raises what may pass."""
    if may_pass(error):
        raise error
    log.warning("a channel of the set-up cannot be seen", extra={"fields": {"error": error_of(error)}})
