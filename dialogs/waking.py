"""What time itself brings about when a moment has come that the journey waited for."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from dialogs import forgetting, waits
from dialogs.journey import Interview, Journey
from dialogs.stages import check_in, follow_up, interviews, venting
from dialogs.steps import ASIDE, Step
from dialogs.talk import Talk
from dialogs.waits import LIVE, Reason

LONG_OVER = timedelta(days=14)
"""After this long nobody is asked any more how an interview went."""


def woke(talk: Talk) -> Step | None:
    """Return where the journey goes now, or None when what it waited for has lost its sense.

    After a silence there is one message, not the backlog: whatever else has come by then waits for another day.
    """
    for reason in waits.due(talk.journey, talk.now):
        before = talk.journey
        talk.journey = waits.dealt_with(before, reason, talk.now)
        if _makes_sense(reason, before, talk):
            if reason not in LIVE:
                talk.journey = waits.quiet_until_tomorrow(talk.journey, talk.now)
            return WAKES[reason](talk, before)
    return None


def _makes_sense(reason: Reason, before: Journey, talk: Talk) -> bool:
    match reason:
        case Reason.SILENCE:
            return before.step is Step.REST or (before.step in ASIDE and before.left is Step.REST)
        case Reason.CARD:
            return any(waits.begins(one, before) > talk.now for one in _told(before, talk.journey))
        case Reason.INTERVIEW:
            return any(waits.begins(one, before) > talk.now - LONG_OVER for one in _told(before, talk.journey))
        case Reason.UNSHARED:
            return False  # it is forgotten without a word
        case _:
            return True


def _told(before: Journey, after: Journey) -> list[Interview]:
    """Return the interviews that have come."""
    return [one for one, other in zip(before.interviews, after.interviews, strict=True) if one != other]


def _check_back(talk: Talk, _before: Journey) -> Step:
    talk.say("safety.checking")
    return Step.SAFETY_STAY


def _ask_about_silence(talk: Talk, before: Journey) -> Step:
    if before.step in ASIDE:
        talk.go(talk.returned())
    return Step.SILENCE


def _evening_before(talk: Talk, before: Journey) -> Step | None:
    interviews.evening_before(talk, _told(before, talk.journey)[-1])
    return None  # it asks nothing, so the question that is open stays open


WAKES: Mapping[Reason, Callable[[Talk, Journey], Step | None]] = {
    Reason.SAFETY: _check_back,
    Reason.WRITTEN: lambda talk, _: venting.written(talk),
    Reason.TIME_UP: lambda _, before: venting.time_up(before),
    Reason.CARD: _evening_before,
    Reason.INTERVIEW: lambda talk, before: interviews.ask_after(talk, _told(before, talk.journey)[-1]),
    Reason.FEEDBACK: follow_up.ask_for_feedback,
    Reason.CHECK_IN: check_in.woke,
    Reason.SILENCE: _ask_about_silence,
    Reason.FORGET: forgetting.woke,
}
"""For each thing that is waited for, where it leads. It gets the journey as it was before that was dealt with."""
