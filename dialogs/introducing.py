"""What is offered and looked for in one community, and every move of it: who is asked, who agrees, what ends."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime

from msgspec.structs import replace

from dialogs.journey import Mentored
from dialogs.mentoring import (
    ANSWERED_WITHIN,
    FOLLOWED_UP,
    KEPT_FOR,
    LOOKED_AGAIN,
    LOOKED_FOR,
    MOVES,
    NEVER,
    OPEN,
    OPENED_WITHIN,
    Introduction,
    Offer,
    State,
    Status,
    mentored,
)
from dialogs.private import Private

WAITED_FOR = frozenset({"found"})
"""What somebody is told even while they may be in danger: they have asked for it, and another one waits for them."""


class Note(Private, frozen=True):
    """What somebody is told, by the name of its words, about an introduction; "" is the room of both."""

    person: str
    what: str
    number: int
    introduction: Introduction


class Board:
    """Everything that is offered and looked for in one community, as of one moment. It belongs to one transaction."""

    def __init__(
        self,
        offers: Mapping[str, Offer],
        introductions: Mapping[int, Introduction],
        apart: Collection[frozenset[str]] = (),
        barred: Collection[str] = (),
        *,
        on: bool = True,
        stopped: Collection[str] = (),
        in_danger: Collection[str] = (),
    ) -> None:
        """Take what there is.

        apart: pairs who are never introduced. barred: who takes no part. on: whether the community has it switched on.
        stopped: who has asked not to be written to. in_danger: who may be, and is talked with about nothing else.
        """
        self.offers = dict(offers)
        self.introductions = dict(introductions)
        self.apart = set(apart)
        self.barred = set(barred)
        self.on = on
        self.stopped = set(stopped)
        self.in_danger = set(in_danger)
        self.notes: list[Note] = []

    # looking

    def may(self, move: str, person: str, number: int) -> Introduction | None:
        """Return the introduction when somebody may do this with it now."""
        found, rule = self.introductions.get(number), MOVES[move]
        if found is None or found.state not in rule.states:
            return None
        return found if any(getattr(found, role) == person for role in rule.roles) else None

    def request(self, seeker: str) -> int | None:
        """Return the number of the request that somebody has open."""
        return next((n for n, one in self.introductions.items() if one.seeker == seeker and one.state in OPEN), None)

    def of(self, person: str) -> dict[int, Introduction]:
        """Return the introductions that somebody is in."""
        return {number: one for number, one in self.introductions.items() if person in one.people}

    def load(self, mentor: str) -> int:
        """Return how many people somebody mentors, or is asked to mentor."""
        return sum(one.mentor == mentor for one in self.introductions.values())

    def free(self) -> dict[str, int]:
        """Return who can be asked for one more, with how many each has already."""
        away = self.barred | self.stopped | self.in_danger
        loads = Counter(one.mentor for one in self.introductions.values())
        return {
            mentor: loads[mentor]
            for mentor, offer in self.offers.items()
            if offer.status is Status.ON and loads[mentor] < offer.most and mentor not in away
        }

    def best(self, wanted: Introduction, free: Mapping[str, int]) -> str | None:
        """Return who of them is to be asked: whoever has least, and of those who was not asked for longest."""
        if wanted.seeker in self.barred:
            return None
        fitting = [mentor for mentor in free if self._covers(mentor, wanted) and self._may_meet(mentor, wanted)]
        return min(fitting, key=lambda one: (free[one], self.offers[one].last_asked or NEVER, one), default=None)

    def _covers(self, mentor: str, wanted: Introduction) -> bool:
        offer = self.offers[mentor]
        return (
            wanted.topic in offer.topics
            and (wanted.topic != "industry" or wanted.industry in offer.industries)
            and offer.language == wanted.language
        )

    def _may_meet(self, mentor: str, wanted: Introduction) -> bool:
        return (
            mentor != wanted.seeker
            and mentor not in wanted.declined
            and frozenset((mentor, wanted.seeker)) not in self.apart
        )

    def settle(self, now: datetime) -> None:
        """Ask a mentor for each request that somebody is free for; whoever has waited for longest comes first."""
        if not self.on:
            return
        free = self.free()
        waiting = [
            (one.since, number)
            for number, one in self.introductions.items()
            if one.state is State.LOOKING and one.seeker not in self.stopped
        ]
        in_vain: set[tuple[str, str, str]] = set()
        for _, number in sorted(waiting):
            wanted = self.introductions[number]
            what = wanted.topic, wanted.industry, wanted.language
            # Many may wait for the same thing: that nobody is free for it is found out once.
            if what in in_vain or not any(self._covers(mentor, wanted) for mentor in free):
                in_vain.add(what)
                continue
            mentor = self.best(wanted, free)
            if mentor is not None:
                self._ask(number, mentor, now)
                free = self.free()

    def _ask(self, number: int, mentor: str, now: datetime) -> None:
        self.offers[mentor] = replace(self.offers[mentor], last_asked=now)
        self._put(number, mentor=mentor, state=State.ASKED, due=now + ANSWERED_WITHIN)
        self._tell(mentor, "asked", number)

    def mentored(self, person: str, community: str) -> tuple[Mentored, ...]:
        """Return what somebody has here, as they are shown everything that is kept of them."""
        return mentored(community, self.offers.get(person), self.of(person).values(), person)

    # the moves of an introduction

    def seek(self, number: int, wanted: Introduction) -> None:
        """Put a new request on the list."""
        self.introductions[number] = wanted

    def cancel(self, number: int) -> None:
        """Take a request back; whoever was asked hears that it is."""
        self._tell(self.introductions[number].mentor, "taken_back", number)
        del self.introductions[number]

    def accept(self, number: int, now: datetime) -> None:
        """Ask the seeker, now that a mentor has said yes."""
        self._put(number, state=State.ACCEPTED, due=now + ANSWERED_WITHIN)
        self._tell(self.introductions[number].seeker, "found", number)

    def decline(self, number: int, now: datetime) -> None:
        """Put a request back on the list; this mentor is not asked again for it. Only a yes that was told is untold."""
        one = self.introductions[number]
        if one.state is State.ACCEPTED:
            self._tell(one.seeker, "found_no_more", number)
        declined = tuple(name for name in (*one.declined, one.mentor) if name in self.offers)
        self._put(number, mentor="", state=State.LOOKING, due=now + LOOKED_AGAIN, declined=declined)

    def agree(self, number: int, now: datetime) -> None:
        """Open a room: both have said yes."""
        self._put(number, state=State.AGREED, due=now + OPENED_WITHIN, declined=())
        self._tell_both("room", number)

    def opened(self, number: int, receipt: str, now: datetime) -> None:
        """Take note that the room is open."""
        self._put(number, state=State.MET, due=now + FOLLOWED_UP, receipt=receipt)

    def end(self, number: int, why: str = "ended", by: str = "") -> None:
        """End an introduction: the room is closed, and whoever did not do it is told."""
        one = self.introductions[number]
        for person in one.people:
            if person != by:
                self._tell(person, why, number)
        if one.receipt:
            self._tell_both("closing", number)
        del self.introductions[number]

    def part(self, one: str, other: str) -> None:
        """Never introduce two people to each other again."""
        self.apart.add(frozenset((one, other)))

    def followed_up(self, number: int) -> None:
        """Ask both, once, how it is going."""
        one = self.introductions[number]
        self._put(number, followed_up=True, due=one.due + KEPT_FOR)
        self._tell(one.seeker, "did_it_help", number)
        self._tell(one.mentor, "how_is_it_going", number)

    # offers

    def offer(self, person: str, offer: Offer) -> None:
        """Keep what somebody offers."""
        self.offers[person] = offer

    def stop(self, person: str, now: datetime) -> None:
        """Take an offer away. Who waits for this mentor is passed on; who has met them is not touched."""
        self.offers.pop(person, None)
        for number, one in self.of(person).items():
            if one.mentor == person and one.state in {State.ASKED, State.ACCEPTED}:
                self.decline(number, now)

    def unreachable(self, number: int, now: datetime) -> None:
        """Pause the offer of a mentor who cannot be asked (any more), and pass the request on."""
        mentor = self.introductions[number].mentor
        self.offers[mentor] = replace(self.offers[mentor], status=Status.PAUSED)
        self.decline(number, now)

    def bar(self, person: str, now: datetime) -> None:
        """Let somebody take no part any more. With whom they have a room already, those two see to themselves."""
        self.barred.add(person)
        self.stop(person, now)
        number = self.request(person)
        if number is not None:
            self.end(number, "request_over")

    # time

    def due(self, number: int, now: datetime) -> None:
        """Do what is to be done with an introduction because its time has come."""
        one = self.introductions[number]
        match one.state:
            case State.LOOKING if now >= one.since + LOOKED_FOR or not self.on:
                self.end(number, "nobody_found")
            case State.LOOKING:
                self._put(number, due=now + LOOKED_AGAIN)
            case State.ASKED:
                self._tell(one.mentor, "passed_on", number)
                self.decline(number, now)
            case State.ACCEPTED:
                self.end(number, "lapsed")
            case State.AGREED:
                self.end(number, "no_room")
            case State.MET if not one.followed_up:
                self.followed_up(number)
            case _:
                del self.introductions[number]

    def left_alone(self, now: datetime) -> None:
        """Go on with each introduction of which one side is gone, before anybody does anything with it."""
        for number, one in list(self.introductions.items()):
            if not self.offers.keys() >= set(one.declined):
                # Their names are kept for as long as they could be asked again, and no longer.
                self._put(number, declined=tuple(name for name in one.declined if name in self.offers))
            if not one.seeker or (not one.mentor and one.state is not State.LOOKING):
                self._left_alone(number, one, now)

    def _left_alone(self, number: int, one: Introduction, now: datetime) -> None:
        if one.seeker and one.state in {State.ASKED, State.ACCEPTED}:
            self.decline(number, now)
        elif one.state is State.ASKED:
            self.cancel(number)
        else:
            self.end(number)

    def _put(self, number: int, **fields: object) -> None:
        self.introductions[number] = replace(self.introductions[number], **fields)

    def _tell(self, person: str, what: str, number: int) -> None:
        silent = person in self.stopped or (person in self.in_danger and what not in WAITED_FOR)
        if person and not silent:
            self.notes.append(Note(person=person, what=what, number=number, introduction=self.introductions[number]))

    def _tell_both(self, what: str, number: int) -> None:
        self.notes.append(Note(person="", what=what, number=number, introduction=self.introductions[number]))
