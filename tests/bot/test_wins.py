"""Wins: previewed first, with a name or without, and taken back whenever somebody wants that."""

from collections.abc import AsyncIterator

import pytest

from tests.bot.square import TOWN, Square, pressed, primary, square
from tests.databases import Database

ANN, BEN = "test:ann", "test:ben"


@pytest.fixture
async def here(database: Database) -> AsyncIterator[Square]:
    """Give a town with a wins channel."""
    async with square(database) as place:
        await place.set_up(TOWN)
        yield place


async def test_shared_without_a_name_after_a_preview_and_taken_back(here: Square) -> None:
    """What was shown is what stands there, word for word; until it is said, nothing does."""
    start = await here.does(ANN, "wins.share")
    assert "Town" in start.text
    assert primary(start) == ["Without my name"]
    preview = await here.does(ANN, pressed(start, "Without my name"))
    assert "> Somebody here got an offer." in preview.text
    assert "Nobody there sees who it's from." in preview.text
    assert here.standing() == []
    posted = await here.does(ANN, pressed(preview, "Share it"))
    assert here.standing() == ["Somebody here got an offer."]
    gone = await here.does(ANN, pressed(posted, "Take it back"))
    assert gone.text == "It's being taken away."
    assert here.standing() == []
