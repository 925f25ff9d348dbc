"""Row A14, days later: how it is, what is due in the plan and what came of it, a note. Under a minute, and no guilt."""

from datetime import date, timedelta

from msgspec.structs import replace

from dialogs import lessons, moments, waits
from dialogs.journey import Action, Journey, Mood
from dialogs.replies import Params, Say
from dialogs.steps import Step
from dialogs.talk import LONGEST_KEPT, Heard, Question, Talk

MOODS = ("5", "4", "3", "2", "1")
LOW, WORST = 2, 1
GOOD = 4
MOST_MOODS = 200
"""The number of moods that are kept; the oldest ones go."""

MOST_AT_ONCE = 3
"""More actions than this are not asked about in one check-in."""

LATER = timedelta(days=3)
"""How far an action that is not done yet is moved."""

SNOOZES = {"tomorrow": 1, "three_days": 3, "week": 7, "two_weeks": 14}
LONGEST_SNOOZE = timedelta(days=366)

MOST_UNANSWERED = 2
"""After this many check-ins in a row that nobody answered, there is no further one."""

ANSWERING = frozenset({Step.MOOD, Step.CHECK_IN, Step.OUTCOME, Step.NOTE, Step.SNOOZE})
"""Steps of a check-in that waits for an answer."""


def begin(talk: Talk, asked_about: tuple[int, ...]) -> Step:
    """Begin a check-in about these actions."""
    talk.change(checking=asked_about[:MOST_AT_ONCE])
    return Step.MOOD


def asked_for(talk: Talk) -> Step:
    """Begin a check-in that the person asked for: about what is due, or else about what comes next."""
    return begin(talk, _due(talk.journey, talk.today) or _open(talk.journey)[:1])


def woke(talk: Talk, before: Journey) -> Step | None:
    """Begin a check-in whose day has come; when nobody answered the ones before, let it be."""
    rhythm = talk.journey.rhythm
    unanswered = rhythm.unanswered + 1 if before.step in ANSWERING else 0
    talk.change(rhythm=replace(rhythm, unanswered=unanswered))
    if unanswered >= MOST_UNANSWERED:
        talk.journey = waits.without_reminders(talk.journey)
        talk.say("check_in.let_be")
        return None
    weekly = before.rhythm.next_on is not None and before.rhythm.next_on != talk.journey.rhythm.next_on
    due = _due(talk.journey, talk.today)
    return begin(talk, due or (_open(talk.journey) if weekly else ()))


def _open(journey: Journey) -> tuple[int, ...]:
    """Return the numbers of the open actions, the earliest day first, those without a day last."""
    actions = enumerate(journey.actions)
    found = [(action.due or date.max, number) for number, action in actions if action.state == "open"]
    return tuple(number for _, number in sorted(found))


def _due(journey: Journey, today: date) -> tuple[int, ...]:
    return tuple(number for number in _open(journey) if (journey.actions[number].due or date.max) <= today)


def _moody(talk: Talk, heard: Heard) -> Step:
    if until := _put_off(talk, heard):
        return _snooze(talk, until)
    if heard.choice == "later":
        return Step.SNOOZE
    talk.change(rhythm=replace(talk.journey.rhythm, unanswered=0))
    value = int(heard.choice) if heard.choice in MOODS else (LOW if heard.meaning.feelings else 0)
    mood = Mood(at=talk.now, value=value, note="" if heard.choice else heard.text[:LONGEST_KEPT])
    talk.change(moods=(*talk.journey.moods, mood)[-MOST_MOODS:])
    _answer_mood(talk, value)
    if value == WORST and talk.journey.checking:
        _let_the_plan_wait(talk)
    return Step.CHECK_IN if talk.journey.checking else Step.NOTE


def _let_the_plan_wait(talk: Talk) -> None:
    """Leave what this check-in is about; only somebody who wanted to be asked on its days is asked again."""
    rhythm = talk.journey.rhythm
    if rhythm.kind == "dates" and not rhythm.held:
        talk.say("check_in.plan_waits")
        _ask_again(talk, talk.day_after(LATER))
    else:
        talk.say("check_in.plan_rests")
    talk.change(checking=())


def _answer_mood(talk: Talk, value: int) -> None:
    journey = talk.journey
    if 0 < value <= LOW:
        talk.say("check_in.low")
        if journey.true_things:
            thing = journey.true_things[len(journey.moods) % len(journey.true_things)]
            talk.say("check_in.true_again", thing=thing.text or Say(key=f"truths.{thing.choice}"))
    elif value:
        talk.say("check_in.good" if value >= GOOD else "check_in.so_so")


def _checked(talk: Talk, heard: Heard) -> Step:
    action = talk.journey.actions[talk.journey.checking[0]]
    if until := _put_off(talk, heard):
        return _snooze(talk, until)
    match heard.choice:
        case "done":
            _put(talk, replace(action, state="done", ask_on=None))
            talk.say("check_in.done")
            return Step.OUTCOME
        case "not_yet":
            _move(talk, action)
        case "drop":
            _put(talk, replace(action, state="dropped", ask_on=None))
            talk.say("check_in.dropped")
        case "change":
            return _ask_how(talk)
        case _:
            meaning = heard.meaning
            if meaning.action is None and talk.journey.editing != talk.journey.checking[0]:
                # A stray line must not take the place of a plan.
                return _ask_how(talk)
            will = (meaning.action or heard.text)[:LONGEST_KEPT]
            _put(talk, replace(action, cue=(meaning.cue or action.cue)[:LONGEST_KEPT], will=will))
            talk.say("check_in.changed")
    return _next(talk)


def _ask_how(talk: Talk) -> Step:
    """Have the next line taken as the action's new words."""
    talk.change(editing=talk.journey.checking[0])
    talk.say("check_in.say_how")
    return Step.CHECK_IN


def _move(talk: Talk, action: Action) -> None:
    """Move an action that is not done yet; it is asked about again only if that was wanted."""
    day = talk.day_after(LATER)
    asked = talk.journey.rhythm.kind == "dates" and not talk.journey.rhythm.held
    _put(talk, replace(action, due=day, ask_on=day if asked else None))
    talk.say("check_in.not_yet" if asked else "check_in.moved", day=day)


def _next(talk: Talk) -> Step:
    talk.change(checking=talk.journey.checking[1:], editing=None)
    return Step.CHECK_IN if talk.journey.checking else Step.NOTE


def _put(talk: Talk, action: Action) -> None:
    """Put an action in the place of the one that is asked about."""
    number = talk.journey.checking[0]
    applications = []
    for application in talk.journey.applications:
        count = len(application.actions)
        if 0 <= number < count:
            changed = (*application.actions[:number], action, *application.actions[number + 1 :])
            applications.append(replace(application, actions=changed))
        else:
            applications.append(application)
        number -= count
    talk.change(applications=tuple(applications))


def _halves(journey: Journey) -> Params:
    if not journey.checking:
        return {}
    action = journey.actions[journey.checking[0]]
    return {"cue": lessons.cue(action), "will": lessons.will(action)}


def _expected(journey: Journey) -> Params:
    expected = journey.actions[journey.checking[0]].expected if journey.checking else None
    return {"expected": lessons.expected(expected)} if expected else {}


def _which_outcome(journey: Journey) -> str:
    return "check_in.outcome_expected" if _expected(journey) else "check_in.outcome"


def _came_of_it(talk: Talk, heard: Heard) -> Step:
    if heard.choice != "too_early":
        action = talk.journey.actions[talk.journey.checking[0]]
        _put(talk, replace(action, outcome=heard.answer))
    talk.say(f"check_in.{heard.choice or 'noted'}")
    return _next(talk)


def _noted(talk: Talk, heard: Heard) -> Step:
    *earlier, mood = talk.journey.moods
    if not heard.choice:
        note = f"{mood.note} {heard.text}".strip()[:LONGEST_KEPT]
        talk.change(moods=(*earlier, replace(mood, note=note)))
    talk.say("check_in.over" if heard.choice else "check_in.over_noted")
    return talk.returned()


def snooze(talk: Talk, heard: Heard) -> Step | None:
    """Keep quiet for a while: until the day that was named, or ask until when."""
    until = _day(talk, heard)
    if until is None:
        return Step.SNOOZE
    leaves = talk.journey.step in ANSWERING
    back = _snooze(talk, until)
    return back if leaves else None


def _put_off(talk: Talk, heard: Heard) -> date | None:
    return _day(talk, heard) if "snooze" in heard.meaning.cues and not heard.choice else None


def _day(talk: Talk, heard: Heard) -> date | None:
    if heard.choice in SNOOZES:
        return talk.today + timedelta(days=SNOOZES[heard.choice])
    when = heard.meaning.when
    day = moments.day_named(when, talk.now, talk.journey.settings) if when else None
    return day if day and talk.today < day <= talk.today + LONGEST_SNOOZE else None


def _snoozed(talk: Talk, heard: Heard) -> Step:
    if heard.choice == "never_mind":
        return talk.returned()
    until = _day(talk, heard)
    if until is None:
        talk.say("check_in.no_such_day")
        return Step.SNOOZE
    return _snooze(talk, until)


def _snooze(talk: Talk, until: date) -> Step:
    """Let nothing come before a day; a check-in that is going on comes again on that day."""
    talk.change(rhythm=replace(talk.journey.rhythm, not_before=until, unanswered=0))
    _ask_again(talk, until)
    talk.change(checking=())
    talk.say("check_in.snoozed", day=until)
    return talk.returned()


def _ask_again(talk: Talk, day: date) -> None:
    """Ask again on a day about what this check-in is about."""
    number = iter(range(len(talk.journey.actions)))
    asked_about = talk.journey.checking

    def moved(action: Action) -> Action:
        return replace(action, ask_on=day) if next(number) in asked_about else action

    talk.change(
        applications=tuple(
            replace(application, actions=tuple(map(moved, application.actions)))
            for application in talk.journey.applications
        )
    )


QUESTIONS = (
    Question(Step.MOOD, "check_in.mood", (*MOODS, "later"), _moody, takes_text=True, skip="unsaid"),
    Question(
        Step.CHECK_IN,
        "check_in.action",
        ("done", "not_yet", "change", "drop"),
        _checked,
        takes_text=True,
        skip="not_yet",
        params=_halves,
    ),
    Question(
        Step.OUTCOME,
        _which_outcome,
        ("worked", "partly", "not_really", "too_early"),
        _came_of_it,
        takes_text=True,
        skip="too_early",
        params=_expected,
        keys=("check_in.outcome", "check_in.outcome_expected"),
    ),
    Question(Step.NOTE, "check_in.note", ("nothing",), _noted, takes_text=True, skip="nothing"),
    Question(Step.SNOOZE, "check_in.snooze", (*SNOOZES, "never_mind"), _snoozed, takes_text=True, skip="never_mind"),
)
