"""What a line of text was understood to mean, in names that belong to no language."""

from enum import StrEnum

from dialogs.private import Private
from dialogs.understanding.mails import Mail


class Danger(StrEnum):
    """How sure it is that somebody may be in danger (see the label definitions in docs/understanding.md)."""

    NONE = "none"
    CONCERN = "concern"
    DANGER = "danger"


class Meaning(Private, frozen=True):
    """The meaning of one line.

    intent: what the line asks for or tells, one of the intent names, or None when nothing was recognised.
    command: the name of a command that works anywhere, when the whole line is one of its phrases.
    confidence: how sure that is, 0.0 to 1.0; 1.0 when the whole line is a phrase that the words file lists.
    guesses: when it is not sure, the likeliest intents, the likeliest first.
    feelings: names of feelings, the strongest first.
    danger, about: whether somebody may be in danger, and who ("self" or "other").
    employer, role: as the person wrote them.
    rejection_email: whether the line is a pasted rejection e-mail; None when it is no e-mail.
    mail: what the sentences of a pasted rejection are.
    choices: every choice that the line could mean, as "question:choice" (":choice" for those that all questions share);
    the engine keeps those it has offered.
    number: the number that the whole line is, for people who answer with the number of a choice.
    cues: names of smaller things noticed: "ghosted", "another", "interview", "joking", "self_blame" and the like.
    when: a day that was named, as "+3" (days from now), "mon" to "sun", "d28" (of a month), "m12-5" (month and day),
    "/12/5" (whichever is the month where they are), or "2026-12-05".
    at: a time of day that was named, as "14:30"; the cue "either_half" says that it did not say which half of the day.
    cue, action: the two halves of a sentence "when CUE, I will ACTION".
    country: the ISO code of a country that was named.
    """

    intent: str | None = None
    command: str | None = None
    confidence: float = 0.0
    guesses: tuple[str, ...] = ()
    feelings: tuple[str, ...] = ()
    danger: Danger = Danger.NONE
    about: str | None = None
    employer: str | None = None
    role: str | None = None
    rejection_email: bool | None = None
    mail: Mail = Mail()
    choices: frozenset[str] = frozenset()
    number: int | None = None
    cues: frozenset[str] = frozenset()
    when: str | None = None
    at: str | None = None
    cue: str | None = None
    action: str | None = None
    country: str | None = None
