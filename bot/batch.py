"""The turns of one transaction: several events, any number of people, each person's in order."""

import logging
from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from adapters.port import Arrival, Outcome
from bot.clock import Clock
from dialogs import pulse, waits
from dialogs.catalog import Catalog
from dialogs.commands import WORDLESS
from dialogs.engine import advance
from dialogs.events import Commanded, Event, Filled, Said, Woke
from dialogs.journey import Journey, Turn
from dialogs.phrasing import phrase
from dialogs.place import placed
from dialogs.replies import Reply, Say
from dialogs.steps import Step
from dialogs.understanding import Danger, Understanding
from storage.errors import StorageError
from storage.mentoring import Mentoring
from storage.pulse import Pulse
from storage.store import Posted, Unit

BROKEN = "anywhere.broken"

log = logging.getLogger(__name__)


class Batch:
    """What one transaction is about."""

    def __init__(
        self, arrivals: Sequence[tuple[Arrival, Event | None]], catalog: Catalog, clock: Clock, keep_days: int
    ) -> None:
        """Take the arrivals, each with its event as `understood` has returned it. keep_days: what the host has set."""
        self._catalog = catalog
        self._clock = clock
        self._host = {"keep_days": str(keep_days)}
        self._arrivals = arrivals
        self._journeys: dict[str, Journey] = {}
        self._wakes: dict[str, datetime | None] = {}
        self._letters: list[tuple[str, str, Reply]] = []
        self._erased: dict[str, None] = {}
        self._counts: list[pulse.Count] = []
        self._unreached: set[str] = set()
        self.outcomes: dict[str, Outcome] = {}
        """What became of each arrival that was never seen before, by its id."""
        self.arrived: list[Step] = []
        """The steps to which the turns have led, of all people together."""

    @property
    def next_wake(self) -> datetime | None:
        """The earliest moment at which one of the journeys wakes."""
        return min((moment for moment in self._wakes.values() if moment), default=None)

    async def turn(self, unit: Unit) -> list[Posted]:
        """Make the turns and hand everything to the transaction; return the letters with their ids."""
        fresh = await self._fresh(unit)
        if not fresh:
            return []
        self._journeys = await unit.journeys(sorted({arrival.person for arrival, _ in fresh}))
        await self._look_up_mentoring(unit)
        self._unreached = set(unit.unreached)
        for arrival, event in fresh:
            self._one(arrival, event)
        await self._keep(unit, [arrival for arrival, _ in fresh])
        posted = await unit.post(self._letters, self._clock.now())
        if self._counts:  # last, because everybody of a community waits for its counters
            await Pulse.within(unit).add(self._counts)
        if all(isinstance(arrival.event, Woke) for arrival, _ in self._arrivals):
            return [replace(one, awaited=False) for one in posted]
        return posted

    async def _look_up_mentoring(self, unit: Unit) -> None:
        """Take over what others have done since: they end what somebody has asked for."""
        some = [person for person, journey in self._journeys.items() if journey.mentoring]
        if not some:
            return
        try:
            found = await unit.use(Mentoring).of(some)
        except StorageError:  # a row that cannot be read: it is only shown, and nobody goes unanswered for it
            log.exception("what people have to do with mentors is as they were last told")
            return
        self._journeys |= {person: replace(self._journeys[person], mentoring=found.get(person, ())) for person in some}

    async def _fresh(self, unit: Unit) -> list[tuple[Arrival, Event | None]]:
        """Return the arrivals that were never seen before; platforms deliver twice, even within one batch.

        Time needs no id: a journey that was woken no longer waits for that moment, so a second `Woke` does nothing.
        """
        happened = [(one.person, one.id) for one, _ in self._arrivals if not isinstance(one.event, Woke)]
        first = await unit.first_seen(happened, self._clock.now())
        fresh = []
        for arrival, event in self._arrivals:
            if isinstance(arrival.event, Woke) or arrival.id in first:
                first.discard(arrival.id)
                fresh.append((arrival, event))
        return fresh

    def _one(self, arrival: Arrival, event: Event | None) -> None:
        person, now = arrival.person, arrival.at or self._clock.now()
        before = placed(self._journeys[person], {**arrival.place, **self._host})
        if person in self._unreached and not isinstance(arrival.event, Woke):
            self._unreached.discard(person)
            self._letters.extend((person, arrival.address, reply) for reply in self._explained(person))
        turn, replies = self._advanced(before, event, now) or self._broken(before, arrival.event)
        self._journeys[person] = turn.journey
        if not isinstance(arrival.event, Woke):
            # By the clock of now, whenever it was said: what is over stays as it is.
            self._journeys[person], counts = pulse.counted(before, turn.journey, self._clock.now())
            self._counts.extend(counts)
        if turn.journey.step is not before.step:
            self.arrived.append(turn.journey.step)
        self.outcomes[arrival.id] = Outcome(fresh=True, asked=turn.journey.asked)
        self._wakes[person] = turn.wake_at
        self._letters.extend((person, arrival.address, reply) for reply in replies)
        if turn.erase:
            self._erased[person] = None

    def _advanced(self, journey: Journey, event: Event | None, now: datetime) -> tuple[Turn, tuple[Reply, ...]] | None:
        """Return the turn and its words, or None when it broke: that is our mistake, and one person's trouble only."""
        if event is None:
            return None
        try:
            turn = advance(journey, event, now)
            return turn, phrase(turn, self._catalog)
        except Exception:
            log.exception("a turn broke")
            return None

    def _broken(self, journey: Journey, event: Event) -> tuple[Turn, tuple[Reply, ...]]:
        """Return a turn that leaves the journey as it was and says so; time that broke says nothing."""
        says = () if isinstance(event, Woke) else (Say(key=BROKEN),)
        turn = Turn(journey=journey, says=says, wake_at=waits.next_wake(journey, self._clock.now()))
        return turn, phrase(turn, self._catalog)

    def _explained(self, person: str) -> tuple[Reply, ...]:
        """Return what somebody is told whom nothing had reached, now that they are here: once, and only in private."""
        key = f"{person.partition(':')[0]}.unreached"
        return (
            phrase(Turn(journey=Journey(), says=(Say(key=key),)), self._catalog) if key in self._catalog.lines else ()
        )

    async def _keep(self, unit: Unit, arrivals: Sequence[Arrival]) -> None:
        if self._erased:
            await unit.erase(list(self._erased))
        # Somebody who erased everything and then wrote again in the same batch begins anew, and that is kept.
        kept = [
            (person, journey, self._wakes[person])
            for person, journey in self._journeys.items()
            if person not in self._erased or journey != Journey()
        ]
        if kept:
            await unit.keep(kept)
        names = {person for person, _, _ in kept}
        await unit.heard([(one.person, one.address, one.cursor) for one in arrivals if one.person in names])


def understood(event: Event, understanding: Understanding) -> Event | None:
    """Return the event with the meaning of its words, or None when finding it broke."""
    try:
        match event:
            case Said(text=text) | Filled(text=text):
                return replace(event, meaning=understanding.understand(text))
            case Commanded(name="settings", argument="", text=text) if text:
                # Names of zones and countries, each in its field: nobody talks in them, and they read like no language.
                meaning = understanding.understand(text)
                return replace(event, meaning=replace(meaning, danger=Danger.NONE, about=None))
            case Commanded(name=name, text=text) if text and name not in WORDLESS:
                return replace(event, meaning=understanding.understand(text))
            case _:
                return event
    except Exception:
        log.exception("understanding broke")
        return None
