"""Who is asked: somebody who fits and is free, and nobody waits while there is one."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from dialogs.introducing import Board
from dialogs.mentoring import Introduction, Offer, State, Status
from tests.dialogs.introducing.requests import NOW, offering, people, wanted

offers = st.builds(
    Offer,
    topics=st.sets(st.sampled_from(["cv", "salary", "industry"])).map(tuple),
    industries=st.sets(st.sampled_from(["design", "sales"])).map(tuple),
    most=st.integers(1, 3),
    status=st.sampled_from(Status),
    language=st.sampled_from(["en", "de"]),
    last_asked=st.none() | st.integers(0, 5).map(lambda days: NOW - timedelta(days=days)),
)
requests = st.builds(
    wanted,
    seeker=people,
    topic=st.sampled_from(["cv", "industry"]),
    industry=st.sampled_from(["design", "sales"]),
    language=st.sampled_from(["en", "de"]),
    state=st.sampled_from(State),
    mentor=people,
    declined=st.sets(people).map(tuple),
)
pairs = st.frozensets(people, min_size=2, max_size=2)
boards = st.builds(
    Board,
    st.dictionaries(people, offers),
    st.dictionaries(st.integers(1, 6), requests),
    st.sets(pairs),
    st.sets(people, max_size=1),
)


@given(boards, requests)
def test_who_is_asked_fits_and_is_free(board: Board, request: Introduction) -> None:
    """Never somebody's own request, of who is barred or kept apart, nor one declined; the load stays in its bound."""
    mentor = board.best(request, board.free())
    if mentor is None:
        return
    offer = board.offers[mentor]
    assert mentor != request.seeker
    assert not {mentor, request.seeker} & board.barred
    assert {mentor, request.seeker} not in board.apart
    assert mentor not in request.declined
    assert offer.status is Status.ON
    assert request.topic in offer.topics
    assert request.topic != "industry" or request.industry in offer.industries
    assert offer.language == request.language
    assert board.load(mentor) < offer.most
    others = [one for one in board.offers if one != mentor and _also_fits(board, request, one)]
    assert all(board.load(mentor) <= board.load(one) for one in others)
    same = [one for one in others if board.load(one) == board.load(mentor)]
    assert all((offer.last_asked or _NEVER) <= (board.offers[one].last_asked or _NEVER) for one in same)


_NEVER = datetime.min.replace(tzinfo=UTC)


def _also_fits(board: Board, request: Introduction, mentor: str) -> bool:
    """Say whether somebody would be asked if nobody else was there."""
    alone = Board({mentor: board.offers[mentor]}, board.introductions, board.apart, board.barred)
    return alone.best(request, alone.free()) == mentor


@given(boards, st.booleans())
def test_nobody_waits_while_somebody_is_free(board: Board, on: bool) -> None:  # noqa: FBT001 - hypothesis gives it
    """After settling, a request that is looked for has nobody who could be asked; where it is off, nobody is."""
    board.on = on
    board.settle(NOW)
    assert on or not board.notes
    waiting = [one for one in board.introductions.values() if one.state is State.LOOKING]
    assert not on or not any(board.best(one, board.free()) for one in waiting)


def test_whoever_has_waited_longest_comes_first() -> None:
    """There is one mentor for two."""
    board = Board({"ben": offering()}, {2: wanted("cat"), 3: wanted("dan", since=NOW - timedelta(days=1))})
    board.settle(NOW)
    assert (board.introductions[3].mentor, board.introductions[2].mentor) == ("ben", "")
    assert board.offers["ben"].last_asked == NOW
