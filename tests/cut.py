"""A wire to a PostgreSQL server that can be cut at the worst moment: a commit is made, and nobody hears of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from sqlalchemy.engine import make_url

COMMIT = b"COMMIT"


class Wire:
    """What goes between clients and the server."""

    def __init__(self, host: str, port: int) -> None:
        """Lead to a server."""
        self._host = host
        self._port = port
        self.cuts_next_commit = False
        """Whether the next commit is made, and its answer never arrives."""
        self.loses_next_commit = False
        """Whether the next commit does not even arrive."""
        self.cuts = 0

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one client."""
        answers, there = await asyncio.open_connection(self._host, self._port)
        committing = asyncio.Event()
        ways = {
            asyncio.create_task(self._ask(reader, there, committing)),
            asyncio.create_task(self._answer(answers, writer, committing)),
        }
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            there.close()
            writer.close()

    async def _ask(self, client: asyncio.StreamReader, server: asyncio.StreamWriter, committing: asyncio.Event) -> None:
        with suppress(ConnectionError):
            while data := await client.read(65536):
                if self.loses_next_commit and COMMIT in data:
                    self.loses_next_commit = False
                    self.cuts += 1
                    return
                if self.cuts_next_commit and COMMIT in data:
                    self.cuts_next_commit = False
                    committing.set()
                server.write(data)
                await server.drain()

    async def _answer(
        self, server: asyncio.StreamReader, client: asyncio.StreamWriter, committing: asyncio.Event
    ) -> None:
        """Carry the answers, but for the one to a commit: with it everything ends."""
        with suppress(ConnectionError):
            while data := await server.read(65536):
                if committing.is_set():
                    self.cuts += 1
                    return
                client.write(data)
                await client.drain()


@asynccontextmanager
async def wire(url: str) -> AsyncIterator[tuple[Wire, str]]:
    """Give a wire, and the address of the database at its near end."""
    parsed = make_url(url)
    assert parsed.host is not None
    assert parsed.port is not None
    made = Wire(parsed.host, parsed.port)
    async with await asyncio.start_server(made.connected, "127.0.0.1") as server:
        port = server.sockets[0].getsockname()[1]
        yield made, parsed.set(port=port).render_as_string(hide_password=False)
