"""The addresses where HTTP is served: whether each can be used, or the bot answers there already."""

import asyncio
import errno
import os
import socket
from collections.abc import Iterator

import aiohttp

from bot.checks.result import Result, good, wrong

HTTP = "http"
SETTING, METRICS = "ONWARD_HTTP__LISTEN", "ONWARD_HTTP__METRICS_LISTEN"

HEALTH = "/healthz"
HEALTHY, UNHEALTHY = 200, 503
PATIENCE = aiohttp.ClientTimeout(total=5)

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - nothing is opened: where to ask instead
"""Addresses that stand for all of this machine's, and one of those."""


def look(setting: str, listen: tuple[str, int]) -> Iterator[Result]:
    """Tell whether a bot could listen at host and port, which stand in a setting, or who does."""
    host, port = listen
    try:
        _try(host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            yield asyncio.run(_who(setting, host, port))
        else:
            reason = error.strerror or os.strerror(error.errno or 0)
            yield wrong(HTTP, f"{setting} is {host}:{port}, which cannot be used ({reason}): name another address.")
    else:
        yield good(HTTP, f"{host}:{port} is free." if port else "Any port that is free is taken.")


def _try(host: str, port: int) -> None:
    """Take an address as the server would, and leave it. Raises OSError."""
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    with socket.socket(family, kind, protocol) as trial:
        if os.name == "posix":  # as asyncio does: a port that was in use a moment ago is free
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        trial.bind(address)


async def _who(setting: str, host: str, port: int) -> Result:
    """Return whether it is the bot that has an address, and how it is."""
    name = EVERYWHERE.get(host, host)
    url = f"http://{f'[{name}]' if ':' in name else name}:{port}{HEALTH}"
    try:
        async with aiohttp.ClientSession(timeout=PATIENCE) as session, session.get(url) as answer:
            status = answer.status
    except (aiohttp.ClientError, OSError):
        status = 0
    if status == HEALTHY:
        return good(HTTP, f"The bot is running, and answers at {host}:{port}.")
    if status == UNHEALTHY:
        return wrong(HTTP, f"The bot at {host}:{port} says that it is not well: its log says why.")
    return wrong(HTTP, f"{setting} is {host}:{port}, where another program listens: end that, or name another port.")
