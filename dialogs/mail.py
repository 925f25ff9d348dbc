"""Reading a pasted rejection to the person: what in it is form letter, and what was written for them."""

from dialogs.talk import Talk
from dialogs.understanding.mails import Mail

LONGEST_QUOTE = 300
"""The number of characters of a sentence that are quoted back."""


def read_aloud(talk: Talk, mail: Mail) -> None:
    """Say which sentence of a mail is about the person, and which leaves a door open. Nothing of it is kept."""
    if mail.feedback:
        talk.say("mail.feedback", quote=_short(mail.feedback[0]))
    elif mail.open_door:
        talk.say("mail.form_but", quote=_short(mail.open_door[0]))
    else:
        talk.say("mail.form")
    if mail.feedback and mail.open_door:
        talk.say("mail.open_door", quote=_short(mail.open_door[0]))


def _short(sentence: str) -> str:
    return sentence if len(sentence) <= LONGEST_QUOTE else sentence[:LONGEST_QUOTE] + "\u2026"
