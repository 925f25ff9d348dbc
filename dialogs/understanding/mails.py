"""Reading a pasted rejection: which of its sentences are form letter, and which were written for this person."""

from dialogs.private import Private
from dialogs.understanding.model import Linear
from dialogs.understanding.seen import Eyes
from dialogs.understanding.sentences import sentences

MOST_SENTENCES = 60
"""The number of sentences of a mail that are read one by one."""


class Mail(Private, frozen=True):
    """A pasted rejection as it reads.

    form: how many of its sentences are form letter. feedback, open_door: the sentences that say something about the
    person, or that leave a door open, as they stand in the mail.
    """

    form: int = 0
    feedback: tuple[str, ...] = ()
    open_door: tuple[str, ...] = ()


def read(model: Linear, eyes: Eyes, text: str) -> Mail:
    """Return what the sentences of a rejection e-mail are."""
    kinds = [(_kind(model, eyes, sentence), sentence) for sentence in sentences(text)[:MOST_SENTENCES]]
    return Mail(
        form=sum(kind == "form" for kind, _ in kinds),
        feedback=tuple(sentence for kind, sentence in kinds if kind == "feedback"),
        open_door=tuple(sentence for kind, sentence in kinds if kind == "open_door"),
    )


def _kind(model: Linear, eyes: Eyes, sentence: str) -> str:
    scores = model.part(model.scores(*([one] for one in eyes.see(sentence)))[0], "sentence")
    return max(scores, key=lambda kind: scores[kind])
