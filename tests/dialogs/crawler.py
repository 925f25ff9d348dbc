"""The crawler: what every choice of every step really reaches, and in which states people can be."""

from collections import deque
from datetime import UTC, datetime, timedelta
from functools import cache

from dialogs import lessons
from dialogs.engine import advance
from dialogs.events import Commanded, Event, Said, Tapped, Woke
from dialogs.journey import Answer, Journey
from dialogs.questions import QUESTIONS
from dialogs.stages.venting import CAP
from dialogs.steps import ASIDE, STAGES, Step
from dialogs.understanding.mails import Mail
from dialogs.understanding.meaning import Danger, Meaning

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
Move = tuple[Step, Step]

LINES: tuple[Meaning, ...] = (
    Meaning(),
    Meaning(intent="got_rejected", confidence=1.0, employer="Acme"),
    Meaning(intent="got_rejected", confidence=1.0, employer="Globex", cues=frozenset({"another"})),
    Meaning(intent="got_rejected", confidence=1.0, cues=frozenset({"ghosted"})),
    Meaning(intent="got_offer", confidence=1.0, cues=frozenset({"offer"})),
    Meaning(intent="got_offer", confidence=1.0),
    Meaning(intent="vent", confidence=0.6, feelings=("anger",)),
    Meaning(intent="vent", confidence=0.6, feelings=("shame",), cues=frozenset({"self_blame"})),
    Meaning(cues=frozenset({"feedback_came"})),
    Meaning(cues=frozenset({"same"})),
    Meaning(danger=Danger.DANGER, about="self"),
    Meaning(danger=Danger.CONCERN, about="self"),
    Meaning(danger=Danger.CONCERN, about="other"),
    Meaning(cues=frozenset({"meant_else"})),
    Meaning(cues=frozenset({"trap_never"})),
    Meaning(intent="stop", confidence=0.3, guesses=("stop", "got_rejected")),
    Meaning(intent="got_offer", confidence=0.3, guesses=("got_offer", "skip")),
    Meaning(intent="out_of_scope", confidence=0.9),
    Meaning(intent="got_rejected", confidence=1.0, rejection_email=True, mail=Mail(form=3)),
    Meaning(country="GB"),
    Meaning(when="+2"),
    Meaning(when="m2-31"),
    Meaning(at="03:05", cues=frozenset({"either_half"})),
    Meaning(intent="got_offer", confidence=1.0, cues=frozenset({"interview"})),
    Meaning(intent="got_offer", confidence=1.0, cues=frozenset({"interview"}), when="+2"),
    Meaning(choices=frozenset({"follow_up.good_news:interview"}), when="+2"),
)
COMMANDS = (
    *("skip", "back", "stop", "resume", "change", "restart", "erase", "checkin", "helpline", "repeat"),
    *("reminders", "snooze", "interview"),
)
WAITS = (timedelta(minutes=1), timedelta(days=1, minutes=20), timedelta(days=8), timedelta(days=200))


def _shape(journey: Journey, now: datetime) -> tuple[object, ...]:
    """Return what makes two journeys the same to the crawler: what can decide where their step leads."""
    application, venting = journey.application, journey.venting
    seen = application.answers.get(Step.SEEN) if application else None
    stage = next((name for name, steps in STAGES.items() if journey.step in steps), "anywhere")
    on_paper = seen.choice in {"nothing", "paper"} if seen else None
    left = journey.left if stage == "anywhere" else None
    if journey.step in ASIDE and left is not Step.REST:
        left = Step.WELCOME
    on_papers = sum(Answer(choice="paper") == one.answers.get(Step.SEEN) for one in journey.applications)
    many = min(len(journey.applications), 3)
    shape: tuple[object, ...] = (journey.step, left, many, min(on_papers, 3), bool(journey.why_me))
    if journey.step is Step.CLARIFY:
        shape += (journey.unsure,)
    if journey.step is Step.CHANGE:
        shape += (on_paper, len(application.answers) > len(STAGES["perspective"]) if application else None)
    if stage == "venting" and venting:
        capped = venting.until == venting.began + CAP
        shape += (min((now - venting.began).days, 8), capped, min(venting.blamed, 2))
    if stage == "perspective" and venting:
        shape += (on_paper, min(venting.blamed, 2), len(journey.true_things) > 1)
    if stage == "learning" and venting:
        shape += (on_paper, min(venting.blamed, 2), lessons.pattern(journey) is not None)
        shape += (journey.detour is not None, bool(application and application.lessons))
        shape += (journey.editing,) if journey.step is Step.LESSON_EDIT else ()
    return (*shape, *_shape_of_plan(journey, stage))


def _shape_of_plan(journey: Journey, stage: str) -> tuple[object, ...]:
    application = journey.application
    shape: tuple[object, ...] = ()
    if stage == "planning":
        shape += (journey.questioned, bool(application and application.actions))
        shape += (bool(journey.applications) and lessons.same_as_before(journey),)
    if journey.step in {Step.MOOD, Step.CHECK_IN, Step.OUTCOME}:
        shape += (min(len(journey.checking), 2), journey.rhythm.unanswered)
    if journey.step is Step.RHYTHM:
        shape += (any(action.due and action.state == "open" for action in journey.actions),)
    if journey.step in {Step.RHYTHM_DAY, Step.RHYTHM_HOUR}:
        shape += (journey.settings.zone == "UTC",)
    if journey.step is Step.REST:
        shape += (journey.rhythm.kind, bool(journey.interviews))
        shape += (bool(application and application.answers), bool(journey.actions))
    return shape


def events_in(journey: Journey) -> list[Event]:
    """Return everything that somebody may do in a state."""
    taps = [Tapped(asked=journey.asked, choice=c.id) for c in QUESTIONS[journey.step].choices(journey)]
    said = [Said(text="something of their own", meaning=meaning) for meaning in LINES]
    return [*taps, *said, *(Commanded(name=name) for name in COMMANDS)]


def _twice_before() -> Journey:
    """Return somebody who was rejected twice before, each time on paper, so that a pattern can show."""
    journey = Journey()
    for _ in range(2):
        journey = advance(journey, Said(text="no", meaning=LINES[1]), NOW).journey
        while journey.step is not Step.REST:
            paper = Tapped(asked=journey.asked, choice="paper")
            journey = advance(journey, paper if journey.step is Step.SEEN else Commanded(name="skip"), NOW).journey
    return journey


def _planned_before() -> Journey:
    """Return somebody who has two actions in an earlier plan, both with a day."""
    journey = advance(Journey(), Said(text="no", meaning=LINES[1]), NOW).journey
    taps = {Step.ACTION: "cv", Step.ACTION_WHEN: "week", Step.ACTION_CHECK: "one_more"}
    while len(journey.actions) < 2:
        tap = taps.get(journey.step)
        suggested = {choice.id for choice in QUESTIONS[journey.step].choices(journey)}
        choice = tap if tap in suggested else "right_jobs"
        event = Tapped(asked=journey.asked, choice=choice) if tap else Commanded(name="skip")
        journey = advance(journey, event, NOW).journey
    while journey.step is not Step.RHYTHM:
        journey = advance(journey, Commanded(name="skip"), NOW).journey
    return journey


def _same_again() -> Journey:
    """Return somebody without check-ins who is about to plan what they planned before."""
    journey = _planned_before()
    journey = advance(journey, Tapped(asked=journey.asked, choice="none"), NOW).journey
    journey = advance(journey, Said(text="no", meaning=LINES[2]), NOW).journey
    while journey.step is not Step.ACTION_CHECK:
        cv = Tapped(asked=journey.asked, choice="cv")
        journey = advance(journey, cv if journey.step is Step.ACTION else Commanded(name="skip"), NOW).journey
    return journey


@cache
def crawled() -> tuple[set[Move], list[Journey]]:
    """Follow every event of every state that differs to the eye, and return the moves and the states."""
    moves: set[Move] = set()
    known: set[tuple[object, ...]] = set()
    states: list[Journey] = []
    waiting: deque[tuple[Journey, datetime]] = deque()

    def reach(journey: Journey, now: datetime) -> None:
        shape = _shape(journey, now)
        if shape not in known:
            known.add(shape)
            waiting.append((journey, now))

    for seed in (_same_again(), Journey(), _twice_before(), _planned_before()):
        reach(seed, NOW)
    while waiting:
        journey, now = waiting.popleft()
        states.append(journey)
        happenings = [(event, now) for event in events_in(journey)] + [(Woke(), now + wait) for wait in WAITS]
        for event, then in happenings:
            after = advance(journey, event, then).journey
            moves.add((journey.step, after.step))
            reach(after, then)
    return moves, states
