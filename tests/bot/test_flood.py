"""Whoever sends more than people write does not hold up the others, and nobody's typing is taken for that."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.port import SEEN_BEFORE, Arrival
from bot import flood
from bot.clock import Clock
from bot.flood import BURST, EACH, Flood, Verdict
from bot.turns import Turns
from dialogs.catalog import Catalog
from dialogs.events import Said
from dialogs.understanding import Understanding
from storage.store import Posted, Store
from tests.bot.conftest import NOON


def test_a_burst_is_taken_and_the_rest_is_told_once() -> None:
    """After a rest it begins anew, and so does telling."""
    watched = Flood()
    assert {watched.verdict("a", NOON) for _ in range(BURST)} == {Verdict.TAKEN}
    assert [watched.verdict("a", NOON) for _ in range(3)] == [
        Verdict.FIRST_TOO_MANY,
        Verdict.TOO_MANY,
        Verdict.TOO_MANY,
    ]
    assert watched.verdict("b", NOON) is Verdict.TAKEN
    rested = NOON + EACH
    assert [watched.verdict("a", rested) for _ in range(2)] == [Verdict.TAKEN, Verdict.FIRST_TOO_MANY]


@given(st.lists(st.floats(0.5, 60), max_size=400))
def test_nobody_who_types_is_ever_left_out(pauses: list[float]) -> None:
    """However long somebody goes on, at two messages a second."""
    watched, now = Flood(), NOON
    for pause in pauses:
        now += timedelta(seconds=pause)
        assert watched.verdict("a", now) is Verdict.TAKEN


def test_whoever_has_rested_is_forgotten() -> None:
    """An hour of strangers leaves no trace of those who are quiet again."""
    watched = Flood()
    for second in range(3600):
        assert watched.verdict(f"person {second}", NOON + timedelta(seconds=second)) is Verdict.TAKEN
    assert len(watched) == 1


def test_it_remembers_only_so_many_people(monkeypatch: pytest.MonkeyPatch) -> None:
    """A crowd of strangers fills no memory; who is forgotten counts as rested."""
    monkeypatch.setattr(flood, "MOST_REMEMBERED", 2)
    watched = Flood()
    for _ in range(BURST + 1):
        watched.verdict("a", NOON)
    watched.verdict("b", NOON)
    watched.verdict("c", NOON)
    assert watched.verdict("a", NOON) is Verdict.TAKEN


@pytest.mark.databases("sqlite")
async def test_a_flood_is_answered_once_and_the_next_person_at_once(store: Store, clock: Clock) -> None:
    """What was taken before is kept; what is too many is not even noted."""
    catalog = Catalog.load()
    posted: list[Posted] = []

    async with Turns(
        store, Understanding.load(catalog), catalog, clock, lambda letters, _: posted.extend(letters), flood=Flood()
    ) as lane:
        for number in range(BURST):
            assert (await lane.take(Arrival(id=f"{number}", person="terminal:ann", event=Said(text="x")))).fresh
        before = len(posted)
        for number in range(5):
            outcome = await lane.take(Arrival(id=f"more{number}", person="terminal:ann", event=Said(text="x")))
            assert (outcome == SEEN_BEFORE) is (number > 0)
        assert [one.reply.keys for one in posted[before:]] == [("anywhere.too_fast",)]
        assert (await lane.take(Arrival(id="ben", person="terminal:ben", event=Said(text="hello")))).fresh
