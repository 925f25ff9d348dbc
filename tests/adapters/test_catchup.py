"""Reading on after downtime, whatever goes wrong meanwhile."""

import asyncio
from collections.abc import Sequence

import pytest

from adapters.catchup import TRIES, CatchUp

TROUBLE = OSError("it is away")


class Channels:
    """Some channels with where reading stopped, which are read when the test says so."""

    def __init__(self, *names: str) -> None:
        """Begin with a database that answers, and channels that can be read."""
        self.places = [(name, "0") for name in names]
        self.answers: list[Exception] = []
        self.unreadable: dict[str, int] = {}
        self.locked = asyncio.Event()
        self.locked.set()
        self.begun = asyncio.Event()
        self.tried: list[str] = []
        self.read: list[str] = []
        self.catch_up = CatchUp(self.ask, self.read_on, self.pause)

    async def ask(self) -> Sequence[tuple[str, str]]:
        """Tell where to begin, or what went wrong."""
        await asyncio.sleep(0)
        if self.answers:
            raise self.answers.pop()
        return self.places

    async def read_on(self, name: str, after: str) -> bool:
        """Read a channel."""
        assert after == "0"
        self.tried.append(name)
        self.begun.set()
        await self.locked.wait()
        if self.unreadable.get(name, 0) > 0:
            self.unreadable[name] -= 1
            return False
        self.read.append(name)
        return True

    @staticmethod
    async def pause(_seconds: float) -> None:
        """Wait as little as can be."""
        await asyncio.sleep(0)


async def until(task: asyncio.Task[bool]) -> bool:
    """Return what comes of waiting for a channel."""
    async with asyncio.timeout(5):
        return await task


async def test_a_database_that_is_away_is_asked_again() -> None:
    """What comes meanwhile waits."""
    channels = Channels("one", "two")
    channels.answers = [TROUBLE] * 3
    channels.catch_up.begin()
    assert channels.catch_up.is_behind("two")
    assert await channels.catch_up.before("two")
    assert "two" in channels.read
    await channels.catch_up.close()


async def test_a_session_that_begins_anew_is_waited_for() -> None:
    """What waits for a channel is not let through because reading it was begun anew."""
    channels = Channels("one")
    channels.locked.clear()
    channels.catch_up.begin()
    waiting = asyncio.create_task(channels.catch_up.before("one"))
    await channels.begun.wait()
    channels.catch_up.begin()
    for _ in range(20):
        await asyncio.sleep(0)
    assert not waiting.done()
    channels.locked.set()
    assert await until(waiting)
    assert channels.read == ["one"]


@pytest.mark.parametrize("learnt", [False, True])
async def test_nothing_is_let_through_at_the_end(*, learnt: bool) -> None:
    """It would be read on behind it after the next start."""
    channels = Channels("one")
    channels.locked.clear()
    channels.catch_up.begin()
    waiting = asyncio.create_task(channels.catch_up.before("one"))
    if learnt:
        await channels.begun.wait()
    await channels.catch_up.close()
    assert not await until(waiting)
    assert not await channels.catch_up.before("one")
    channels.catch_up.begin()
    assert channels.read == []


async def test_a_channel_that_cannot_be_read_is_tried_again_and_holds_up_no_other() -> None:
    """After some tries it is left, and what waits for it is let through."""
    channels = Channels("never", "later", "now")
    channels.unreadable = {"never": TRIES, "later": 2}
    channels.catch_up.begin()
    assert await channels.catch_up.before("now")
    assert await channels.catch_up.before("later")
    assert await channels.catch_up.before("never")
    assert channels.tried.count("never") == TRIES
    assert sorted(channels.read) == ["later", "now"]
    await channels.catch_up.close()


async def test_a_channel_of_which_nothing_is_known_waits_for_nothing() -> None:
    """Once it is known which there are."""
    channels = Channels("one")
    assert await channels.catch_up.before("one")
    channels.catch_up.begin()
    assert await channels.catch_up.before("another")
    await channels.catch_up.close()
