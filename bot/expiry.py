"""Forgets what nobody needs any more: old events and reports, and people whom nothing reaches."""

import asyncio
import logging
from datetime import timedelta

from bot.clock import Clock
from storage.errors import StorageError
from storage.store import Store

KEPT = timedelta(days=7)
"""How long an event's id is remembered. Platforms give up delivering within hours."""

EVERY = timedelta(days=1)

log = logging.getLogger(__name__)


async def run(store: Store, clock: Clock, keep_days: int) -> None:
    """Forget once a day for as long as the process lives; see `forget`."""
    while True:
        await forget(store, clock, keep_days)
        await asyncio.sleep(EVERY.total_seconds())


async def forget(store: Store, clock: Clock, keep_days: int) -> None:
    """Forget what is old now.

    keep_days: how long people are kept whom nothing reaches, and who can be told of no end, and how long reports wait
    for a moderator; 0 for ever.
    """
    try:
        await store.forget_events(clock.now() - KEPT)
        await store.forget_states(clock.now())
        await store.forget_lost()
        if keep_days:
            before = clock.now() - timedelta(days=keep_days)
            await store.forget_unreachable(before)
            await store.forget_reports(before)
    except StorageError:
        log.exception("what is old stays for another day")
