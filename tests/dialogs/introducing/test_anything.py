"""What holds of introductions whatever people do, in whatever order."""

from datetime import timedelta

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.catalog import Catalog
from dialogs.introducing import Board, Note
from dialogs.mentoring import KNOWN, LOOKED_AGAIN, MOVES, OPEN, Introduction, Offer, State, Status
from dialogs.mentoring_pages import Pages
from dialogs.replies import Room
from tests.dialogs.introducing.requests import NOW, PEOPLE, offering, people, wanted

ACTS = (*MOVES, "offer", "pause", "resume", "stop", "seek", "bar", "wait", "opened", "gone")
Offers = dict[str, Offer]
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
