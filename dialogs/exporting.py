"""Everything that is kept of a person as one JSON file."""

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from dialogs import filled, lessons, moments
from dialogs.catalog import Catalog, MissingWordsError
from dialogs.exported import Chosen, Export, Felt, Learnt, Planned, Reminded, Stands, Together, Told, Tried, Unshared
from dialogs.journey import Action, Answer, Application, Journey
from dialogs.pages import kept
from dialogs.records import QUESTIONS, mentored, questions_key
from dialogs.replies import File, Say
from dialogs.steps import Step


def file(journey: Journey, now: datetime, catalog: Catalog) -> File:
    """Return the file. Its name tells one export from another: it has the moment in it, to the second."""
    export = exported(journey, now, catalog)
    text = msgspec.json.format(msgspec.json.encode(export), indent=2).decode()
    return File(name=f"onward-{export.exported_at:%Y-%m-%d-%H%M%S}.json", text=f"{text}\n")


def exported(journey: Journey, now: datetime, catalog: Catalog) -> Export:
    """Return everything that is kept, with the words of the catalog for what was chosen."""
    return _Exporting(journey, catalog).everything(now)


class _Exporting:
    """Reads one journey, in the words of a catalog and on the person's clock."""

    def __init__(self, journey: Journey, catalog: Catalog) -> None:
        self._journey = journey
        self._catalog = catalog
        self._zone = ZoneInfo(journey.settings.zone)

    def everything(self, now: datetime) -> Export:
        journey = self._journey
        return Export(
            format="onward-export",
            version=1,
            exported_at=self._moment(now),
            settings=self._settings(),
            rhythm=self._rhythm(),
            applications=tuple(map(self._application, journey.applications)),
            true_things=tuple(self._said(answer, "") for answer in journey.true_things),
            own_line=journey.own_line,
            why_me=self._said(journey.why_me, "why_") if journey.why_me else None,
            moods=tuple(
                Felt(at=self._moment(mood.at), value=mood.value or None, note=mood.note) for mood in journey.moods
            ),
            interviews=journey.interviews,
            parked=journey.parked,
            mentoring=tuple(
                Together(
                    community=one.community,
                    kind=one.kind,
                    words=self._words(mentored(one)),
                    topics=one.topics,
                    industries=one.industries,
                )
                for one in journey.mentoring
            ),
            unshared=self._unshared(),
            standing=tuple(Stands(community=one.community, since=self._moment(one.since)) for one in journey.standing),
            counted=journey.counted,
        )

    def _application(self, one: Application) -> Tried:
        return Tried(
            told_at=self._moment(one.opened_at),
            employer=one.employer,
            role=one.role,
            silence=one.ghosted,
            joined=one.joined,
            answers={step: self._answered(Step(step), answer) for step, answer in one.answers.items()},
            lessons=tuple(
                Learnt(key=lesson.key, words=self._words(lessons.line(lesson)), yours=lesson.yours)
                for lesson in one.lessons
            ),
            actions=tuple(map(self._action, one.actions)),
            sting_before=one.sting_before or None,
            sting_after=one.sting_after or None,
            feedback_on=one.feedback_on,
            close_on=one.close_on,
        )

    def _action(self, one: Action) -> Planned:
        return Planned(
            when=self._words(lessons.cue(one)),
            will=self._words(lessons.will(one)),
            state=one.state,
            suggestion=one.key,
            due=one.due,
            ask_on=one.ask_on,
            expected=self._told(one.expected, QUESTIONS["expected"]) if one.expected else None,
            outcome=self._told(one.outcome, QUESTIONS["outcome"]) if one.outcome else None,
        )

    def _answered(self, step: Step, answer: Answer) -> Told:
        question = self._words(Say(key=f"questions.{step}"))
        return msgspec.structs.replace(self._told(answer, questions_key(step)), question=question)

    def _told(self, answer: Answer, of: str) -> Told:
        label = Say(key=f"label:{answer.choice}", params={"of": of})
        return Told(choice=answer.choice, words=self._words(label) if answer.choice else "", text=answer.text)

    def _said(self, answer: Answer, prefix: str) -> Told:
        words = "" if answer.text else self._words(kept((answer,), prefix)[0])
        return Told(choice=answer.choice, words=words, text=answer.text)

    def _settings(self) -> Chosen:
        known = self._journey.settings
        return Chosen(
            zone=known.zone,
            country=known.country,
            locale=known.locale,
            hour=known.hour,
            quiet_from=known.quiet_from,
            quiet_to=known.quiet_to,
            overseen=known.overseen,
        )

    def _unshared(self) -> Unshared | None:
        win = self._journey.win
        if win is None:
            return None
        return Unshared(at=self._moment(win.at), community=win.community, name=win.name, line=win.line)

    def _rhythm(self) -> Reminded:
        known = self._journey.rhythm
        return Reminded(
            kind=known.kind,
            weekday=moments.WEEKDAYS[known.weekday] if known.kind == "weekly" else "",
            next_on=known.next_on,
            not_before=known.not_before,
            stopped=known.held,
        )

    def _words(self, line: Say | str) -> str:
        """Return a line in words, "" where there are none (any more)."""
        try:
            return filled.shown(line, self._catalog)
        except MissingWordsError:
            return ""

    def _moment(self, moment: datetime) -> datetime:
        return moment.astimezone(self._zone).replace(microsecond=0)
