"""Row A14, when an interview is near: the day confirmed, a card on the evening before, and afterwards how it went."""

from datetime import timedelta

from msgspec.structs import replace

from dialogs import booking, news, pages, waits, zones
from dialogs.journey import Interview, Journey
from dialogs.replies import Params
from dialogs.steps import Step
from dialogs.talk import LONGEST_KEPT, Heard, Question, Talk
from dialogs.understanding.meaning import Meaning

WHENS = {"today": 0, "tomorrow": 1, "few_days": 3, "week": 7}
MOST_INTERVIEWS = 50


def _when_told(talk: Talk, heard: Heard) -> Step:
    meaning = heard.meaning
    if heard.choice in WHENS:
        day = talk.today + timedelta(days=WHENS[heard.choice])
        talk.change(booking=replace(booking.of(talk), day=day))
        return Step.INTERVIEW_SURE
    if heard.choice == "dont_know":
        talk.change(booking=None)
        _show_card(talk)
        return talk.returned()
    if meaning.employer and not booking.of(talk).employer:
        talk.change(booking=replace(booking.of(talk), employer=meaning.employer[:LONGEST_KEPT]))
    if meaning.when is None:
        talk.say("interviews.no_such_day")
        return Step.INTERVIEW_WHEN
    return booking.dated(talk, meaning)


def _which(journey: Journey) -> str:
    booked = journey.booking
    timed = "_at" if booked and booked.at else ""
    return f"interviews.sure_with{timed}" if booked and booked.employer else f"interviews.sure{timed}"


def _parts(journey: Journey) -> Params:
    return _named(journey.booking) if journey.booking else {}


def _named(interview: Interview) -> Params:
    at: Params = {"time": f"{interview.at:%H:%M}"} if interview.at else {}
    who: Params = {"interviewer": interview.employer} if interview.employer else {}
    return {"day": interview.day, **who, **at}


def _sure(talk: Talk, heard: Heard) -> Step:
    match heard.choice:
        case "yes" | "quiet":
            return _book(talk, wanted=heard.choice == "yes")
        case "none":
            talk.change(booking=None)
            talk.say("interviews.none_kept")
            return talk.returned()
        case "":
            return booking.dated(talk, heard.meaning) if heard.meaning.when or heard.meaning.at else Step.INTERVIEW_WHEN
        case _:
            return Step.INTERVIEW_WHEN


def _book(talk: Talk, *, wanted: bool) -> Step:
    """Keep the interview; where its evening before has come already, the card comes at once."""
    booked = replace(booking.of(talk), card=wanted, ask=wanted)
    kept = (*talk.journey.interviews, booked)[-MOST_INTERVIEWS:]
    talk.change(interviews=kept, booking=None)
    if not wanted or waits.Reason.CARD in waits.due(talk.journey, talk.now):
        talk.change(interviews=(*kept[:-1], replace(booked, card=False)))
        _show_card(talk)
    else:
        talk.say("interviews.kept", **_named(booked))
    return Step.CLOCK if wanted and not zones.known(talk.journey) else talk.returned()


def _show_card(talk: Talk) -> None:
    talk.say("interviews.card")
    talk.show(pages.prep(talk.journey))


def evening_before(talk: Talk, interview: Interview) -> None:
    """Bring the card for an interview, where nothing is asked."""
    talk.say("interviews.evening_at" if interview.at else "interviews.evening", **_named(interview))
    talk.show(pages.prep(talk.journey))


def ask_after(talk: Talk, interview: Interview) -> Step:
    """Ask how an interview went."""
    talk.change(booking=interview)
    return Step.INTERVIEW_AFTER


def _went(talk: Talk, heard: Heard) -> Step:
    interview = booking.of(talk)
    talk.change(booking=None)
    match heard.choice:
        case "offer":
            return Step.OFFER
        case "no":
            meaning = Meaning(intent="got_rejected", employer=interview.employer or None, role=interview.role or None)
            return news.one_more(talk, meaning)
        case "well" | "mixed" | "badly" | "waiting":
            talk.say(f"interviews.went_{heard.choice}")
        case _:
            talk.say("interviews.went_badly" if heard.meaning.feelings else "interviews.went_heard")
    return talk.returned()


QUESTIONS = (
    Question(
        Step.INTERVIEW_WHEN, "interviews.when", (*WHENS, "dont_know"), _when_told, takes_text=True, skip="dont_know"
    ),
    Question(
        Step.INTERVIEW_SURE,
        _which,
        ("yes", "quiet", "change", "none"),
        _sure,
        takes_text=True,
        skip="quiet",
        params=_parts,
        keys=("interviews.sure", "interviews.sure_at", "interviews.sure_with", "interviews.sure_with_at"),
    ),
    Question(
        Step.INTERVIEW_AFTER,
        "interviews.after",
        ("well", "mixed", "badly", "waiting", "offer", "no"),
        _went,
        takes_text=True,
        skip="waiting",
        params=_parts,
    ),
)
