"""Slack as the application sees it: what comes in becomes turns, letters go out. It keeps nothing that must last."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any
from weakref import WeakValueDictionary

from slack_sdk.web.async_client import AsyncWebClient

from adapters.catchup import CatchUp
from adapters.communities import Places
from adapters.port import Letter, UndeliverableError
from adapters.slack import parse, render
from adapters.slack.acting import Acting
from adapters.slack.api import GONE, TROUBLE, Api, error_of, may_pass
from adapters.slack.delivery import Delivery, Pause, quietly
from adapters.slack.homes import Homes
from adapters.slack.host import Host
from adapters.slack.parse import Json, Place
from adapters.slack.pictures import Pictures
from adapters.slack.presses import Presses
from adapters.slack.profiles import Profiles
from adapters.slack.rights import Rights
from adapters.slack.setup import Setup
from adapters.slack.workspaces import Installed, Workspaces
from dialogs.catalog import Catalog
from dialogs.community import RECIPIENT

PAGE, MOST_PAGES = 200, 5
"""Messages of a channel that are read at once, and how often. Nobody writes more to a bot that does not answer."""

LAST_RETRY = 3
"""Slack brings an event three more times. https://docs.slack.dev/apis/events-api/#retries"""

LONGEST_WAIT = 2.0
"""Seconds that a message waits for what was written before it: it has to be acknowledged within three."""

log = logging.getLogger(__name__)

ChannelOf = tuple[str, str, str]
"""A channel that is read on: the workspace, the channel, and the thread in it or ""."""


class Slack:
    """Slack as a platform: the dispatcher gives it letters, the library's app gives it what comes in."""

    name = parse.PLATFORM

    def __init__(
        self,
        client: AsyncWebClient,
        workspaces: Workspaces,
        catalog: Catalog,
        pause: Pause,
        ticks: Callable[[], float],
    ) -> None:
        """Use a client that has a session. pause: waits for so many seconds. ticks: seconds that only go forward."""
        self.client = client
        self.workspaces = workspaces
        self.catalog = catalog
        self._pause = pause
        self._ticks = ticks
        self._api = Api(client, workspaces)
        self._pictures = Pictures(self._api, pause)
        self._delivery = Delivery(self._api, self._pictures, catalog, pause, ticks)
        self._homes: Homes | None = None

    async def deliver(self, letter: Letter) -> str:
        """Deliver a letter. Raises TryLaterError or UndeliverableError."""
        receipt = await self._delivery.deliver(letter)
        if self._homes is not None and not letter.person.endswith(RECIPIENT):
            self._homes.changed(letter.person)
        return receipt

    def listening(self, host: Host) -> "Listening":
        """Begin to listen for an application."""
        places = Places(host.communities)
        self._homes = Homes(self._api, self._pictures, self.catalog, host.home, places, self._pause, shared=host.shared)
        return Listening(self, host, self._api, self._delivery, self._homes, places, self._pause, self._ticks)


class Listening:
    """What comes in from Slack, by kind. Each returns when it is committed, or raises: then it comes again."""

    def __init__(
        self,
        slack: Slack,
        host: Host,
        api: Api,
        delivery: Delivery,
        homes: Homes,
        places: Places,
        pause: Pause,
        ticks: Callable[[], float],
    ) -> None:
        """Hand everything to an application."""
        self._workspaces = slack.workspaces
        self._catalog = slack.catalog
        self._host = host
        self._api = api
        self._delivery = delivery
        self.homes = homes
        self._pause = pause
        self._profiles = Profiles(api, places)
        self._orders: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self.catch_up: CatchUp[ChannelOf] = CatchUp(self._places, self._read_on, pause)
        rights = Rights(api, ticks)
        setup = Setup(api, homes.admins, rights, slack.catalog, host.communities, places)
        acting = Acting(api, delivery, slack.catalog, host.communities, host.members, rights)
        self.presses = Presses(api, delivery, homes, self._profiles, slack.catalog, host.take, setup, acting)

    async def event(self, body: Json, workspace: str, retry: int) -> None:
        """Take an event. retry: the how-manieth repetition it is, 0 for none."""
        event: Json = body.get("event") or {}
        kind = event.get("type")
        if kind in {"app_uninstalled", "tokens_revoked"}:
            await self._left(event, workspace)
            return
        installed = await self._workspaces.find(workspace)
        user, channel = str(event.get("user") or ""), str(event.get("channel") or "")
        if installed is None or not user or (kind in {"message", "app_mention"} and not (channel and event.get("ts"))):
            return
        place = Place(workspace=workspace, user=user, channel=channel)
        if kind == "app_home_opened" and event.get("tab") == "home":
            self.homes.changed(place.person, opened=True)
        elif kind == "message" and event.get("channel_type") == "im":
            await self._direct(event, installed, place, retry)
        elif kind == "app_mention":
            await self._mentioned(body, event, installed, place, retry)

    async def _direct(self, event: Json, installed: Installed, place: Place, retry: int) -> None:
        channel = (place.workspace, place.channel, "")
        try:
            if self.catch_up.is_behind(channel):
                await asyncio.wait({asyncio.ensure_future(self.catch_up.before(channel))}, timeout=LONGEST_WAIT)
                self._check_known()
            await self._take(event, installed, place)
        except Exception:
            if retry == LAST_RETRY:
                # Nobody brings it again: the person is asked to.
                where = {"channel": place.channel}
                payload = {**where, **render.sorry(self._catalog)}
                await quietly(self._api.write(place.workspace, "chat.postMessage", payload))
            raise

    def _check_known(self) -> None:
        """Raise where it is not known yet what was written before: taken now, this would be where reading goes on."""
        if self.catch_up.is_learning:
            msg = "it is not known yet what was written before this"
            raise RuntimeError(msg)

    async def _take(self, event: Json, installed: Installed, place: Place) -> bool:
        """Take what somebody wrote, each person's in the order in which it came; say whether it came the first time."""
        events = parse.said(event, me=installed.user)
        if not events:
            return False
        fresh = False
        order = self._orders.setdefault(place.person, asyncio.Lock())
        async with order:
            known = await self._profiles.of(place.person)
            for arrival in parse.arrivals(event, events, place, known):
                fresh = (await self._host.take(arrival)).fresh or fresh
        self.homes.changed(place.person)
        return fresh

    async def _mentioned(self, body: Json, event: Json, installed: Installed, place: Place, retry: int) -> None:
        """Take a call in a channel. The answer goes to the direct messages, and only the caller is told of it here."""
        if _from_outside(body, event, installed):
            line, tell = "outside", not retry and bool(parse.said(event, me=installed.user))
        else:
            line, tell = "in_private", await self._take(event, installed, place)
        if not tell:
            return
        told = render.told(self._catalog.plain(f"slack.{line}"))
        thread = {"thread_ts": event["thread_ts"]} if event.get("thread_ts") else {}
        hint = {"channel": place.channel, "user": place.user, **thread, "text": told["text"], "blocks": told["blocks"]}
        await quietly(self._api.write(place.workspace, "chat.postEphemeral", hint))

    async def _left(self, event: Json, workspace: str) -> None:
        """Erase what is kept of a workspace that has removed the app, or taken its token back."""
        removed = event.get("type") == "app_uninstalled"
        if not removed and not (event.get("tokens") or {}).get("bot"):
            return
        if await self._workspaces.leave(workspace, removed=removed):
            log.warning("a workspace has removed the app, and everything of it is erased")
            await self._host.purge(workspace)
        else:
            log.warning("the bot's token was taken back: set a new one; nothing is erased")

    # Reading on after downtime

    async def _places(self) -> Sequence[tuple[ChannelOf, str]]:
        found: list[tuple[ChannelOf, str]] = []
        for person, cursor in (await self._host.cursors()).items():
            workspace, _ = parse.account(person)
            channel, ts, thread = parse.read_cursor(cursor)
            found += [((workspace, channel, one), ts) for one in ({"", thread} if thread else {""})]
        # Whoever wrote last is the likeliest to be waiting.
        return sorted(found, key=lambda place: place[1], reverse=True)

    async def _read_on(self, channel: ChannelOf, after: str) -> bool:
        """Take what was written in a channel after a message, the oldest first; say whether that is done."""
        lines, done, whole = 0, True, True
        try:
            async for message in self._written(channel, after):
                fresh = await self._missed(message, channel)
                if fresh is None:
                    done = whole = False
                    break
                lines += fresh
        except UndeliverableError:
            pass  # nothing is there to read
        except TROUBLE as error:
            # What may pass is tried again soon, anything else with the next session; what is gone has nothing to read.
            name = error_of(error)
            done = not may_pass(error)
            whole = name in GONE
            if done and not whole:
                log.warning("a channel could not be read", extra={"fields": {"error": name or type(error).__name__}})
        self._host.caught_up(lines, whole=whole)
        return done

    async def _written(self, channel: ChannelOf, after: str) -> AsyncIterator[dict[str, Any]]:
        """Yield what was written in a channel after a message. Raises like `Api.read`."""
        for _ in range(MOST_PAGES):
            messages = await self._page(channel, after)
            for message in messages:
                yield message
                after = str(message["ts"])
            if len(messages) < PAGE:
                break

    async def _page(self, channel: ChannelOf, after: str) -> list[dict[str, Any]]:
        workspace, name, thread = channel
        method, where = ("conversations.replies", {"ts": thread}) if thread else ("conversations.history", {})
        found = await self._api.read(workspace, method, channel=name, oldest=after, limit=PAGE, **where)
        newer = [one for one in found.get("messages") or () if one["ts"] > after]
        return sorted(newer, key=lambda one: str(one["ts"]))

    async def _missed(self, message: dict[str, Any], channel: ChannelOf) -> bool | None:
        """Take a message from before; say whether it came the first time, and None when it could not be taken."""
        workspace, name, _ = channel
        installed = await self._workspaces.find(workspace)
        user = str(message.get("user") or "")
        if installed is not None and user:
            place = Place(workspace=workspace, user=user, channel=name)
            try:
                return await self._take({"channel_type": "im", **message}, installed, place)
            except Exception:
                log.exception("a message from before could not be taken")
                return None
        return False

    # The end

    async def close(self) -> None:
        """Take nothing more. A message is read after the next start, and a press has to be pressed again."""
        await self.catch_up.close()
        await self.presses.close()
        await self.homes.close()


def _from_outside(body: Json, event: Json, installed: Installed) -> bool:
    """Say whether somebody of another workspace wrote, in a channel that both share.

    https://docs.slack.dev/apis/slack-connect/
    """
    team = event.get("user_team") or event.get("source_team")
    enterprise = body.get("enterprise_id")
    return bool(team) and team not in {installed.id, body.get("team_id"), enterprise}
