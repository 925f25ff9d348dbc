"""Pictures on their way to Slack: uploaded, shown in a block, and left out rather than in the way of the text."""

import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from hashlib import blake2b
from typing import TypeVar

import msgspec

from adapters.picture import drawn
from adapters.port import UndeliverableError
from adapters.slack.api import TROUBLE, Api, error_of
from adapters.slack.elements import Payload
from adapters.slack.files import uploaded
from dialogs.pictures import Picture

LONGEST_DESCRIPTION = 2000
"""Characters of the text that stands for a picture. https://docs.slack.dev/reference/block-kit/blocks/image-block"""

TRIES = 4
"""So often a message is sent with a picture that Slack is still taking in; a second lies between."""

MOST_REMEMBERED = 1000

NOT_YET = "invalid_blocks"

log = logging.getLogger(__name__)

Pause = Callable[[float], Awaitable[object]]
Result = TypeVar("Result")


class Pictures:
    """Uploads pictures, and remembers the last ones: the same one is drawn and uploaded once."""

    def __init__(self, api: Api, pause: Pause) -> None:
        """Upload with these requests. pause: waits for so many seconds."""
        self._api = api
        self._pause = pause
        self._uploaded: OrderedDict[tuple[str, bytes], str] = OrderedDict()

    async def shown(
        self,
        workspace: str,
        picture: Picture | None,
        description: str,
        send: Callable[[list[Payload]], Awaitable[Result]],
    ) -> Result:
        """Send something with the block of a picture, or without one where there is none or Slack does not take it.

        Raises what `send` raises for anything else.
        """
        blocks = await self._blocks(workspace, picture, description)
        for _ in range(TRIES if blocks else 0):
            try:
                return await send(blocks)
            except TROUBLE as error:
                if error_of(error) != NOT_YET:
                    raise
            await self._pause(1)
        return await send([])

    async def _blocks(self, workspace: str, picture: Picture | None, description: str) -> list[Payload]:
        if picture is None:
            return []
        name = (workspace, blake2b(msgspec.json.encode(picture), digest_size=16).digest())
        if name not in self._uploaded:
            try:
                file = await self._upload(workspace, picture)
            except (*TROUBLE, UndeliverableError) as error:
                fields = {"error": error_of(error) or type(error).__name__}
                log.info("a picture was not uploaded", extra={"fields": fields})
                return []
            if not file:
                return []
            self._uploaded[name] = file
            if len(self._uploaded) > MOST_REMEMBERED:
                self._uploaded.popitem(last=False)
        self._uploaded.move_to_end(name)
        alt = description[:LONGEST_DESCRIPTION]
        return [{"type": "image", "slack_file": {"id": self._uploaded[name]}, "alt_text": alt}]

    async def _upload(self, workspace: str, picture: Picture) -> str:
        """Upload a picture and return the id of its file, "" for what cannot be drawn."""
        png = await drawn(picture)
        if png is None:
            return ""
        return await uploaded(self._api, workspace, "onward.png", png, title="Onward")
