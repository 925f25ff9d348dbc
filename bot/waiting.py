"""Waiting for something to happen, for so long at the most."""

import asyncio
from contextlib import suppress


async def happens(event: asyncio.Event, seconds: float) -> None:
    """Return when an event is set, or after so many seconds."""
    with suppress(TimeoutError):
        # Not `wait_for`: before Python 3.12 it swallows being cancelled just after the event.
        async with asyncio.timeout(seconds):
            await event.wait()
