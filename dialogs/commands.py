"""What can be asked for anywhere, by word, button or slash command.

Each command takes the talk and what came with it, and returns the step to go to, or None to stay. After a command that
stays, the open question is asked again, except after those in `TOLD`.
"""

from collections.abc import Callable, Mapping
from itertools import count

from msgspec.structs import replace

from dialogs import booking, lessons, moments, news, pages, records, safety
from dialogs.anywhere import answered
from dialogs.journey import Action, Journey
from dialogs.place import placed
from dialogs.replies import Say
from dialogs.stages import check_in, rhythm
from dialogs.steps import Step, stage_of
from dialogs.talk import Heard, Talk
from dialogs.understanding.meaning import Meaning

Command = Callable[[Talk, Heard], Step | None]

TOLD = frozenset({"place", "tick", "file", "voice", "sticker", "long", "too_fast"})
"""Commands that platforms tell, and that nobody can write. After them the open question is not asked again."""

WORDLESS = frozenset({"place", "tick"})
"""Commands whose fields are no words of a person."""


def place(journey: Journey) -> Say:
    """Return the words for where a journey stands."""
    return Say(key=f"places.{stage_of(journey.left or journey.step) or 'opening'}")


def start_again(talk: Talk) -> None:
    """Leave the silence that the person asked for, and say in a line where they were."""
    talk.go(talk.returned())
    talk.say("anywhere.resumed", place=place(talk.journey))


def _help(talk: Talk, _heard: Heard) -> None:
    talk.say("anywhere.help")


def _about(talk: Talk, _heard: Heard) -> None:
    talk.say("opening.how")
    talk.say("anywhere.about")


def _stay(_talk: Talk, _heard: Heard) -> None:
    """Ask the open question again."""


def _pause(talk: Talk, _heard: Heard) -> Step:
    talk.say("anywhere.paused")
    return Step.STOPPED


def _stop(talk: Talk, _heard: Heard) -> Step:
    rhythm.hold(talk)
    talk.say("anywhere.stopped")
    return Step.STOPPED


def _restart(_talk: Talk, _heard: Heard) -> Step:
    return Step.RESTART_SURE


def _erase(_talk: Talk, _heard: Heard) -> Step:
    return Step.ERASE_SURE


def _change(talk: Talk, _heard: Heard) -> Step | None:
    if answered(talk.journey):
        return Step.CHANGE
    talk.say("anywhere.nothing_to_change")
    return None


def _progress(talk: Talk, _heard: Heard) -> None:
    talk.say("anywhere.progress", place=place(talk.journey))
    talk.show(pages.progress(talk.journey))


def _privacy(talk: Talk, _heard: Heard) -> None:
    talk.say("anywhere.privacy")
    if days := talk.journey.settings.keep_days:
        talk.say("anywhere.kept_for", days=str(days))


def _export(talk: Talk, _heard: Heard) -> None:
    talk.show(records.export(talk.journey, talk.now))


def _plan(talk: Talk, _heard: Heard) -> None:
    if talk.journey.actions:
        talk.show(pages.plan(talk.journey))
    else:
        talk.say("anywhere.no_plan")


def _lessons(talk: Talk, _heard: Heard) -> None:
    if talk.journey.application and talk.journey.application.lessons:
        talk.show(pages.lessons_page(talk.journey.application))
    else:
        talk.say("anywhere.no_lessons")


def _resume(talk: Talk, _heard: Heard) -> None:
    """Bring back what would come by itself; the open question is asked again."""
    rhythm.bring_back(talk)


def _prep(talk: Talk, _heard: Heard) -> None:
    talk.say("interviews.card")
    talk.show(pages.prep(talk.journey))


def _interview(talk: Talk, heard: Heard) -> Step:
    employer = heard.fields.get("employer") or heard.meaning.employer
    return booking.told(talk, replace(heard.meaning, employer=employer))


def _check_in(talk: Talk, _heard: Heard) -> Step:
    return check_in.asked_for(talk)


def _reminders(_talk: Talk, _heard: Heard) -> Step:
    return Step.RHYTHM


def _log(talk: Talk, _heard: Heard) -> None:
    if talk.journey.applications:
        talk.show(records.log(talk.journey))
    else:
        talk.say("anywhere.no_log")


def _patterns(talk: Talk, _heard: Heard) -> None:
    if len(talk.journey.applications) < lessons.PATTERN_FROM:
        talk.say("anywhere.no_patterns")
    else:
        talk.show(records.patterns(talk.journey))


def _recap(talk: Talk, _heard: Heard) -> None:
    if talk.journey.applications:
        talk.show(pages.recap(talk.journey))
    else:
        talk.say("anywhere.no_plan")


def _feedback_draft(talk: Talk, _heard: Heard) -> None:
    talk.say("learning.feedback_draft")
    talk.draft("drafts.feedback")


def _read(talk: Talk, _heard: Heard) -> None:
    talk.say("anywhere.read")


def _rejected(talk: Talk, heard: Heard) -> Step | None:
    """Bring a rejection by command: "/rejected", with the employer behind it, or employer and role by name."""
    meaning = heard.meaning
    employer = heard.fields.get("employer") or meaning.employer or heard.text
    named = bool(heard.text or heard.fields)
    return news.brought(
        talk,
        Meaning(
            intent="got_rejected",
            confidence=1.0,
            employer=employer or None,
            role=heard.fields.get("role") or meaning.role,
            cues=meaning.cues | {"another"} if named else meaning.cues,
        ),
    )


def _told(heard: Heard) -> dict[str, str]:
    """Return what was told under a name: "zone=Europe/Berlin country=DE", or in fields of these names."""
    return {**dict(part.split("=", 1) for part in heard.text.split() if "=" in part), **heard.fields}


def _take_over(talk: Talk, told: Mapping[str, str], meaning: Meaning) -> bool:
    """Take over the zone and the country that can be made sense of; say whether that was everything that was told."""
    zone, country = told.get("zone", "").strip(), told.get("country", "").strip()
    zone = zone if moments.known_zone(zone) else ""
    code = country.upper() if len(country) == len("DE") and country.isalpha() else (meaning.country or "")
    settings = talk.journey.settings
    talk.change(settings=replace(settings, zone=zone or settings.zone, country=code or settings.country))
    return bool(zone or not told.get("zone")) and bool(code or not country)


def _place(talk: Talk, heard: Heard) -> None:
    """Take over where the person is, from a platform that knows it."""
    talk.journey = placed(talk.journey, _told(heard))


def _tick(talk: Talk, heard: Heard) -> None:
    """Take over which of the actions that were shown ("shown") are done ("done"), by their numbers from 0 on."""
    shown, done = (set(heard.fields.get(name, "").split()) for name in ("shown", "done"))
    number = count()

    def ticked(action: Action) -> Action:
        name = str(next(number))
        if name not in shown or action.state == "dropped":
            return action
        return replace(action, state="done", ask_on=None) if name in done else replace(action, state="open")

    talk.change(
        applications=tuple(
            replace(application, actions=tuple(map(ticked, application.actions)))
            for application in talk.journey.applications
        )
    )


def _set_hours(talk: Talk, told: Mapping[str, str]) -> bool:
    """Take over the quiet hours ("quiet=22-8") and the hour of check-ins ("hour=18"); say whether they made sense."""
    settings = talk.journey.settings
    quiet = moments.hours_named(told.get("quiet") or f"{settings.quiet_from}-{settings.quiet_to}")
    hour = moments.hour_named(told.get("hour") or str(settings.hour))
    if quiet is None or hour is None:
        return False
    talk.change(settings=replace(settings, quiet_from=quiet[0], quiet_to=quiet[1], hour=hour))
    return True


def _settings(talk: Talk, heard: Heard) -> None:
    """Change what was named, and show how things stand."""
    told = _told(heard)
    if not (_take_over(talk, told, heard.meaning) and _set_hours(talk, told)) or (heard.text and not told):
        talk.say("anywhere.setting_unclear")
    talk.show(pages.settings(talk.journey))


def _file(talk: Talk, _heard: Heard) -> None:
    talk.say("anywhere.cannot_open")


def _voice(talk: Talk, _heard: Heard) -> None:
    talk.say("anywhere.cannot_listen")


def _sticker(talk: Talk, _heard: Heard) -> None:
    talk.say("anywhere.cannot_see")


def _long(talk: Talk, _heard: Heard) -> None:
    talk.say("anywhere.too_long")


def _too_fast(talk: Talk, _heard: Heard) -> None:
    talk.say("anywhere.too_fast")


COMMANDS: Mapping[str, Command] = {
    "start": _resume,
    "hello": _stay,
    "help": _help,
    "about": _about,
    "repeat": _stay,
    "resume": _resume,
    "pause": _pause,
    "stop": _stop,
    "restart": _restart,
    "erase": _erase,
    "change": _change,
    "progress": _progress,
    "privacy": _privacy,
    "export": _export,
    "plan": _plan,
    "lessons": _lessons,
    "prep": _prep,
    "interview": _interview,
    "log": _log,
    "patterns": _patterns,
    "recap": _recap,
    "reminders": _reminders,
    "snooze": check_in.snooze,
    "checkin": _check_in,
    "feedback": _feedback_draft,
    "read": _read,
    "rejected": _rejected,
    "helpline": safety.help_now,
    "settings": _settings,
    "place": _place,
    "tick": _tick,
    "file": _file,
    "voice": _voice,
    "sticker": _sticker,
    "long": _long,
    "too_fast": _too_fast,
}
"""Every command by its name, those of `TOLD` last.

"skip" and "back" are the engine's own, because they answer and undo questions.
"""

INTENT_COMMANDS: Mapping[str, str] = {
    "help": "help",
    "skip": "skip",
    "back": "back",
    "stop": "stop",
    "resume": "resume",
    "restart": "restart",
    "delete_data": "erase",
    "export_data": "export",
    "progress": "progress",
    "feedback_draft": "feedback",
    "plan_done": "checkin",
}
"""The command that an intent asks for."""
