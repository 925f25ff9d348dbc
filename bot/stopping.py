"""The end of a process. Each part has some seconds to finish what is under way, and together they have less than ten.

Whatever runs programs kills what has not ended ten seconds after it was asked to, and nothing is let go of then.
"""

import asyncio
import logging
import os
import threading
from collections.abc import Awaitable
from typing import Any

TAKING, TURNS, DELIVERIES, LETTING_GO, CLOSING = 2.0, 1.0, 2.0, 1.0, 0.5
"""Seconds: for what came in to be answered, for the turns of what was taken, for deliveries that are under way, for
leaving to others what was not delivered, and for each connection to say goodbye."""

AT_LAST = 8.5
"""After so many seconds it ends in any case. Everything that counts is in the database, as after a power cut."""

log = logging.getLogger(__name__)


async def at_most(seconds: float, work: Awaitable[object]) -> None:
    """Wait for something to end. After so many seconds it is cancelled, and goes on to its end by itself.

    Raises what it raises before that.
    """
    task = asyncio.ensure_future(work)
    await asyncio.wait({task}, timeout=seconds)
    if task.done():
        task.result()
    else:
        leave({task})


async def cancelled(tasks: set[asyncio.Task[Any]], seconds: float) -> None:
    """Cancel tasks, and wait for them to end, for at most so many seconds."""
    for task in tasks:
        task.cancel()
    if tasks:
        _, endless = await asyncio.wait(tasks, timeout=seconds)
        leave(endless)


def leave(tasks: set[asyncio.Task[Any]]) -> None:
    """Cancel tasks (again), and let nobody wait for them or hear of what they raise."""
    for task in tasks:
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
        task.cancel()


def end_at_last(code: int) -> None:
    """See to it that this process has ended in time with an exit code, whatever hangs."""
    watch = threading.Timer(AT_LAST, _end, (code,))
    watch.daemon = True
    watch.start()


def _end(code: int) -> None:
    log.warning("something did not end in time and is left; what was kept is taken up by others, or at the next start")
    os._exit(code)
