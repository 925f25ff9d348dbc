"""What members of a workspace do with each other: commands, buttons that stay, and the windows that those open."""

import asyncio
import logging
from collections.abc import Awaitable, Coroutine, Mapping, Sequence
from typing import Any
from weakref import WeakValueDictionary

import msgspec
from msgspec import Struct

from adapters.communities import Communities, found
from adapters.members import Members, TooManyError
from adapters.port import UndeliverableError
from adapters.slack import controls, parse, render
from adapters.slack.api import TROUBLE, Api, error_of
from adapters.slack.declared import ACTS
from adapters.slack.delivery import Delivery, quietly
from adapters.slack.elements import Payload
from adapters.slack.parse import Json, Place, RefusedError
from adapters.slack.rights import Rights
from dialogs import acts
from dialogs.acts import Act, Member
from dialogs.catalog import Catalog
from dialogs.private import Private
from dialogs.replies import Press, Reply

LONGEST_WAIT = 2.0
"""Seconds that a window waits for what becomes of it: it has to be acknowledged within three."""

MENTORS = "mentor"
"""The part for which it matters who may mentor."""

log = logging.getLogger(__name__)


class _Channel(Struct):
    id: str = ""


class _Container(Struct):
    message_ts: str = ""
    is_ephemeral: bool = False


class _Told(Struct):
    channel: _Channel | None = None
    channel_id: str = ""
    container: _Container | None = None
    response_url: str = ""


class Origin(Private, frozen=True):
    """Who did something, and in what: a message or an answer, a command, or the Home tab.

    message: "" where it was in none. url: where it can be answered, "" where it cannot. unseen: whether only that
    person sees the message.
    """

    person: str
    channel: str = ""
    message: str = ""
    url: str = ""
    unseen: bool = False

    @classmethod
    def of(cls, payload: Json, person: str) -> "Origin":
        """Return where a command or a press came from."""
        try:
            told = msgspec.convert(payload, _Told)
        except (msgspec.ValidationError, UnicodeEncodeError):
            return cls(person=person)
        return cls(
            person=person,
            channel=told.channel.id if told.channel else told.channel_id,
            message=told.container.message_ts if told.container else "",
            url=told.response_url,
            unseen=told.container.is_ephemeral if told.container else False,
        )

    @classmethod
    def read(cls, kept: str) -> "Origin":
        """Return what a window has kept; nobody's when it is not ours."""
        try:
            return msgspec.json.decode(kept, type=cls)
        except (msgspec.MsgspecError, UnicodeEncodeError):
            return cls(person="")

    def kept(self) -> str:
        """Return it as a window keeps it."""
        return msgspec.json.encode(self).decode()


Answer = tuple[Reply | None, bool]
"""What is shown after an act, None for nothing; and whether it takes the place of what the act was done in."""


class Acting:
    """Has acts done, and shows what comes of them where they were done."""

    def __init__(
        self,
        api: Api,
        delivery: Delivery,
        catalog: Catalog,
        communities: Communities,
        members: Members,
        rights: Rights,
    ) -> None:
        """Do what `members` does, after a look at who it is."""
        self._api = api
        self._delivery = delivery
        self._catalog = catalog
        self._communities = communities
        self._members = members
        self._rights = rights
        self._orders: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._tasks: set[asyncio.Task[Any]] = set()

    def command(self, payload: Json, place: Place) -> bool:
        """Begin to do what a slash command asks for; say whether it is one of these."""
        if (act := parse.act(payload)) is None:
            return False
        self._begin(self._do(act, payload, place, Origin.of(payload, place.person)))
        return True

    def press(self, payload: Json, place: Place) -> bool:
        """Begin to do what a press asks for, or to open its window; say whether it is one of these."""
        action: Json = next(iter(payload.get("actions") or ()), {})
        if (act := controls.act_of(action)) is None:
            return False
        origin = Origin.of(payload, place.person)
        if (asked := controls.asked(action)) is not None:
            view = controls.form(act, asked, self._catalog, origin.kept())
            opened = {"trigger_id": payload.get("trigger_id"), "view": view}
            self._begin(quietly(self._api.write(place.workspace, "views.open", opened)))
        else:
            self._begin(self._do(act, payload, place, origin))
        return True

    async def submit(self, payload: Json, place: Place) -> Mapping[str, Any] | None:
        """Take a window that was sent; return what it is acknowledged with, None when it is none of these.

        What could not be kept stays in the window, and can be sent again. Raises RefusedError for the window of
        somebody else.
        """
        view: Json = payload.get("view") or {}
        if (act := controls.written(view)) is None:
            return None
        origin = Origin.read(str(view.get("private_metadata") or ""))
        if origin.person != place.person:
            msg = "a window of somebody else"
            raise RefusedError(msg)
        if not any(act.values):
            return self._wrong("empty")
        doing = self._begin(self._done(act, payload, place, origin))
        await asyncio.wait({doing}, timeout=LONGEST_WAIT)
        if not doing.done():
            # It is answered all the same, where the window was opened.
            self._begin(self._shown(doing, origin, place))
        elif (error := doing.exception()) is not None:
            _note(error)
            return self._wrong("not_kept")
        else:
            self._begin(self._show(doing.result(), origin, place))
        return {}

    async def close(self) -> None:
        """Finish what is under way."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _begin(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _do(self, act: Act, payload: Json, place: Place, origin: Origin) -> None:
        """Do something and show what comes of it. It never raises: what went wrong is told."""
        order = self._orders.setdefault(place.person, asyncio.Lock())
        async with order:
            await self._shown(self._done(act, payload, place, origin), origin, place)

    async def _shown(self, doing: Awaitable[Answer], origin: Origin, place: Place) -> None:
        try:
            answer = await doing
        except Exception as error:  # noqa: BLE001 - whatever it is, it is noted, and the member is told
            _note(error)
            answer = (self._told("community.not_done"), False)
        await self._show(answer, origin, place)

    async def _done(self, act: Act, payload: Json, place: Place, origin: Origin) -> Answer:
        """Have something done. Raises what kept it from that."""
        if not place.user or not payload.get("trigger_id"):
            return None, False
        if not act.name:
            return self._how(), False
        now = (await found(self._communities, parse.community(place.workspace))).now
        member = await self._rights.member(place.person, now, origin.channel, mentors=act.part == MENTORS)
        if member is None and not await self._takes_back(act, place):
            return self._told("slack.outside"), False
        member = member or Member(person=place.person, community=parse.community(place.workspace), left=True)
        event = f"{parse.PLATFORM}/{place.workspace}/{payload['trigger_id']}"
        try:
            shown = await self._members.act(member, act, event)
        except TooManyError:
            return None, False
        # In a message that others see, nobody else learns what is answered; but moderators see to reports together.
        own = origin.unseen or origin.channel.startswith("D") or origin.channel == now.moderators_channel
        aside = shown is not None and shown.aside
        return shown, own and bool(origin.message) and not aside

    async def _takes_back(self, act: Act, place: Place) -> bool:
        """Say whether somebody takes back what is theirs, of a workspace through which they came once."""
        return act.name in acts.TAKING_BACK and bool(await self._members.community_of(place.person, Act(name=act.name)))

    async def _show(self, answer: Answer, origin: Origin, place: Place) -> None:
        """Show an answer where something was done; in the direct messages where there is no other way."""
        reply, replaces = answer
        if reply is None:
            return
        payloads = render.answers(reply, self._catalog, unseen=origin.unseen or not replaces, replaces=replaces)
        if await self._is_answered(origin) and await quietly(self._respond(origin.url, payloads)):
            return
        if replaces and not origin.unseen and await quietly(self._update(origin, place, payloads[0])):
            payloads = payloads[1:]
        if payloads:
            await quietly(self._delivery.say(place.person, render.messages(reply, self._catalog)[-len(payloads) :]))

    async def _is_answered(self, origin: Origin) -> bool:
        """Say whether something is answered where it was done: not so a command in the direct messages with the bot.

        What only one person sees is gone with the next start of their Slack; what can stay there, stays.
        """
        if not origin.url or origin.message or not origin.channel.startswith("D"):
            return bool(origin.url)
        try:
            return origin.channel != await self._delivery.direct(origin.person)
        except (*TROUBLE, UndeliverableError):
            return True

    async def _respond(self, url: str, payloads: Sequence[Payload]) -> None:
        for payload in payloads:
            await self._api.respond(url, payload)

    async def _update(self, origin: Origin, place: Place, payload: Payload) -> None:
        there = {"channel": origin.channel, "ts": origin.message}
        changed = {**there, "text": payload["text"], "blocks": payload["blocks"]}
        await self._api.write(place.workspace, "chat.update", changed)

    def _how(self) -> Reply:
        """Return what the command can do, with a button for each."""
        presses = (Press(act=act, label=self._words(act.replace(".", "_"))) for act in ACTS["mentor"].values())
        return Reply(text=self._words("mentor_how"), keys=("slack.mentor_how",), controls=tuple(presses))

    def _told(self, key: str) -> Reply:
        return Reply(text=self._catalog.plain(key), keys=(key,))

    def _wrong(self, name: str) -> Mapping[str, Any]:
        return {"response_action": "errors", "errors": {controls.FIELD: self._words(name)}}

    def _words(self, name: str) -> str:
        return self._catalog.plain(f"slack.{name}")


def _note(error: BaseException) -> None:
    """Note what kept something from being done; of Slack's answers nothing but the name of the error."""
    if isinstance(error, (*TROUBLE, UndeliverableError)):
        fields = {"error": error_of(error) or type(error).__name__}
        log.warning("what a member did could not be looked into", extra={"fields": fields})
    else:
        log.error("what a member did could not be kept", exc_info=error)
