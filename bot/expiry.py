"""Forgets the ids of events that no platform delivers again: old ones only slow the database down."""

import asyncio
import logging
from datetime import timedelta

from bot.clock import Clock
from storage.errors import StorageError
from storage.store import Store

KEPT = timedelta(days=30)
"""How long an event's id is remembered. Platforms give up delivering within hours."""

EVERY = timedelta(days=1)

log = logging.getLogger(__name__)


async def run(store: Store, clock: Clock) -> None:
    """Forget old ids once a day for as long as the process lives."""
    while True:
        try:
            await store.forget_events(clock.now() - KEPT)
        except StorageError:
            log.exception("old event ids stay for another day")
        await asyncio.sleep(EVERY.total_seconds())
