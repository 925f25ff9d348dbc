"""Socket Mode: connections that the bot opens, and what is brought and acknowledged over them."""

import json

from aiohttp import web

from tests.platforms.slack.deliveries import Delivery
from tests.platforms.slack.world import Json, World


class SocketMode:
    """The connections. refuses: so many of those that are opened next are refused."""

    def __init__(self, world: World, tickets: set[str], wrong: list[str]) -> None:
        """Begin with no connection; each takes one of the tickets. wrong: where it is noted what should not be."""
        self._world = world
        self._tickets = tickets
        self._wrong = wrong
        self._turn = 0
        self._sent: dict[str, Delivery] = {}
        self.sockets: list[web.WebSocketResponse] = []
        self.greeted = 0
        self.refuses = 0

    async def close(self) -> None:
        """Close all connections."""
        for socket in list(self.sockets):
            await socket.close()

    async def link(self, request: web.Request) -> web.StreamResponse:
        """Take a connection that was asked for, and what comes over it."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets or self.refuses:
            self._tickets.discard(ticket)
            self.refuses = max(0, self.refuses - 1)
            return web.Response(status=403)
        self._tickets.remove(ticket)
        socket = web.WebSocketResponse(autoping=True)
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": len(self.sockets) + 1, "connection_info": {}})
        self.sockets.append(socket)
        self.greeted += 1
        await self._world.notify()
        try:
            async for message in socket:
                await self._heard(json.loads(message.data))
        finally:
            if socket in self.sockets:
                self.sockets.remove(socket)
            await self._world.notify()
        return socket

    async def _heard(self, frame: Json) -> None:
        delivery = self._sent[frame["envelope_id"]]
        delivery.acknowledged += 1
        if delivery.acknowledged > delivery.tries:
            self._wrong.append("an envelope was acknowledged twice")
        delivery.answer = frame.get("payload")
        await self._world.notify()

    async def send(self, delivery: Delivery, number: int, patience: float) -> None:
        """Bring something over one of the connections, by turns, until it is acknowledged or patience ends."""
        try:
            await self._world.until(lambda: bool(self.sockets), patience)
        except TimeoutError:
            return
        socket = self.sockets[self._turn % len(self.sockets)]
        self._turn += 1
        self._sent[delivery.envelope] = delivery
        events = delivery.kind == "events_api"
        frame = {
            "envelope_id": delivery.envelope,
            "type": delivery.kind,
            "accepts_response_payload": not events,
            "payload": delivery.payload,
            **({"retry_attempt": number, "retry_reason": "timeout" if number else ""} if events else {}),
        }
        try:
            await socket.send_json(frame)
            await self._world.until(lambda: bool(delivery.acknowledged) or socket.closed, patience)
        except (TimeoutError, ConnectionError):
            return

    async def refresh(self, reason: str = "refresh_requested", *, close: bool = True) -> None:
        """Have the bot replace the connections that there are now."""
        old = list(self.sockets)
        for socket in old:
            self.sockets.remove(socket)
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {}})
        if close:
            for socket in old:
                await socket.close()

    async def cut(self) -> None:
        """Cut all connections without a word."""
        for socket in list(self.sockets):
            assert socket._req is not None  # noqa: SLF001 - there is no other way to its transport
            assert socket._req.transport is not None  # noqa: SLF001
            socket._req.transport.abort()  # noqa: SLF001
        await self._world.until(lambda: not self.sockets)
