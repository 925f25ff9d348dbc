"""`/onward setup`: admins and owners set their workspace up, in a window. Which one it is, Slack says each time."""

import asyncio
import logging
from collections.abc import Awaitable, Mapping, Sequence
from weakref import WeakValueDictionary

from adapters.communities import Communities, Places, found, removed, replaced
from adapters.port import UndeliverableError
from adapters.slack import panel, render, setup_form
from adapters.slack.admins import Admins
from adapters.slack.api import TROUBLE, Api, error_of
from adapters.slack.declared import EVERYTHING, SETUP
from adapters.slack.delivery import quietly
from adapters.slack.elements import Payload
from adapters.slack.parse import Json, Place, community
from adapters.slack.rights import PUBLIC, Rights
from adapters.slack.setup_form import Pressed, SetupForm
from dialogs.catalog import Catalog
from dialogs.community import ChoiceError, Panel, chosen, named, undone

MENTORS, MODERATORS = "mentors", "moderators_channel"

CHANNELS = frozenset({"panel_channel", "wins_channel", MODERATORS})
"""The places to which the bot will write."""

NOT_PRIVATE: Mapping[str, str] = {MODERATORS: "slack_not_private", MENTORS: "slack_mentors_not_private"}
"""What has to be a private channel, with the words for one that is none."""

MISSING: Mapping[str, str] = {
    "not_in_channel": "slack_not_in_channel",
    "channel_not_found": "slack_not_in_channel",
    "missing_scope": "slack_missing_scope",
    "is_archived": "slack_archived",
    "restricted_action": "slack_restricted",
    "restricted_action_read_only_channel": "slack_restricted",
    "restricted_action_thread_locked": "slack_restricted",
}
"""What keeps the bot from writing in a channel, by Slack's names, with the words for it."""

MISSING_MENTORS: Mapping[str, str] = {
    "missing_scope": "slack_missing_scope",
}
"""What keeps the bot from seeing who is in the mentors' channel, likewise; mostly it is not in it."""

NO_MEMBER = "user_not_in_channel"
"""The admin is not in the channel themselves: then nothing can be shown to them there, and posting will tell."""

log = logging.getLogger(__name__)


class Setup:
    """Answers the command, the button on the Home tab, and whatever is done in the window."""

    def __init__(
        self,
        api: Api,
        admins: Admins,
        rights: Rights,
        catalog: Catalog,
        communities: Communities,
        places: Places,
    ) -> None:
        """Answer with these requests and words, and keep what is chosen there."""
        self._api = api
        self._admins = admins
        self._rights = rights
        self._catalog = catalog
        self._form = SetupForm(catalog)
        self._communities = communities
        self._places = places
        self._orders: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @staticmethod
    def is_for(payload: Json) -> bool:
        """Say whether a command or a press is about setting up."""
        if payload.get("command") == f"/{EVERYTHING}":
            return str(payload.get("text") or "").strip().casefold() == SETUP
        return setup_form.pressed(_action(payload)) is not None

    async def handle(self, payload: Json, place: Place) -> None:
        """Do what an admin asks for, and refuse everybody else. It never raises: what went wrong is shown."""
        try:
            if await self._admins.may_manage(place.person):
                view = await self._in_order(payload, place)
            else:
                view = self._form.told("refused_slack")
        except (*TROUBLE, UndeliverableError) as error:
            name = error_of(error)
            log.warning("a set-up went wrong", extra={"fields": {"error": name or type(error).__name__}})
            view = self._form.told(MISSING.get(name, "not_done"))
        except Exception:
            log.exception("a step of a set-up could not be kept")
            view = self._form.told("not_done")
        await self._show(payload, place, view)

    async def _in_order(self, payload: Json, place: Place) -> Payload:
        """Take one step after the other in each workspace, so that the window shows the last one."""
        order = self._orders.setdefault(place.workspace, asyncio.Lock())
        async with order:
            step = setup_form.pressed(_action(payload)) or Pressed(what=setup_form.OPEN)
            try:
                return await self._done(step, place)
            finally:
                self._places.forget(community(place.workspace))

    async def _done(self, step: Pressed, place: Place) -> Payload:
        """Do what was asked for; return what the window shows then."""
        here = community(place.workspace)
        match step.what:
            case setup_form.REMOVE:
                return await self._remove(here, place)
            case setup_form.OPEN:
                note = ""
            case setup_form.POST:
                note = await self._post(here, place)
            case setup_form.UNDO:
                await self._communities.change(here, undone)
                note = "undone"
            case _:
                note = await self._choose(here, step, place)
        return self._form.view(await found(self._communities, here), [self._form.words(note)] if note else [])

    async def _choose(self, here: str, step: Pressed, place: Place) -> str:
        """Keep a choice, and return the note on it: what is missing in a channel that was chosen."""
        name = await self._api.name_of(place.workspace)
        if step.what in NOT_PRIVATE and await self._is_public(step.values, place):
            return NOT_PRIVATE[step.what]
        unseen = [await self._rights.can_see(place.workspace, one) for one in step.values if step.what == MENTORS]
        try:
            changed = await self._communities.change(
                here, lambda before: chosen(named(before, name or before.name), step.what, step.values)
            )
        except ChoiceError:
            return "not_offered"
        if any(unseen):
            return MISSING_MENTORS.get(unseen[0], "slack_unseen")
        for channel in step.values if step.what in CHANNELS else ():
            if missing := await self._missing(channel, place):
                return missing
        return "moved" if step.what == "panel_channel" and changed.moved else "kept"

    async def _is_public(self, channels: Sequence[str], place: Place) -> bool:
        """Say whether anybody may join there, also where the window would not have offered it."""
        kinds = [await self._rights.kind(place.workspace, channel) for channel in channels]
        return PUBLIC in kinds

    async def _missing(self, channel: str, place: Place) -> str:
        """Try to show the admin a line in a channel; return what keeps the bot from it, "" for nothing."""
        line = render.told(self._form.words("slack_here"))
        request = {"channel": channel, "user": place.user, "text": line["text"], "blocks": line["blocks"]}
        missing = await self._tried(self._api.write(place.workspace, "chat.postEphemeral", request))
        return missing if isinstance(missing, str) else ""

    async def _post(self, here: str, place: Place) -> str:
        """Post the panel and take the one before it away, and return the note on it."""
        channel = (await found(self._communities, here)).now.panel_channel
        if not channel:
            return "choose_channel"
        request = {"channel": channel, **panel.rendered(self._catalog)}
        sent = await self._tried(self._api.write(place.workspace, "chat.postMessage", request))
        if isinstance(sent, str):
            return sent or "not_posted"
        new = Panel(channel=channel, message=str(sent["ts"]))
        await self._take_away(await replaced(self._communities, here, new), place)
        return "posted"

    async def _tried(self, request: Awaitable[Mapping[str, object]]) -> Mapping[str, object] | str:
        """Return the answer to a request, or the words for what kept it from succeeding."""
        try:
            return await request
        except TROUBLE as error:
            name = error_of(error)
            log.info("a channel takes no message", extra={"fields": {"error": name or type(error).__name__}})
            return "" if name == NO_MEMBER else MISSING.get(name, "not_posted")

    async def _remove(self, here: str, place: Place) -> Payload:
        await self._take_away(await removed(self._communities, here), place)
        return self._form.told("removed")

    async def _take_away(self, panel: Panel | None, place: Place) -> None:
        """Delete a panel. One that cannot be deleted goes on working, as every panel does."""
        if panel is not None:
            there = {"channel": panel.channel, "ts": panel.message}
            await quietly(self._api.write(place.workspace, "chat.delete", there))

    async def _show(self, payload: Json, place: Place, view: Payload) -> None:
        """Show the window: in its place when it is open, otherwise as a new one."""
        before: Json = payload.get("view") or {}
        if before.get("type") == "modal":
            changed = {"view_id": before.get("id"), "view": view}
            await quietly(self._api.write(place.workspace, "views.update", changed))
        else:
            opened = {"trigger_id": payload.get("trigger_id"), "view": view}
            await quietly(self._api.write(place.workspace, "views.open", opened))


def _action(payload: Json) -> Json:
    action: Json = next(iter(payload.get("actions") or ()), {})
    return action
