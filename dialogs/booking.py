"""An interview that is being booked, from what was said about it."""

from datetime import time, timedelta

from msgspec.structs import replace

from dialogs import moments
from dialogs.journey import Interview
from dialogs.steps import Step
from dialogs.talk import Talk
from dialogs.understanding.meaning import Meaning

OFFICE = 8
"""Before this hour nobody interviews: "at 2" is in the afternoon."""

FURTHEST = timedelta(days=366)


def told(talk: Talk, meaning: Meaning) -> Step:
    """Take what was said about an interview, and ask for the rest."""
    talk.change(booking=Interview(day=talk.today, employer=meaning.employer or "", role=meaning.role or ""))
    return dated(talk, meaning) if meaning.when else Step.INTERVIEW_WHEN


def dated(talk: Talk, meaning: Meaning) -> Step:
    """Take the day and the time of the interview; a day that does not exist or is over is asked for again."""
    day = moments.day_named(meaning.when or "", talk.now, talk.journey.settings) if meaning.when else of(talk).day
    if day is None or not talk.today <= day <= talk.today + FURTHEST:
        talk.say("interviews.no_such_day")
        return Step.INTERVIEW_WHEN
    booked = of(talk)
    talk.change(booking=replace(booked, day=day, at=_time(meaning) or booked.at))
    return Step.INTERVIEW_SURE


def _time(meaning: Meaning) -> time | None:
    if meaning.at is None:
        return None
    at = time.fromisoformat(meaning.at)
    early = at.hour < OFFICE and "either_half" in meaning.cues
    return at.replace(hour=at.hour + 12) if early else at


def of(talk: Talk) -> Interview:
    """Return the interview that is being confirmed."""
    return talk.journey.booking or Interview(day=talk.today)
