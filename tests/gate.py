"""A way to a server that can be closed, as networks are: nobody gets in, or nothing that is sent gets through."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

from tests.platforms.ports import free_port

CHUNK = 2**16


class Gate:
    """Passes connections on to a server of this machine. Use `gate_to`."""

    def __init__(self, port: int) -> None:
        """Lead to a port, from one that is free."""
        self.port = free_port()
        self._to = port
        self.tried = asyncio.Event()
        """Is set when somebody has tried to get through while it was not open."""
        self._open = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._passing: set[asyncio.Task[None]] = set()
        self._ends: set[asyncio.StreamWriter] = set()

    def on(self, url: str) -> str:
        """Return an address of the server as one that leads through here."""
        port = urlsplit(url).port
        return url.replace(f":{port}", f":{self.port}", 1)

    async def open(self) -> None:
        """Let everybody in, and everything through."""
        self._open.set()
        self.tried.clear()
        if self._server is None:
            self._server = await asyncio.start_server(self._enter, "127.0.0.1", self.port)

    def jam(self) -> None:
        """Let nothing through, and tell nobody: whoever is connected waits, and so does whoever comes."""
        self._open.clear()
        self.tried.clear()

    async def close(self) -> None:
        """Let nobody in, and cut whoever is connected."""
        self._open.set()
        if self._server is not None:
            self._server.close()
            self._server = None
        for end in list(self._ends):
            end.transport.abort()
        while self._passing:
            await asyncio.wait(self._passing)

    async def _enter(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._passing.add(task)
        self._ends.add(writer)
        try:
            await self._opened()
            with suppress(OSError):
                there, back = await asyncio.open_connection("127.0.0.1", self._to)
                self._ends.add(back)
                await asyncio.gather(self._pass(reader, back), self._pass(there, writer))
                self._ends.discard(back)
        finally:
            writer.close()
            self._ends.discard(writer)
            self._passing.discard(task)

    async def _opened(self) -> None:
        if not self._open.is_set():
            self.tried.set()
            await self._open.wait()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(CHUNK):
                await self._opened()
                writer.write(data)
                await writer.drain()
        writer.close()


@asynccontextmanager
async def gate_to(url: str) -> AsyncIterator[Gate]:
    """Give an open gate to the server of an address."""
    port = urlsplit(url).port
    assert port is not None
    gate = Gate(port)
    await gate.open()
    try:
        yield gate
    finally:
        await gate.close()
