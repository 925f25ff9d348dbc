"""The rules of introductions: who is asked, who may do what, and what holds whatever people do in whatever order."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.catalog import Catalog
from dialogs.introducing import Board, Note
from dialogs.mentoring import (
    ANSWERED_WITHIN,
    KEPT_FOR,
    KNOWN,
    LOOKED_AGAIN,
    LOOKED_FOR,
    MOVES,
    OPEN,
    Introduction,
    Offer,
    State,
    Status,
)
from dialogs.mentoring_pages import Pages, read_draft, read_topic
from dialogs.replies import Room

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
PEOPLE = ("ann", "ben", "cat", "dan", "eve")
PAGES = Pages(Catalog.load(), "test:1")

Offers = dict[str, Offer]


def wanted(seeker: str = "ann", topic: str = "cv", industry: str = "", **fields: object) -> Introduction:
    """Return a new request."""
    one = Introduction(seeker=seeker, topic=topic, industry=industry, since=NOW, due=NOW + LOOKED_AGAIN)
    return msgspec.structs.replace(one, **fields)


def offering(*topics: str, **fields: object) -> Offer:
    """Return an offer."""
    return msgspec.structs.replace(Offer(topics=topics or ("cv",)), **fields)


def told(board: Board, what: str) -> list[str]:
    """Return who was told something."""
    return [note.person for note in board.notes if note.what == what]


# who is asked

people = st.sampled_from(PEOPLE)
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


# whatever people do

ACTS = (*MOVES, "offer", "pause", "resume", "stop", "seek", "bar", "wait", "opened", "gone")
Step = tuple[str, str, int]
steps = st.tuples(st.sampled_from(ACTS), people, st.integers(1, 4))


class Town:
    """One community, with what must never happen in it looked for after each step."""

    def __init__(self, name: str) -> None:
        """Begin with nobody."""
        self.pages = Pages(Catalog.load(), name)
        self.now = NOW
        self.last = 0
        self.offers: Offers = {}
        self.introductions: dict[int, Introduction] = {}
        self.apart: set[frozenset[str]] = set()
        self.barred: set[str] = set()
        self.said_yes: set[tuple[int, str]] = set()
        self.rooms: list[int] = []

    def step(self, act: str, person: str, number: int) -> None:
        """Let one thing happen, as one transaction."""
        board = Board(self.offers, self.introductions, self.apart, self.barred)
        board.left_alone(self.now)
        if act in MOVES:
            if board.may(act, person, number) is not None:
                self._move(board, act, person, number)
        else:
            self._other(board, act, person, number)
        board.settle(self.now)
        self._look(board)
        self.offers, self.introductions = board.offers, board.introductions
        self.apart, self.barred = board.apart, board.barred

    def _move(self, board: Board, act: str, person: str, number: int) -> None:
        match act:
            case "cancel":
                board.cancel(number)
            case "accept":
                self.said_yes.add((number, person))
                board.accept(number, self.now)
            case "decline":
                self.said_yes.discard((number, person))
                board.decline(number, self.now)
            case "agree":
                self.said_yes.add((number, person))
                board.agree(number, self.now)
            case "end" | "block" | "tell":
                if act != "end":
                    board.part(*board.introductions[number].people)
                board.end(number, by=person)

    def _other(self, board: Board, act: str, person: str, number: int) -> None:
        match act:
            case "offer" if person not in board.barred:
                board.offer(person, offering(most=number))
            case "pause" | "resume" if person in board.offers:
                status = Status.PAUSED if act == "pause" else Status.ON
                board.offer(person, msgspec.structs.replace(board.offers[person], status=status))
            case "stop":
                board.stop(person, self.now)
            case "seek" if board.request(person) is None and person not in board.barred:
                self.last += 1
                board.seek(self.last, wanted(person, since=self.now, due=self.now + LOOKED_AGAIN))
            case "bar" if len(board.barred) < len(PEOPLE) - 2:
                board.bar(person, self.now)
            case "wait":
                self.now += timedelta(days=number)
                for due in [n for n, one in board.introductions.items() if one.due <= self.now]:
                    board.due(due, self.now)
            case "opened" if number in board.introductions and board.introductions[number].state is State.AGREED:
                board.opened(number, f"receipt{number}", self.now)
            case "gone":
                self._gone(board, person)

    def _gone(self, board: Board, person: str) -> None:
        """Erase somebody, as storage/erasing.py does."""
        board.offers.pop(person, None)
        for number, one in list(board.introductions.items()):
            fields = {role: "" for role in ("seeker", "mentor") if getattr(one, role) == person}
            if fields:
                board.introductions[number] = msgspec.structs.replace(one, due=NOW, **fields)

    def _look(self, board: Board) -> None:
        for note in board.notes:
            self._look_at(note, board)
        for one in board.introductions.values():
            assert one.mentor != one.seeker or not one.seeker
        seekers = [one.seeker for one in board.introductions.values() if one.state in OPEN and one.seeker]
        assert len(seekers) == len(set(seekers))

    def _look_at(self, note: Note, board: Board) -> None:
        one = note.introduction
        if note.what == "asked":
            offer = board.offers[note.person]
            assert board.load(note.person) <= offer.most
            assert frozenset(one.people) not in self.apart
            assert not self.barred & set(one.people)
        if note.what == "room":
            assert {(note.number, one.seeker), (note.number, one.mentor)} <= self.said_yes
            self.rooms.append(note.number)
        reply = self.pages.note(note)
        if not isinstance(reply.effect, Room):
            words = msgspec.json.encode(reply).decode()
            assert not any(f'{person}"' in words or f" {person}" in words for person in PEOPLE)
        if one.state not in KNOWN:
            assert note.person in one.people


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1), steps), max_size=40))
def test_whatever_happens_nobody_is_introduced_who_did_not_agree(script: list[tuple[int, Step]]) -> None:
    """And nobody is in two rooms for one request, no letter names anybody, and every request ends by itself."""
    towns = Town("test:1"), Town("test:2")
    for number, step in script:
        towns[number].step(*step)
    for town in towns:
        for _ in range(200):
            town.step("wait", "ann", 1)
        assert not town.introductions
        assert len(town.rooms) == len(set(town.rooms))


# time


def due(board: Board, number: int, after: timedelta) -> None:
    """Let the time of an introduction come."""
    board.due(number, NOW + after)
    board.settle(NOW + after)


def test_who_does_not_answer_is_passed_over_quietly() -> None:
    """The next one is asked, the seeker hears of neither."""
    board = Board({"ben": offering(), "cat": offering()}, {1: wanted()})
    board.settle(NOW)
    due(board, 1, ANSWERED_WITHIN)
    assert [(note.person, note.what) for note in board.notes] == [
        ("ben", "asked"),
        ("ben", "passed_on"),
        ("cat", "asked"),
    ]
    assert board.introductions[1].declined == ("ben",)


def test_a_request_that_nobody_is_free_for_ends_after_two_weeks() -> None:
    """It is looked at every day until then."""
    board = Board({}, {1: wanted()})
    due(board, 1, LOOKED_AGAIN)
    assert board.introductions[1].due == NOW + 2 * LOOKED_AGAIN
    due(board, 1, LOOKED_FOR)
    assert told(board, "nobody_found") == ["ann"]
    assert not board.introductions


def test_a_request_ends_where_mentors_are_switched_off() -> None:
    """The next time it is looked at."""
    board = Board({"ben": offering()}, {1: wanted()}, on=False)
    due(board, 1, LOOKED_AGAIN)
    assert told(board, "nobody_found") == ["ann"]


@pytest.mark.parametrize(("state", "what"), [(State.ACCEPTED, "lapsed"), (State.AGREED, "no_room")])
def test_both_hear_when_no_room_comes_of_it(state: State, what: str) -> None:
    """Because nobody answered, or the platform never opened one."""
    board = Board({"ben": offering()}, {1: wanted(mentor="ben", state=state)})
    due(board, 1, ANSWERED_WITHIN)
    assert told(board, what) == ["ann", "ben"]
    assert not board.introductions


def test_both_are_asked_once_and_then_it_is_forgotten() -> None:
    """A week after they met; a month later nothing is left, and nobody is told."""
    board = Board({}, {1: wanted(mentor="ben", state=State.MET, receipt="r")})
    due(board, 1, timedelta())
    assert (told(board, "did_it_help"), told(board, "how_is_it_going")) == (["ann"], ["ben"])
    assert board.introductions[1].due == NOW + LOOKED_AGAIN + KEPT_FOR
    board.notes.clear()
    due(board, 1, KEPT_FOR)
    assert not board.notes
    assert not board.introductions


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("gone", ["seeker", "mentor"])
def test_whoever_is_left_behind_is_told_in_one_line(state: State, gone: str) -> None:
    """Somebody erased everything: the other one hears that it is over, or is found somebody else."""
    one = wanted(mentor="" if state is State.LOOKING else "ben", state=state, receipt="r" if state is State.MET else "")
    if state is State.LOOKING and gone == "mentor":
        return
    board = Board({}, {1: msgspec.structs.replace(one, due=NOW, **{gone: ""})})
    board.left_alone(NOW)
    left = {"seeker": "ben", "mentor": "ann"}[gone]
    expected = {
        (State.ASKED, "seeker"): ["taken_back"],
        (State.ACCEPTED, "seeker"): ["ended"],
        (State.AGREED, "seeker"): ["ended"],
        (State.MET, "seeker"): ["ended", "closing"],
        (State.ACCEPTED, "mentor"): ["found_no_more"],
        (State.AGREED, "mentor"): ["ended"],
        (State.MET, "mentor"): ["ended", "closing"],
    }
    assert [note.what for note in board.notes] == expected.get((state, gone), [])
    assert {note.person for note in board.notes} <= {left, ""}
    assert bool(board.introductions) == ((state, gone) in {(State.ASKED, "mentor"), (State.ACCEPTED, "mentor")})


@pytest.mark.parametrize("state", State)
def test_who_has_erased_everything_is_named_nowhere(state: State) -> None:
    """Nor is whoever said no once needed any more when two others have agreed."""
    one = wanted(state=state, mentor="" if state is State.LOOKING else "cat", declined=("ben", "dan"))
    board = Board({"cat": offering(), "dan": offering()}, {1: one})
    board.left_alone(NOW)
    assert board.introductions[1].declined == ("dan",)
    if state is State.ACCEPTED:
        board.agree(1, NOW)
        assert not board.introductions[1].declined


# what buttons hold


@given(st.text(max_size=12))
def test_whatever_a_button_holds_is_read(text: str) -> None:
    """What makes no sense is nothing."""
    draft = read_draft(text)
    assert read_draft(str(draft)) == draft
    assert 1 <= draft.most <= 5
    topic = read_topic(text)
    assert topic is None or str(topic) == text
