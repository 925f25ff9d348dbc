"""Ports of this machine, for programs that are told where to listen."""

import asyncio
import socket
from asyncio.subprocess import Process
from contextlib import closing


def free_port() -> int:
    """Return a port on which nobody listens."""
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


async def listens(process: Process, port: int) -> None:
    """Return when a process listens on a port, or has ended."""
    async with asyncio.timeout(20):
        while process.returncode is None:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.02)
            else:
                writer.close()
                return
