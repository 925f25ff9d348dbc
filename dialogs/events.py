"""What can happen in a journey. Platforms turn their payloads into these; time is one of them."""

from dialogs.private import Private
from dialogs.understanding.meaning import Meaning


class Said(Private, frozen=True, tag="said"):
    """The person wrote a line. The shell adds the meaning before the turn begins."""

    text: str
    meaning: Meaning = Meaning()


class Tapped(Private, frozen=True, tag="tapped"):
    """The person chose one of the offered choices of the question with the number `asked`."""

    asked: int
    choice: str


class Filled(Private, frozen=True, tag="filled"):
    """The person sent a form that belongs to the question with the number `asked`."""

    asked: int
    fields: dict[str, str]
    meaning: Meaning = Meaning()

    @property
    def text(self) -> str:
        """Everything that was written into the form."""
        return " ".join(self.fields.values()).strip()


class Commanded(Private, frozen=True, tag="commanded"):
    """The person used a command that works anywhere, by its name in `dialogs.commands`.

    argument: what stood behind it. fields: what was given under a name, where a platform has named options.
    """

    name: str
    argument: str = ""
    fields: dict[str, str] = {}
    meaning: Meaning = Meaning()

    @property
    def text(self) -> str:
        """Everything that was written with the command."""
        return " ".join((self.argument, *self.fields.values())).strip()


class Woke(Private, frozen=True, tag="woke"):
    """The journey's `wake_at` has come. What for, the state knows; the engine decides whether it still matters."""


Event = Said | Tapped | Filled | Commanded | Woke
