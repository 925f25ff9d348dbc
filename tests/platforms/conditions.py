"""Waiting for what nobody tells of."""

import asyncio
from collections.abc import Awaitable, Callable


async def until(what: Callable[[], bool], seconds: float = 20.0) -> None:
    """Return when something is so. Raises TimeoutError."""

    async def ask() -> bool:
        return what()

    await until_found(ask, seconds)


async def until_found(what: Callable[[], Awaitable[bool]], seconds: float = 20.0) -> None:
    """Return when something that has to be asked for is so. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not await what():  # noqa: ASYNC110 - another process, or a library, tells nobody
            await asyncio.sleep(0.01)
