"""Presses, slash commands, shortcuts and windows: shown as taken only when the turn is committed."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any

import msgspec

from adapters.port import Arrival, Outcome
from adapters.slack import address, home, parse, render
from adapters.slack.acting import Acting
from adapters.slack.address import Unseen
from adapters.slack.api import Api
from adapters.slack.delivery import Delivery, quietly
from adapters.slack.homes import Homes
from adapters.slack.parse import Json, OpenForm, OpenSettings, Place, RefusedError
from adapters.slack.profiles import Profiles
from adapters.slack.setup import Setup
from dialogs.catalog import Catalog
from dialogs.events import Commanded, Event, Filled, Said, Tapped
from dialogs.moments import hour_named, hours_named, known_zone
from dialogs.private import Private

Take = Callable[[Arrival], Awaitable[Outcome]]
"""Has a turn made, and returns what became of it when it is committed."""

SENSIBLE: Mapping[str, Callable[[str], object]] = {
    "zone": known_zone,
    "country": lambda text: len(text) == len("DE") and text.isalpha(),
    "hour": lambda text: hour_named(text) is not None,
    "quiet": hours_named,
}
"""What makes sense in each field of the settings, when it is not left empty."""

LONGEST_PRIVATE = 3000
"""The number of characters of `private_metadata`. https://docs.slack.dev/reference/views/modal-views"""

log = logging.getLogger(__name__)


class Shown(Private, frozen=True):
    """The message in which somebody pressed: where it can be changed, and its blocks, when they are known."""

    url: str = ""
    blocks: tuple[Mapping[str, Any], ...] = ()


class Window(Private, frozen=True):
    """What goes along with a window, unseen by people: whose it is, where it is answered, what it was opened from."""

    person: str = ""
    where: str = ""
    shown: Shown = Shown()

    @classmethod
    def of(cls, person: str, payload: Json) -> "Window":
        """Return the window that a press opens."""
        blocks = tuple((payload.get("message") or {}).get("blocks") or ())
        shown = Shown(url=str(payload.get("response_url") or ""), blocks=blocks)
        return cls(person=person, where=str(parse.where(payload)), shown=shown)

    @classmethod
    def read(cls, kept: str) -> "Window":
        """Return what was kept; nobody's window when it is not ours."""
        try:
            return msgspec.json.decode(kept, type=cls)
        except msgspec.MsgspecError:
            return cls()

    def kept(self) -> str:
        """Return it as Slack keeps it; without the blocks when they are too long for that."""
        whole = msgspec.json.encode(self).decode()
        if len(whole) <= LONGEST_PRIVATE:
            return whole
        return msgspec.json.encode(Window(person=self.person, where=self.where)).decode()


class Presses:
    """Answers interactions. Every method returns when the turn is committed, and what to acknowledge it with."""

    def __init__(
        self,
        api: Api,
        delivery: Delivery,
        homes: Homes,
        profiles: Profiles,
        catalog: Catalog,
        take: Take,
        setup: Setup,
        acting: Acting,
    ) -> None:
        """Answer with these requests and words."""
        self._api = api
        self._delivery = delivery
        self._homes = homes
        self._profiles = profiles
        self._catalog = catalog
        self._take = take
        self._setup = setup
        self._acting = acting
        self._tasks: set[asyncio.Task[None]] = set()

    async def command(self, payload: Json, workspace: str) -> None:
        """Take a slash command."""
        place = Place(workspace=workspace, user=str(payload.get("user_id") or ""))
        if self._setup.is_for(payload):
            self._begin(self._setup.handle(payload, place))
        elif not self._acting.command(payload, place):
            await self._plain(payload, place, parse.command(payload))

    async def shortcut(self, payload: Json, workspace: str) -> None:
        """Take a message shortcut."""
        await self._plain(payload, _place(payload, workspace), parse.shortcut(payload))

    async def press(self, payload: Json, workspace: str) -> None:
        """Take a press, or open the window that it asks for."""
        place = _place(payload, workspace)
        if (payload.get("view") or {}).get("type") == "home":
            self._homes.looks(place.person)
        if self._setup.is_for(payload):
            self._begin(self._setup.handle(payload, place))
            return
        if self._acting.press(payload, place):
            return
        meant = parse.press(payload)
        if isinstance(meant, OpenForm | OpenSettings):
            await self._open(payload, place, meant)
            return
        where = parse.where(payload)
        message: Json = payload.get("message") or {}
        shown = Shown(url=str(payload.get("response_url") or ""), blocks=tuple(message.get("blocks") or ()))
        self._delivery.hold(where)
        try:
            outcome = await self._taken(payload, place, meant, where)
        except RefusedError:
            self._delivery.release(where)
            raise
        except Exception:
            self._delivery.release(where)
            await quietly(self._say_broken(where, place))
            log.exception("a press could not be kept")
        else:
            self._begin(self._show_taken(shown, parse.label(payload), meant, outcome, where))

    async def submit(self, payload: Json, workspace: str) -> Mapping[str, Any]:
        """Take a window that was sent; return what is wrong in it, to be shown in its place, or nothing.

        Raises RefusedError for the window of somebody else.
        """
        place, view = _place(payload, workspace), payload.get("view") or {}
        if (done := await self._acting.submit(payload, place)) is not None:
            return done
        private = Window.read(str(view.get("private_metadata") or ""))
        if private.person != place.person:
            msg = "a window of somebody else"
            raise RefusedError(msg)
        event = parse.submitted(view)
        if wrong := self._wrong(view, event):
            return _errors(wrong)
        where = address.read(private.where)
        try:
            outcome = await self._taken(payload, place, event, where)
        except RefusedError:
            raise
        except Exception:
            # What was written stays in the window, and can be sent again.
            log.exception("a window could not be kept")
            return _errors({_first(view): self._words("not_kept")})
        title = str((view.get("title") or {}).get("text", ""))
        self._begin(self._show_taken(private.shown, title, event, outcome, where))
        return {}

    async def close(self) -> None:
        """Finish what is under way."""
        await self._acting.close()
        while self._tasks:
            await asyncio.wait(self._tasks)

    # Turns

    async def _plain(self, payload: Json, place: Place, event: Event | None) -> None:
        if event is None:
            msg = "a command or shortcut that the app does not have"
            raise RefusedError(msg)
        where = parse.where(payload)
        try:
            await self._taken(payload, place, event, where)
        except RefusedError:
            raise
        except Exception:
            log.exception("a command could not be kept")
            await quietly(self._say_broken(where, place))

    async def _taken(self, payload: Json, place: Place, event: Event, where: address.Address) -> Outcome:
        if not place.user or not payload.get("trigger_id"):
            msg = "an interaction of nobody"
            raise RefusedError(msg)
        arrival = Arrival(
            id=f"{parse.PLATFORM}/{place.workspace}/{payload['trigger_id']}",
            person=place.person,
            event=event,
            address=str(where),
            place=await self._profiles.of(place.person),
        )
        outcome = await self._take(arrival)
        self._homes.changed(place.person)
        return outcome

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _show_taken(
        self, shown: "Shown", label: str, event: Event, outcome: Outcome, where: address.Address
    ) -> None:
        """Show in the message what was chosen in it; it can be pressed again while the question is the open one."""
        try:
            if outcome.fresh and isinstance(event, Tapped | Filled) and label and shown.url:
                still_open = event.asked == outcome.asked
                if shown.blocks or not still_open:
                    chosen = render.chosen(shown.blocks, label, still_open=still_open)
                    await quietly(self._api.respond(shown.url, chosen))
        finally:
            self._delivery.release(where)

    async def _say_broken(self, where: address.Address, place: Place) -> None:
        """Say that it did not work. A message with buttons keeps them, so that they can be pressed again."""
        sorry = render.sorry(self._catalog)
        if isinstance(where, Unseen):
            await self._api.respond(where.url, {**sorry, "response_type": "ephemeral", "replace_original": False})
        else:
            channel = where.channel or await self._delivery.direct(place.person)
            await self._api.write(place.workspace, "chat.postMessage", {"channel": channel, **sorry})

    # Windows

    async def _open(self, payload: Json, place: Place, asked_for: OpenForm | OpenSettings) -> None:
        """Open a window. It is found by its name alone, so the press is answered at once."""
        private = Window.of(place.person, payload).kept()
        if isinstance(asked_for, OpenSettings):
            view = home.settings_form(self._catalog, private)
        elif asked_for.name:
            found = render.form(asked_for.name, asked_for.asked, self._catalog, private)
            if found is None:
                await self._taken(payload, place, parse.OLD, parse.where(payload))
                return
            view = found
        else:
            view = render.write_form(self._catalog, private)
        opened = {"trigger_id": payload.get("trigger_id"), "view": view}
        await quietly(self._api.write(place.workspace, "views.open", opened))

    def _wrong(self, view: Json, event: Event) -> dict[str, str]:
        """Return what is wrong with the fields of a window, by their names."""
        match event:
            case Said(text="") | Filled(text="") | Commanded(name="settings", fields={}) if not _written(event):
                return {_first(view): self._words("empty")}
            case Commanded(name="settings", fields=fields):
                return {
                    name: self._words(f"no_{name}")
                    for name, makes_sense in SENSIBLE.items()
                    if fields.get(name) and not makes_sense(fields[name])
                }
            case _:
                return {}

    def _words(self, name: str) -> str:
        return self._catalog.plain(f"slack.{name}")


def _place(payload: Json, workspace: str) -> Place:
    return Place(workspace=workspace, user=str((payload.get("user") or {}).get("id") or ""))


def _first(view: Json) -> str:
    return str(next(iter((view.get("state") or {}).get("values") or {}), "text"))


def _errors(wrong: Mapping[str, str]) -> Mapping[str, Any]:
    """Return the answer that shows what is wrong beside each field.

    https://docs.slack.dev/surfaces/modals
    """
    return {"response_action": "errors", "errors": dict(wrong)}


def _written(event: Event) -> bool:
    return not isinstance(event, Said | Filled | Commanded) or bool(event.text)
