"""One journey that goes on and on, whatever happens to it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from random import Random

import msgspec
from msgspec.structs import replace

from adapters.incoming import cleaned, shortened
from dialogs.codec import decode, encode
from dialogs.commands import COMMANDS, WORDLESS
from dialogs.engine import advance
from dialogs.events import Commanded, Event, Filled, Said, Tapped, Woke
from dialogs.journey import Journey, Turn
from dialogs.place import placed
from dialogs.questions import QUESTIONS
from dialogs.replies import Ask
from dialogs.steps import Step, may_follow
from dialogs.understanding.meaning import Meaning
from tests.fuzz import mutators
from tests.fuzz.real import CATALOG, UNDERSTANDING
from tests.fuzz.replies import fit
from tests.fuzz.target import Json, Made, Target, holds
from tests.fuzz.texts import LINES, TIMES, nasty

BEGINS = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
EARLIEST, LATEST = datetime(2020, 1, 1, tzinfo=UTC), datetime(2033, 1, 1, tzinfo=UTC)
"""The public holidays of some countries are known until 2035 only, and their library warns of later ones."""

LONG_LIFE = 0.002
"""How likely a journey ends with an event, and another one begins."""

NAMES = (*COMMANDS, "skip", "back")
ZONES = (
    "UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Kiritimati", "Etc/GMT+12", "Asia/Kathmandu",
    "Africa/Casablanca", "Australia/Lord_Howe", "Europe/Dublin",
    "America/New_York", "Factory", "localtime", "Europe", "", "../x", "a\x00b",
)  # fmt: skip
TOLD: Mapping[str, tuple[str, ...]] = {
    "zone": ZONES,
    "country": ("DE", "us", "GB", "XX", "\u00df\u00df", "d", "", "1A", "\u01c6\u01c6"),
    "locale": ("en", "de-DE", "xx"),
    "overseen": ("yes", ""),
    "hour": ("0", "9", "23", "24", "-1", "18:00", "\u0661\u0662"),
    "quiet": ("22-8", "0-23", "23-0", "5-5", "8-22", "-", "1-2-3"),
    "employer": ("Acme", "<@1> & *Sons*", "\u202babc"),
    "role": ("nurse", "junior `welder`"),
    "when": ("friday", "31.12.", "9999-12-31", "0001-01-01"),
    "until": ("tomorrow", "in 3 weeks"),
    "shown": ("0 1 2", "0", "x"),
    "done": ("0", "1 2", ""),
}
"""What commands take under a name."""

JUMPS = (
    timedelta(seconds=1), timedelta(minutes=7), timedelta(hours=1), timedelta(hours=13), timedelta(days=1),
    timedelta(days=8), timedelta(days=31), timedelta(days=400), timedelta(microseconds=1), timedelta(0),
)  # fmt: skip


class Engine(Target):
    """Every turn comes out on a declared path, can be stored, and fits what every platform shows."""

    name = "engine"

    def __init__(self) -> None:
        """Begin with somebody unknown, on a Monday evening."""
        super().__init__()
        self._journey = Journey()
        self._now = BEGINS
        self._wake_at: datetime | None = None

    def make(self, random: Random) -> Made:
        """Return the journey as it is stored, the moment, what the platform tells of the place, and an event."""
        if random.random() < LONG_LIFE or not EARLIEST < self._now < LATEST:
            self._journey, self._now, self._wake_at = Journey(), BEGINS, None
        event = _event(random, self._journey)
        self._pass_time(random, woken=isinstance(event, Woke))
        return {
            "journey": encode(self._journey).decode(),
            "now": self._now.isoformat(),
            "place": _fields(random, ("zone", "country", "locale", "overseen")) if random.random() < 0.05 else {},
            "event": msgspec.to_builtins(event),
            "home": random.random() < 0.1,
        }

    def check(self, made: Made) -> None:
        """Let the event happen, and check what comes of it."""
        now = datetime.fromisoformat(made["now"])
        before = placed(decode(made["journey"].encode()), made["place"])
        event = understood(made["event"])
        turn = advance(before, event, now)
        holds(turn == advance(before, event, now), "the same input gives something else")
        _check(before, turn, now)
        fit(turn, CATALOG, home=made["home"])
        self.reached.add(turn.journey.step.value)
        self._journey, self._wake_at = turn.journey, turn.wake_at

    def _pass_time(self, random: Random, *, woken: bool) -> None:
        jump = random.choice(JUMPS) * random.random() * (1 if random.random() < 0.9 else -1)
        if woken and self._wake_at is not None and random.random() < 0.7:
            self._now = max(self._now, self._wake_at)
        elif woken or random.random() < 0.3:
            self._now += jump
        else:
            self._now += timedelta(seconds=random.randint(0, 90))


def _event(random: Random, journey: Journey) -> Event:
    """Return something that happens: as a rule what may happen now, otherwise anything."""
    kind = random.choices((Tapped, Said, Commanded, Filled, Woke), (40, 28, 14, 6, 12))[0]
    asked = journey.asked if random.random() < 0.9 else random.choice((0, journey.asked - 1, journey.asked + 1, 10**30))
    if kind is Tapped:
        offered = QUESTIONS[journey.step].choices(journey)
        if offered and random.random() < 0.9:
            return Tapped(asked=asked, choice=random.choice(offered).id)
        return Tapped(asked=asked, choice=_text(random)[:100])
    if kind is Said:
        return Said(text=random.choice((*LINES, *TIMES)) if random.random() < 0.2 else _text(random))
    if kind is Filled:
        names = random.choice((("cue", "will"), ("will",), ("text",), (), ("x",)))
        return Filled(asked=asked, fields={name: _text(random)[:1000] for name in names})
    if kind is Commanded:
        name = random.choice(NAMES) if random.random() < 0.9 else _text(random)[:40]
        argument = " ".join(f"{name}={told}" for name, told in _fields(random, tuple(TOLD)).items())
        argument = random.choice(("", "", argument, _text(random)))
        fields = _fields(random, tuple(TOLD)) if random.random() < 0.4 else {}
        return Commanded(name=name, argument=argument, fields=fields)
    return Woke()


def _fields(random: Random, names: tuple[str, ...]) -> dict[str, str]:
    """Return some of what can be told under a name; now and then something that nobody would tell."""
    return {
        name: random.choice(TOLD[name]) if random.random() < 0.8 else cleaned(mutators.text(random, TOLD[name][0]))
        for name in random.sample(names, random.randint(0, 4))
    }


def _text(random: Random) -> str:
    """Return a text as every platform hands it over."""
    return shortened(cleaned(nasty(random)))[0]


def understood(given: Json) -> Event:
    """Return an event with the meaning of its words, as the application adds it."""
    event = msgspec.convert(given, Event)
    meaning = Meaning()
    if isinstance(event, Said | Filled) or (isinstance(event, Commanded) and event.name not in WORDLESS):
        meaning = UNDERSTANDING.understand(event.text) if event.text else meaning
    return event if isinstance(event, Tapped | Woke) else replace(event, meaning=meaning)


def _check(before: Journey, turn: Turn, now: datetime) -> None:
    after = turn.journey
    back = (before.left, before.detour, *before.trail)
    # One turn may make two moves, going on from where it was stopped; the engine checks each of them as it is made.
    path = before.step is after.step or turn.erase or may_follow(before.step, after.step, back)
    holds(path or before.left is not None, "a move that is not declared")
    holds(isinstance(turn.ask, Ask | None), "a turn asks something else than a question")
    holds(not any(isinstance(said, Ask) for said in turn.says), "a turn asks more than one question")
    holds(turn.ask is None or turn.erase or turn.ask.asked == after.asked, "what is asked is not the open question")
    holds(turn.wake_at is None or turn.wake_at > now, "a journey is to be woken in the past")
    holds(after.step is not Step.REST or after.detour is None, "a change of an answer goes on behind the end")
    holds(decode(encode(after)) == after, "a journey does not come back as it was stored")
