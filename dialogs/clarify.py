"""One question back, with choices, when a line could mean something to be done and it is not sure what."""

from dialogs.commands import INTENT_COMMANDS
from dialogs.journey import Journey
from dialogs.replies import Choice
from dialogs.steps import Step
from dialogs.talk import Question
from dialogs.understanding.meaning import Meaning

NEWS = frozenset({"got_rejected", "got_offer"})
"""What can be meant besides a command."""


def guessed(journey: Journey, meaning: Meaning) -> tuple[str, ...]:
    """Return what a line could ask for, as choices; nothing when none of it can be done at the step where it came."""
    named = (guess if guess in NEWS else INTENT_COMMANDS.get(guess, "") for guess in meaning.guesses)
    if journey.step in {Step.WELCOME, Step.REST}:  # these ask for news themselves
        return tuple(name for name in named if name and name not in NEWS)
    return tuple(name for name in named if name)


def _choices(journey: Journey) -> tuple[Choice, ...]:
    return (*(Choice(id=name) for name in journey.unsure), Choice(id="neither"))


QUESTIONS = (Question(Step.CLARIFY, "anywhere.clarify", _choices, lambda talk, _: talk.returned(), skip="neither"),)
"""The engine itself does what was meant, because only it can run commands."""
