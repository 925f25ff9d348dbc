"""Notices among the replicas of a PostgreSQL: what one has committed, the others hear of at once, without asking again.

https://www.postgresql.org/docs/current/sql-notify.html
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

CHANNEL = "onward"

LETTERS = "letters"
"""There are letters with nobody. The other notice is a moment, as stored, at which a journey wakes."""

LONG_AGO = "0"
"""A moment that makes everybody look again."""

LONGEST = 300.0
"""Seconds on one connection."""

_TELL = select(func.pg_notify(CHANNEL, bindparam("notice")))


async def tell(connection: AsyncConnection, notice: str) -> None:
    """Have every replica told, this one too, when the transaction is committed."""
    await connection.execute(_TELL, {"notice": notice})


async def listen(engine: AsyncEngine, told: Callable[[str], None]) -> None:
    """Call `told` with every notice, until the connection ends or some minutes are over.

    What was told while nobody listened is made good for by one of each kind at the beginning. Raises what opening a
    connection raises.
    """
    ended = asyncio.Event()
    async with engine.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        driver.add_termination_listener(lambda _: ended.set())
        await driver.add_listener(CHANNEL, lambda *notice: told(notice[-1]))
        try:
            told(LETTERS)
            told(LONG_AGO)
            with suppress(TimeoutError):
                async with asyncio.timeout(LONGEST):
                    await ended.wait()
        finally:
            await connection.invalidate()  # it is no connection for anything else
