"""The terminal's parser with lines that nobody would type."""

from datetime import UTC, datetime, timedelta
from random import Random

from adapters.incoming import cleaned, shortened, spoken
from adapters.terminal import waiting
from adapters.terminal.parse import Leave, Nothing, Open, Wait, parse
from dialogs.commands import COMMANDS
from dialogs.events import Commanded, Said, Tapped
from dialogs.replies import Button
from tests.fuzz import mutators
from tests.fuzz.heard import heard
from tests.fuzz.real import CATALOG
from tests.fuzz.target import Made, Target, declared, holds
from tests.fuzz.texts import TIMES, nasty

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
ZONES = ("UTC", "Pacific/Kiritimati", "Etc/GMT+12", "America/St_Johns", "Europe/Berlin", "Australia/Lord_Howe")
NAMES = (*COMMANDS, "skip", "back", "wait", "quit", "no-such")
WAITS = (
    "2d",
    "90 minutes",
    "until monday 9:00",
    "until 2026-12-24 9:00",
    "until",
    "9999 w",
    "tomorrow at 8:00",
    "10:00",
)


class Terminal(Target):
    """A line is an event or one of the terminal's own commands, and time is only moved forward."""

    name = "terminal"

    def make(self, random: Random) -> Made:
        """Return a line, the number of choices on the screen, a day on which it is typed, and the person's zone."""
        line = nasty(random)
        if random.random() < 0.3:
            line = f"/{random.choice(NAMES)} {line}"
        elif random.random() < 0.6:
            until = mutators.text(random, random.choice(WAITS)) if random.random() < 0.7 else random.choice(TIMES)
            line = f"/wait {until} {random.choice(('', *TIMES))}"
        elif random.random() < 0.3:
            line = mutators.text(random, random.choice(("1", "2.", "9)", "/help", "/wait 2d")))
        return [line, random.randint(0, 9), random.randint(-400, 400), random.choice(ZONES)]

    def check(self, made: Made) -> None:
        """Check what a line means."""
        line, choices, days, zone = made
        clean = cleaned(line)
        holds(cleaned(clean) == clean, "what is cleaned is not clean")
        text, _ = shortened(clean)
        buttons = tuple(Button(id=str(number), label=str(number)) for number in range(choices))
        meant = parse(text, Open(asked=7, buttons=buttons))
        told = heard(meant, Said | Commanded | Tapped | Wait | Leave | Nothing)
        self.reached.add(told if getattr(meant, "name", "") in {"", *NAMES} else "a command that is none")
        heard(spoken(text), Said | Commanded)
        if isinstance(meant, Tapped):
            holds(meant.choice in {button.id for button in buttons}, "a choice is taken that is not there")
        if isinstance(meant, Wait):
            self.reached.add(_waited(meant.until, NOW + timedelta(days=days), zone))


def _waited(until: str, now: datetime, zone: str) -> str:
    try:
        moment = waiting.target(until, now, zone)
    except waiting.WaitError as error:
        return error.key
    holds(now < moment <= now + waiting.FURTHEST, "time is moved further than it may be")
    declared(waiting.later(moment - now, moment, zone, CATALOG), str)
    return "waited"
