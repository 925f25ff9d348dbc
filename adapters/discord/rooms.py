"""Letters of a community: messages into its channels, rooms of their own for two of its members, and taking back.

A room is a private thread. Each of these is done once, whatever fails in between: Discord drops a message that it was
sent before for some minutes, and what is older is looked for before it is sent again.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import discord

from adapters.discord import parse, render
from adapters.discord.components import NO_PINGS, Payload
from adapters.discord.rest import PRIVATE_THREAD, UNREACHABLE, Rest
from adapters.port import Letter, UndeliverableError
from dialogs.catalog import Catalog
from dialogs.community import RECIPIENT
from dialogs.replies import Closing, Removal, Room

GONE = frozenset({10003, 10008})
"""Error codes: the channel or the message is not there any more."""

TALK = 0
"""The type of a message that is no notice of Discord's."""


class Rooms:
    """Delivers letters of communities."""

    def __init__(self, rest: Rest, catalog: Catalog, me: int) -> None:
        """Deliver with these requests and words. me: the bot's own account."""
        self._rest = rest
        self._catalog = catalog
        self._me = me

    @staticmethod
    def is_for(letter: Letter) -> bool:
        """Say whether a letter is one of a community."""
        return letter.person.endswith(RECIPIENT) or letter.reply.effect is not None

    async def deliver(self, letter: Letter) -> str:
        """Deliver a letter, and return its receipt. Raises UndeliverableError, and what requests fail with."""
        match letter.reply.effect:
            case Room() as room:
                return await self._open(letter, room)
            case Closing(receipt=receipt):
                await self._close(letter, _placed(receipt)[0])
                return ""
            case Removal(receipt=receipt):
                await self._remove(*_placed(receipt))
                return ""
            case None:
                channel = _number(letter.address)
                return _receipt(channel, await self._say(channel, letter))

    async def _open(self, letter: Letter, room: Room) -> str:
        """Open a room, or go on where an earlier try was cut off."""
        guild, channel = _number(_server(letter)), _number(letter.address)
        name = render.filled(self._catalog, "discord.room", number=str(room.number))
        people = [parse.account(one) for one in room.people]
        first = [one["content"] for one in self._payloads(letter, room.people)]
        thread = await self._opened(guild, channel, name, first) if letter.again else None
        if thread is not None and (said := self._said(await self._rest.earliest(thread), first)) is not None:
            return _receipt(thread, said)
        if thread is None:
            for one in people:
                await self._rest.member(guild, one)  # nobody is left alone in a room
            made = await self._rest.open_private(channel, name)
            thread = await self._opened(guild, channel, name, first, made) or made
        try:
            for one in people:
                await self._rest.let_in(thread, one)
            return _receipt(thread, await self._say(thread, letter, room.people))
        except discord.HTTPException as error:
            if error.code in UNREACHABLE:
                await self._rest.archive(thread)
            raise

    async def _opened(self, guild: int, channel: int, name: str, first: Sequence[str], made: int = 0) -> int | None:
        """Return the room of that name, if there is one already; where there are more, the others are put away.

        There are more when the library has asked again, because the answer to the first request was lost. What begins
        with something else than `first` is the room of others: numbers begin anew with a new database.
        """
        ours = {"type": PRIVATE_THREAD, "name": name, "parent_id": str(channel), "owner_id": str(self._me)}
        there = [int(one["id"]) for one in await self._rest.open_threads(guild) if ours.items() <= one.items()]
        if there != [made]:
            there = [one for one in sorted(there) if await self._begins(one, first)]
        for one in there[1:]:
            await self._rest.archive(one)
        return min(there, default=None)

    async def _begins(self, thread: int, first: Sequence[str]) -> bool:
        """Say whether the bot's messages in a thread begin so, or it has written none there."""
        mine = [one for one in await self._rest.earliest(thread) if self._is_mine(one)]
        return not mine or min(mine, key=lambda one: int(one["id"]))["content"] in first

    async def _close(self, letter: Letter, thread: int) -> None:
        contents = [one["content"] for one in self._payloads(letter)]
        if not letter.again or self._said(await self._rest.latest(thread), contents) is None:
            await self._say(thread, letter)
        await self._rest.archive(thread)

    async def _remove(self, channel: int, message: int) -> None:
        try:
            await self._rest.delete(channel, message)
        except discord.HTTPException as error:
            if error.code not in GONE:
                raise

    def _said(self, messages: Sequence[Mapping[str, Any]], contents: Sequence[str]) -> int | None:
        """Return the first of the bot's messages that says something, None when none does."""
        said = [int(one["id"]) for one in messages if self._is_mine(one) and one["content"] in contents]
        return min(said, default=None)

    def _is_mine(self, message: Mapping[str, Any]) -> bool:
        return str(message["author"]["id"]) == str(self._me) and message["type"] == TALK

    def _payloads(self, letter: Letter, pinged: Sequence[str] = ()) -> list[Payload]:
        *before, last = render.messages(letter.reply, self._catalog)
        return [*before, _pinging(last, pinged)]

    async def _say(self, channel: int, letter: Letter, pinged: Sequence[str] = ()) -> int:
        """Send a letter into a channel, and return the id of its last message, which names those who are pinged."""
        sent = 0
        for part, payload in enumerate(self._payloads(letter, pinged)):
            once = {"nonce": render.nonce(letter.id, part, payload), "enforce_nonce": True}
            sent = await self._rest.send(channel, {**payload, **once})
        return sent


def _pinging(payload: Payload, people: Sequence[str]) -> Payload:
    if not people:
        return payload
    pings = {**NO_PINGS, "users": [str(parse.account(one)) for one in people]}
    return {**payload, "content": render.naming(payload["content"], people), "allowed_mentions": pings}


def _server(letter: Letter) -> str:
    return str(parse.server(letter.person.removesuffix(RECIPIENT)) or "")


def _number(text: str) -> int:
    """Return an id. Raises UndeliverableError for what is none, such as a channel that nobody has chosen."""
    if not text.isdecimal():
        msg = "no channel is chosen"
        raise UndeliverableError(msg)
    return int(text)


def _receipt(channel: int, message: int) -> str:
    return f"{channel}/{message}"


def _placed(receipt: str) -> tuple[int, int]:
    channel, _, message = receipt.partition("/")
    return _number(channel), _number(message)
