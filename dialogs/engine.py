"""One turn: danger first, then what works anywhere, then the question that is open. Pure; time comes in."""

from datetime import datetime, timedelta

from dialogs import clarify, commands, mail, news, safety, waits, waking
from dialogs.commands import COMMANDS, INTENT_COMMANDS
from dialogs.events import Commanded, Event, Filled, Said, Tapped, Woke
from dialogs.journey import Journey, Turn
from dialogs.questions import QUESTIONS
from dialogs.steps import ANYWHERE, Step
from dialogs.talk import Heard, Question, Talk
from dialogs.understanding.meaning import Danger, Meaning

LONG_AWAY = timedelta(hours=12)
"""After this long, a person is told in one line where they were before the talk goes on."""

SURE = 0.9
LIKELY = 0.5
"""From these confidences on, a line is taken as a command: where free text is an answer too, and where it is not."""

LONG_TRAIL = 20
"""How many questions one can go back."""

SILENCING = frozenset({"stop", "pause"})


NO_RECAP = frozenset({Step.NEW, Step.WELCOME, Step.REST, Step.STOPPED}) | waits.SAFETY
"""Steps at which nothing was broken off, or at which talk of it would be out of place."""


def advance(journey: Journey, event: Event, now: datetime) -> Turn:
    """Return what one event brings about in a journey at the moment `now` (with a time zone).

    Raises UndeclaredMoveError when a stage tries a move that `dialogs.steps` does not declare.
    """
    talk = Talk(journey, now)
    if isinstance(event, Woke):
        step = waking.woke(talk)
        if step is not None:
            talk.change(seen_at=now)
            _arrive(talk, step)
    else:
        _recap(talk, event)
        talk.change(seen_at=now, heard_at=now, forget_on=None)
        _hear(talk, event)
    after = Journey() if talk.erase else talk.journey
    return Turn(
        journey=after, says=tuple(talk.says), ask=talk.ask, wake_at=waits.next_wake(after, now), erase=talk.erase
    )


def _hear(talk: Talk, event: Said | Tapped | Filled | Commanded) -> None:
    if isinstance(event, Tapped):
        _tapped(talk, event.asked, event.choice)
    elif event.meaning.danger is not Danger.NONE:
        _arrive(talk, safety.noticed(talk, event.meaning))
    elif isinstance(event, Said):
        _said(talk, Heard(text=event.text.strip(), meaning=event.meaning))
    elif isinstance(event, Filled):
        _filled(talk, event)
    else:
        _command(talk, event.name, Heard(text=event.argument.strip(), meaning=event.meaning, fields=event.fields))


def _said(talk: Talk, heard: Heard) -> None:
    """Take a line: a plain answer, else what works anywhere, else news, and last whatever the step makes of it."""
    meaning = heard.meaning
    if meaning.command not in SILENCING:
        _go_on(talk)
    question = QUESTIONS[talk.journey.step]
    if choice := _choice_meant(talk, question, heard):
        _answer(talk, question, Heard(choice=choice, text=heard.text, meaning=meaning))
    elif meaning.command:
        _command(talk, meaning.command, Heard(meaning=meaning))
    elif (step := news.brought(talk, meaning)) is not None:
        _arrive(talk, step)
    elif meaning.rejection_email and question.step not in news.PRIVATE:
        mail.read_aloud(talk, meaning.mail)
        _ask(talk)
    elif "snooze" in meaning.cues and meaning.when and not question.takes_text:
        _command(talk, "snooze", heard)
    elif command := _command_meant(question, meaning):
        _command(talk, command, Heard(meaning=meaning))
    elif question.takes_text and heard.text:
        _answer(talk, question, heard)
    elif question.step is Step.CLARIFY:
        # Whoever does not answer what was meant has moved on: it is an answer to the question before.
        talk.go(talk.returned())
        _said(talk, heard)
    else:
        _doubt(talk, question, heard)


def _choice_meant(talk: Talk, question: Question, heard: Heard) -> str:
    """Return the id of the offered choice that a line means, or "" when it means none, or more than one."""
    choices = question.choices(talk.journey)
    ids = [choice.id for choice in choices]
    meaning = heard.meaning
    if meaning.number is not None:
        if str(meaning.number) in ids:
            return str(meaning.number)
        return ids[meaning.number - 1] if 1 <= meaning.number <= len(ids) else ""
    key = question.key(talk.journey)
    said = heard.text.casefold()
    named = [c.id for c in choices if f"{key}:{c.id}" in meaning.choices or (c.text and c.text.casefold() == said)]
    named = named or [c.id for c in choices if f":{c.id}" in meaning.choices]
    if not named and meaning.intent in ids and meaning.confidence >= LIKELY and not question.takes_text:
        named = [meaning.intent]
    return named[0] if len(named) == 1 else ""


def _command_meant(question: Question, meaning: Meaning) -> str:
    # In the middle of a free answer, only a line that can hardly be anything else is a command.
    sure = meaning.confidence >= (SURE if question.takes_text else LIKELY)
    return INTENT_COMMANDS.get(meaning.intent or "", "") if sure else ""


def _command(talk: Talk, name: str, heard: Heard) -> None:
    if name not in SILENCING:
        _go_on(talk)
    if name == "skip":
        _skip(talk)
    elif name == "back":
        _back(talk)
    elif name not in COMMANDS:
        talk.say("anywhere.unknown_command")
        _ask(talk)
    else:
        step = COMMANDS[name](talk, heard)
        if step is not None:
            _arrive(talk, step)
        elif name not in commands.TOLD:
            _ask(talk)


def _skip(talk: Talk) -> None:
    question = QUESTIONS[talk.journey.step]
    if question.skip:
        _answer(talk, question, Heard(choice=question.skip))
    else:
        talk.say("anywhere.cannot_skip")
        _ask(talk)


def _back(talk: Talk) -> None:
    """Go back to the question before this one; what is answered there now replaces what was."""
    journey = talk.journey
    if journey.step in ANYWHERE:
        _arrive(talk, talk.returned())
    elif journey.trail:
        *earlier, before = journey.trail
        _arrive(talk, before)
        talk.change(trail=tuple(earlier), detour=None)
    else:
        talk.say("anywhere.cannot_go_back")
        _ask(talk)


def _tapped(talk: Talk, asked: int, choice: str) -> None:
    _go_on(talk)
    question = QUESTIONS[talk.journey.step]
    offered = {c.id for c in question.choices(talk.journey)}
    if asked != talk.journey.asked or choice not in offered:
        _explain_old(talk)
    else:
        _answer(talk, question, Heard(choice=choice))


def _filled(talk: Talk, event: Filled) -> None:
    _go_on(talk)
    question = QUESTIONS[talk.journey.step]
    if event.asked != talk.journey.asked or not question.form or not event.text:
        _explain_old(talk)
    else:
        _answer(talk, question, Heard(text=event.text, meaning=event.meaning, fields=event.fields))


def _go_on(talk: Talk) -> None:
    """End the silence that was asked for: whoever writes or taps again wants to go on."""
    if talk.journey.step is Step.STOPPED:
        commands.start_again(talk)


def _explain_old(talk: Talk) -> None:
    """Say that a button belongs to an earlier question, and show the one that is open."""
    talk.say("anywhere.old_button")
    _ask(talk)


def _answer(talk: Talk, question: Question, heard: Heard) -> None:
    if question.step is Step.CLARIFY:
        _clarified(talk, heard.choice)
        return
    before = talk.journey
    after = question.answered(talk, heard)
    if after is None:
        return
    if _leads_on(before.step, after) and before.detour:
        talk.say("anywhere.changed")
        _arrive(talk, before.detour)
        talk.change(detour=None)
        return
    if _leads_on(before.step, after):
        talk.change(
            trail=(*(step for step in talk.journey.trail if step is not before.step), before.step)[-LONG_TRAIL:]
        )
    _arrive(talk, after)


def _clarified(talk: Talk, choice: str) -> None:
    """Do what was meant, from where the person was."""
    talk.go(talk.returned())
    if choice in clarify.NEWS:
        _arrive(talk, news.told(talk, choice))
    elif choice == "neither":
        _ask(talk)
    else:
        _command(talk, choice, Heard())


def _leads_on(before: Step, after: Step) -> bool:
    """Say whether an answer moved the journey itself on, and not only into or out of something that came up."""
    return after is not before and not {before, after} & ANYWHERE and before is not Step.NEW


def _doubt(talk: Talk, question: Question, heard: Heard) -> None:
    """Ask once more, differently; the second time take what was said as it is."""
    if not talk.journey.doubted and (unsure := clarify.guessed(talk.journey, heard.meaning)):
        talk.change(unsure=unsure)
        _arrive(talk, Step.CLARIFY)
    elif talk.journey.doubted and question.default:
        _answer(talk, question, Heard(choice=question.default, text=heard.text, meaning=heard.meaning))
    else:
        if heard.meaning.intent == "out_of_scope" and heard.meaning.confidence >= LIKELY:
            talk.say("anywhere.out_of_scope")
        _ask(talk, again=True)


def _arrive(talk: Talk, step: Step) -> None:
    """Move to a step, say what is said on the way in, and ask its question."""
    talk.go(step)
    question = QUESTIONS[step]
    onward = question.enter(talk) if question.enter else None
    if onward is not None:
        _arrive(talk, onward)
    elif not question.silent:
        _ask(talk)


def _ask(talk: Talk, *, again: bool = False) -> None:
    journey = talk.journey
    if journey.step is Step.NEW:
        _arrive(talk, Step.WELCOME)
        return
    question = QUESTIONS[journey.step]
    choices = question.choices(journey)
    talk.pose(question.key(journey), choices, question.params(journey), again=again, form=question.form)


def _recap(talk: Talk, event: Event) -> None:
    """After a long absence in the middle of things, say in one line where the person was."""
    journey = talk.journey
    away = journey.seen_at is not None and talk.now - journey.seen_at >= LONG_AWAY
    asked_for = isinstance(event, Commanded) and event.name != "hello"
    broken_off = not {journey.step, journey.left} & NO_RECAP
    if away and broken_off and not asked_for:
        talk.say("anywhere.where_we_were", place=commands.place(journey))
