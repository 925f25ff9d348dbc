"""Letters that are for more than one person: into channels, and into group direct messages that the bot opens.

The bot has no permission to read there, so it cannot look whether a message that it sends again has arrived already.
A second one is possible, then, where an answer of Slack's was lost, and better than none.
"""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from adapters.port import Letter, Trouble, UndeliverableError
from adapters.slack import parse, render
from adapters.slack.api import LOCKED_OUT, TROUBLE, Api, error_of
from adapters.slack.elements import Payload
from adapters.slack.pictures import Pictures
from dialogs.catalog import Catalog
from dialogs.replies import Closing, Removal, Room

Post = Callable[[str, Payload, list[Payload]], Awaitable[Mapping[str, Any]]]
"""Sends a message to a workspace, with blocks above its own."""

LACKING, NO_MESSAGE = "missing_scope", "message_not_found"


class Rooms:
    """Delivers letters to nobody in particular."""

    def __init__(self, api: Api, pictures: Pictures, catalog: Catalog, post: Post) -> None:
        """Deliver with these requests and words."""
        self._api = api
        self._pictures = pictures
        self._catalog = catalog
        self._post = post

    async def deliver(self, letter: Letter) -> str:
        """Do what a letter says, and return its receipt. Raises what is in TROUBLE, and UndeliverableError."""
        try:
            return await self._delivered(letter)
        except TROUBLE as error:
            if error_of(error) != LACKING:
                raise
            # Whoever waits for it is told at once; others wait behind it, and adding the app again may take days.
            raise UndeliverableError(LOCKED_OUT[LACKING], Trouble.ACCESS) from None

    async def _delivered(self, letter: Letter) -> str:
        workspace, _ = parse.account(letter.person)
        match letter.reply.effect:
            case Removal(receipt=receipt):
                await self._remove(workspace, receipt)
                return receipt
            case Room(people=people):
                channel = await self._open(workspace, people)
            case Closing(receipt=receipt):
                channel, _ = parted(receipt)
            case None:
                channel = letter.address
        return await self._send(workspace, channel, letter)

    async def _open(self, workspace: str, people: tuple[str, ...]) -> str:
        """Return the group direct messages of these people with the bot. Slack has one for each set of people."""
        accounts = [parse.account(one) for one in people]
        if any(there != workspace for there, _ in accounts):
            msg = "somebody is of another workspace"
            raise UndeliverableError(msg)
        users = ",".join(sorted({user for _, user in accounts}))
        opened = await self._api.write(workspace, "conversations.open", {"users": users})
        return str(opened["channel"]["id"])

    async def _send(self, workspace: str, channel: str, letter: Letter) -> str:
        """Send the messages of a letter, and return the receipt of the first one."""
        receipt = ""
        for part, payload in enumerate(render.messages(letter.reply, self._catalog)):
            post = partial(self._post, workspace, {"channel": channel, **payload})
            picture = None if part else letter.reply.picture
            sent = await self._pictures.shown(workspace, picture, letter.reply.text, post)
            receipt = receipt or f"{channel}/{sent['ts']}"
        return receipt

    async def _remove(self, workspace: str, receipt: str) -> None:
        """Take a message away; one that is gone already is fine."""
        channel, ts = parted(receipt)
        try:
            await self._api.write(workspace, "chat.delete", {"channel": channel, "ts": ts})
        except TROUBLE as error:
            if error_of(error) != NO_MESSAGE:
                raise


def parted(receipt: str) -> tuple[str, str]:
    """Return the channel and the message of a receipt."""
    channel, _, ts = receipt.partition("/")
    return channel, ts
