"""The end of a process has bounds."""

import asyncio
import subprocess
import sys

import pytest

from bot.stopping import at_most, cancelled

HANGS = """
import threading
from bot import stopping
stopping.AT_LAST = 0.1
stopping.end_at_last(3)
threading.Event().wait()
"""


async def stubborn(heard: asyncio.Event) -> None:
    """Go on for ever, but for a second word."""
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        heard.set()
        await asyncio.Event().wait()


async def test_what_does_not_end_is_left() -> None:
    """Nobody waits for it any longer, and it is told to end."""
    heard = asyncio.Event()
    await at_most(0.01, stubborn(heard))
    await heard.wait()
    task = asyncio.create_task(stubborn(heard))
    await asyncio.sleep(0)
    await cancelled({task}, 0.01)
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_what_ends_in_time_is_heard() -> None:
    """Also when it breaks."""

    async def broken() -> None:
        raise KeyError

    with pytest.raises(KeyError):
        await at_most(1, broken())
    await cancelled(set(), 1)


def test_a_process_that_hangs_ends_all_the_same() -> None:
    """With the exit code that it would have had."""
    ended = subprocess.run([sys.executable, "-c", HANGS], capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode == 3
    assert "did not end in time" in ended.stderr
