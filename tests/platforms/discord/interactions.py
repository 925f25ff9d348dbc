"""Interactions as the API takes their answers: the first one in time, the others while it is open.

https://docs.discord.com/developers/interactions/receiving-and-responding
"""

from aiohttp import web

from tests.platforms.discord import rules
from tests.platforms.discord.messages import Messages
from tests.platforms.discord.requests import Route, Value, refuse
from tests.platforms.discord.world import EPHEMERAL, LOADING, ApiError, Interaction, Json, Message, World

FIRST_ANSWER_WITHIN, OPEN_FOR = 3.0, 15 * 60.0
"""Seconds: https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object"""


class Interactions:
    """The requests that answer a press, a command or a form."""

    def __init__(self, world: World, messages: Messages) -> None:
        """Serve what there is; the answers are messages."""
        self._world = world
        self._messages = messages

    def routes(self) -> list[Route]:
        """Return what is served."""
        original = "/webhooks/{application}/{token}/messages/@original"
        return [
            ("POST", "/interactions/{interaction}/{token}/callback", self._callback),
            ("GET", original, self._original),
            ("PATCH", original, self._edit_original),
            ("DELETE", original, self._delete_original),
            ("POST", "/webhooks/{application}/{token}", self._follow_up),
        ]

    async def _callback(self, request: web.Request, body: Value) -> None:
        found = self._world.interactions.get(request.match_info["token"])
        age = self._world.now() - found.began if found else 0
        if found is None or str(found.id) != request.match_info["interaction"]:
            raise ApiError(404, 10062, "Unknown interaction")
        if found.answered is not None:
            raise ApiError(400, 40060, "Interaction has already been acknowledged.")
        if age > FIRST_ANSWER_WITHIN:
            raise ApiError(404, 10062, "Unknown interaction")
        kind, data = int(body["type"]), body.get("data") or {}
        refuse(rules.callback(kind, data, of=found.kind, on_message=found.source is not None))
        found.answered, found.acknowledged_after = kind, age
        if kind == 9:
            found.modal = data
        elif kind in {6, 7}:
            found.original = found.source
        else:
            message = self._messages.written(found.channel, data)
            message.flags = data.get("flags", 0) | (LOADING if kind == 5 else 0)
            message.only_for = found.user if message.flags & EPHEMERAL else None
            self._world.channels[found.channel].messages[message.id] = message
            found.original = message.id

    def _answered(self, request: web.Request) -> Interaction:
        """Return an interaction that has its first answer and takes others."""
        found = self._world.interactions.get(request.match_info["token"])
        if int(request.match_info["application"]) != self._world.bot.id or found is None:
            raise ApiError(404, 10015, "Unknown Webhook")
        if self._world.now() - found.began > OPEN_FOR:
            raise ApiError(401, 50027, "Invalid Webhook Token")
        if found.answered is None:
            raise ApiError(404, 10015, "Unknown Webhook")
        return found

    def _open_interaction(self, request: web.Request) -> tuple[Interaction, Message]:
        found = self._answered(request)
        message = self._world.channels[found.channel].messages.get(found.original or 0)
        if message is None:
            raise ApiError(404, 10008, "Unknown Message")
        return found, message

    async def _original(self, request: web.Request, _body: Value) -> Json:
        return self._open_interaction(request)[1].payload(self._world)

    async def _edit_original(self, request: web.Request, body: Value) -> Json:
        _, message = self._open_interaction(request)
        refuse(rules.message(body, new=False))
        message.flags &= ~LOADING
        self._messages.change(request, message, body)
        return message.payload(self._world)

    async def _delete_original(self, request: web.Request, _body: Value) -> None:
        found, message = self._open_interaction(request)
        del self._world.channels[found.channel].messages[message.id]

    async def _follow_up(self, request: web.Request, body: Value) -> Json:
        found = self._answered(request)
        refuse(rules.message(body, new=True))
        message = self._messages.written(found.channel, body)
        message.only_for = found.user if message.flags & EPHEMERAL else None
        self._world.channels[found.channel].messages[message.id] = message
        return message.payload(self._world)
