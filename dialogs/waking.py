"""What time itself brings about when a moment has come that the journey waited for."""

from collections.abc import Callable, Mapping

from dialogs import moments
from dialogs.journey import Journey
from dialogs.stages import venting
from dialogs.steps import Step
from dialogs.talk import Talk


def woke(talk: Talk) -> Step | None:
    """Return where the journey goes now, or None when what it waited for has lost its sense.

    Whatever else has come due meanwhile is dropped: after a silence there is one message, not the backlog.
    """
    before = talk.journey
    due = moments.due(before, talk.now)
    if not due or before.step is Step.STOPPED:
        return None
    talk.journey = moments.without_past(before, talk.now)
    if due[0] == "silence" and before.step is not Step.REST:
        return None
    return WAKES[due[0]](talk, before)


def _check_back(talk: Talk, _before: Journey) -> Step:
    talk.say("safety.checking")
    return Step.SAFETY_STAY


def _check_in(talk: Talk, before: Journey) -> Step:
    due = (n for n, a in enumerate(before.actions) if a.ask_at and a.ask_at <= talk.now and a.state == "open")
    talk.change(editing=next(due))
    return Step.CHECK_IN


WAKES: Mapping[str, Callable[[Talk, Journey], Step]] = {
    "safety": _check_back,
    "written": lambda talk, _: venting.written(talk),
    "time_up": lambda _, before: venting.time_up(before),
    "silence": lambda *_: Step.SILENCE,
    "feedback": lambda *_: Step.FEEDBACK_ASKED,
    "check_in": _check_in,
}
"""For each thing that is waited for (`moments.waits`), where it leads. It gets the journey as it was before it woke."""
