"""Wins that cannot be posted: told once, to whoever is still there, and nothing is left of them."""

from tests.bot.conftest import journey_of
from tests.bot.square import CHANNELS, TOWN, Square, pressed
from tests.bot.wins.winners import ANN, shares
from tests.databases import Database


async def test_what_cannot_be_posted_is_told_in_one_line(here: Square) -> None:
    """Once, and nothing is left of it; a channel that cannot be written in is for admins to look at."""
    await here.says(ANN, "hello", TOWN)
    here.post.closed.add(CHANNELS[TOWN])
    before = len(here.post.sent[ANN])
    await shares(here)
    (told,) = here.post.sent[ANN][before:]
    assert told.keys == ("wins.not_posted",)
    assert await here.rows() == []
    assert (await journey_of(here.store, ANN)).standing == ()
    assert (await here.does(ANN, "wins.mine")).keys == ("wins.mine_none",)


async def test_what_was_taken_back_and_cannot_be_posted_is_not_told(here: Square) -> None:
    """Nor is what is told a second time."""
    here.post.open.clear()
    here.post.closed.add(CHANNELS[TOWN])
    preview = await here.begins(ANN, "wins.anonymous")
    posted = await here.begins(ANN, pressed(preview, "Share it"))
    ((number, *_),) = await here.rows()
    await here.begins(ANN, pressed(posted, "Take it back"))
    here.post.open.set()
    await here.settled()
    await here.told(number, None)
    assert ANN not in here.post.sent
    assert await here.rows() == []


async def test_of_somebody_who_erases_everything_meanwhile_not_even_the_name_is_left(
    here: Square, database: Database
) -> None:
    """Although it was just going to be told to them that it cannot be posted."""
    await database.sql(
        "INSERT INTO wins (id, community, person, receipt, shared_at) VALUES (7, :at, :ann, '', 1)", at=TOWN, ann=ANN
    )
    await here.told(7, None)
    assert ANN not in here.post.sent
    assert not any(ANN in map(str, row) for rows in (await database.rows()).values() for row in rows)
