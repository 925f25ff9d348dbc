"""Rows A1 to A3: a time-boxed place to complain, where the bot mostly listens and keeps nothing of what is said."""

from datetime import timedelta

from msgspec.structs import replace

from dialogs import moments
from dialogs.journey import Journey, Venting
from dialogs.steps import Step
from dialogs.talk import Heard, Question, Talk

CAP = timedelta(days=7)
"""Venting is never extended past this; from there on the approach changes."""

MORE = timedelta(days=1)
QUIET = timedelta(minutes=20)
"""The length of a private writing session (Spera, Buhrfeind, Pennebaker 1994)."""

ANSWERED_LINES = (1, 4, 9, 15, 22)
"""After a first answer, the gaps grow: whoever types line after line wants to be heard, not interrupted."""

RARELY = 8

ANGRY_LINES = 3
"""An angry person is heard out for this many lines before a way to cool down is offered."""


def _state(talk: Talk) -> Venting:
    return talk.journey.venting or Venting(began=talk.now)


def listen(talk: Talk, heard: Heard) -> bool:
    """Take a line in, answer it if it is time to, and say whether it was answered. Nothing of the line is kept."""
    state = _state(talk)
    feeling = heard.meaning.feelings[0] if heard.meaning.feelings else ""
    lines = state.lines + 1
    blamed = state.blamed + (1 if "self_blame" in heard.meaning.cues else 0)
    state = replace(state, lines=lines, blamed=blamed)
    scheduled = lines in ANSWERED_LINES or (lines > ANSWERED_LINES[-1] and lines % RARELY == 0)
    turned = bool(feeling) and feeling not in {"neutral", state.feeling} and lines - state.answered > 1
    answers = scheduled or turned
    if answers:
        shown = _shown_feeling(heard, feeling)
        state = replace(state, answered=lines, feeling=feeling or state.feeling)
        talk.say(f"venting.heard_{shown}")
    talk.change(venting=state)
    return answers


def _shown_feeling(heard: Heard, feeling: str) -> str:
    if "joking" in heard.meaning.cues and feeling in {"", "neutral", "anger", "disappointment"}:
        return "wry"
    if "self_blame" in heard.meaning.cues:
        return "shame"
    return feeling if feeling and feeling != "neutral" else "plain"


def _said_while_venting(talk: Talk, heard: Heard) -> Step | None:
    match heard.choice:
        case "ready":
            return _close(talk, "venting.closing")
        case "vanish":
            return _close(talk, "venting.vanished")
        case "cool":
            return Step.COOLING
        case "write":
            return Step.WRITING
    answered = listen(talk, heard)
    state = _state(talk)
    if answered and state.feeling == "anger" and state.lines >= ANGRY_LINES and not state.offered:
        talk.change(venting=replace(state, offered=True))
        return Step.COOLING
    return None


def _close(talk: Talk, key: str) -> Step:
    talk.say(key)
    return Step.STING_BEFORE


def _cooled(talk: Talk, heard: Heard) -> Step:
    if heard.choice in {"breathe", "walk", "cold_water"}:
        talk.say(f"venting.cool_{heard.choice}")
    elif heard.text and not heard.choice:
        listen(talk, heard)
    else:
        talk.say("venting.go_on")
    return Step.VENTING


def _begin_writing(talk: Talk) -> None:
    talk.change(venting=replace(_state(talk), quiet_until=talk.now + QUIET))
    talk.say("venting.writing_begins")


def _said_while_writing(talk: Talk, heard: Heard) -> Step | None:
    if heard.choice == "done":
        return written(talk)
    # The whole point of the session is that nobody answers, and that nothing of it stays.
    return None


def written(talk: Talk) -> Step:
    """End a writing session and return to listening."""
    talk.change(venting=replace(_state(talk), quiet_until=None))
    talk.say("venting.writing_ends")
    return Step.VENTING


def _time_up_answered(talk: Talk, heard: Heard) -> Step:
    if heard.choice == "ready":
        return _close(talk, "venting.closing")
    state = _state(talk)
    end = state.began + CAP
    if talk.now >= end:
        return Step.ENOUGH
    if heard.text and not heard.choice:
        listen(talk, heard)
    until = min(moments.outside_quiet_hours(talk.now + MORE, talk.journey.settings), end)
    talk.change(venting=replace(_state(talk), until=until))
    talk.say("venting.extended")
    return Step.VENTING


def _enough_answered(talk: Talk, heard: Heard) -> Step:
    match heard.choice:
        case "someone":
            talk.draft("drafts.talk_to_someone")
            return Step.ENOUGH
        case "rest":
            talk.say("venting.rest")
            return Step.REST
        case "look":
            return Step.STING_BEFORE
        case _:
            talk.say("venting.heard_plain")
            return Step.ENOUGH


def time_up(journey: Journey) -> Step:
    """Return where a journey goes when its time for venting is up: once the cap is reached, the approach changes."""
    state = journey.venting
    capped = state is not None and state.until is not None and state.until >= state.began + CAP
    return Step.ENOUGH if capped else Step.TIME_UP


def _which_question(journey: Journey) -> str:
    return "venting.what_else" if journey.venting and journey.venting.lines else "venting.worst"


QUESTIONS = (
    Question(
        Step.VENTING,
        _which_question,
        ("ready", "vanish", "cool", "write"),
        _said_while_venting,
        takes_text=True,
        skip="ready",
        keys=("venting.worst", "venting.what_else"),
    ),
    Question(
        Step.COOLING, "venting.cool", ("breathe", "walk", "cold_water", "go_on"), _cooled, takes_text=True, skip="go_on"
    ),
    Question(
        Step.WRITING,
        "venting.writing",
        ("done",),
        _said_while_writing,
        takes_text=True,
        skip="done",
        enter=_begin_writing,
    ),
    Question(Step.TIME_UP, "venting.time_up", ("ready", "more"), _time_up_answered, takes_text=True, skip="ready"),
    Question(
        Step.ENOUGH, "venting.enough", ("look", "someone", "rest"), _enough_answered, takes_text=True, skip="look"
    ),
)
