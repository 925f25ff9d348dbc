"""What can be said and shown: first in names (`Say`, `Ask`, `Page`), then, when worded, as `Reply`."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

from dialogs.pictures import Picture
from dialogs.private import Private

Params = Mapping[str, "str | Say | date"]
"""What fills the placeholders of a line: the person's words, another line, or a day."""

MOST_CHOICES = 9
"""A question never has more choices than this: what fits a phone and both platforms."""


class Say(Private, frozen=True):
    """A line to say: its key in the words, its parameters, and the how-manieth time it is said (`nth`, from 0)."""

    key: str
    params: Params = {}
    nth: int = 0


class Draft(Private, frozen=True):
    """A text that the person may copy and send to somebody else, shown apart from what the bot says."""

    key: str
    params: Params = {}


class Section(Private, frozen=True):
    """A titled list on a page: the key of its title, and its lines, each a `Say` or the person's own words."""

    title: str
    lines: tuple[Say | str, ...]


class Sketch(StrEnum):
    """A picture that can go with a page; what is on it follows from the journey."""

    PROGRESS = "progress"
    RECAP = "recap"


class Page(Private, frozen=True):
    """A short document: the recap, the plan, the lessons, the export. Sections without lines are not shown.

    exported_at: the moment of which a file with everything that is kept goes along; None without one.
    """

    key: str
    sections: tuple[Section, ...]
    params: Params = {}
    picture: Sketch | None = None
    exported_at: datetime | None = None


class Choice(Private, frozen=True):
    """One choice of a question.

    id: what comes back when it is tapped. key: the name of its label in the words (`id` when left out).
    text: a label in the person's own words, instead of one from the words file.
    """

    id: str
    key: str = ""
    text: str = ""


class Ask(Private, frozen=True):
    """A question. One tap is always enough to answer it, and free text always may.

    Raises ValueError when it has no choices, or more than `MOST_CHOICES`.
    asked: the number of this question within the journey. form: the name of a form that may be filled in instead.
    """

    key: str
    choices: tuple[Choice, ...]
    asked: int
    params: Params = {}
    nth: int = 0
    again: bool = False
    form: str = ""

    def __post_init__(self) -> None:
        """Refuse a question that one tap could not answer."""
        if not 1 <= len(self.choices) <= MOST_CHOICES:
            msg = f"the question {self.key} has {len(self.choices)} choices; it needs 1 to {MOST_CHOICES}"
            raise ValueError(msg)


class Helplines(Private, frozen=True):
    """The helplines of a country (ISO code), or the international finder when it is unknown or has none listed."""

    country: str = ""


class Offered(Private, frozen=True):
    """A line with buttons that stay: each is an act (see `dialogs.acts`), and can be done at any time."""

    key: str
    acts: tuple[str, ...]
    params: Params = {}


Spoken = Say | Draft | Page | Helplines | Offered


class Style(StrEnum):
    """How a reply is to be shown: a line of talk, a text to copy, or a page."""

    LINE = "line"
    DRAFT = "draft"
    PAGE = "page"


class Button(Private, frozen=True):
    """A worded choice. `id` is what `Tapped.choice` brings back; the label has at most 75 characters."""

    id: str
    label: str


class Field(Private, frozen=True):
    """One field of a form."""

    name: str
    label: str


class Form(Private, frozen=True):
    """A form that a button opens: its name, its title, the label of the button, and one to five fields."""

    name: str
    title: str
    open: str
    fields: tuple[Field, ...]


class Day(Private, frozen=True):
    """A day that a reply names: `text[start:end]` words it, for platforms that cannot show it in the reader's way."""

    start: int
    end: int
    day: date


class File(Private, frozen=True):
    """A file of text. Its name has nothing of a person's in it, and is another one for another content."""

    name: str
    text: str


class Press(Private, frozen=True, tag="press"):
    """A button that stays: an act as text, see `dialogs.acts`. style: "", "primary" or "danger"."""

    act: str
    label: str
    style: str = ""


class Option(Private, frozen=True):
    """One line of a menu."""

    value: str
    label: str


class Pick(Private, frozen=True, tag="pick"):
    """A menu that stays: the act that brings along what was picked, at least and at most so many of at most 25."""

    act: str
    label: str
    options: tuple[Option, ...]
    picked: tuple[str, ...] = ()
    least: int = 0
    most: int = 1


class Write(Private, frozen=True, tag="write"):
    """A button that opens a window with one field, and the act that brings along what was written in it."""

    act: str
    label: str
    title: str
    field: str
    longest: int = 300


Control = Press | Pick | Write
"""What stands under a message and does not belong to a question: it can be used at any time, and says what it is."""


class Room(Private, frozen=True, tag="room"):
    """The letter is the first message in a private room of its own for these people, at the letter's address.

    number: which room it is, so that it is not opened a second time.
    """

    number: int
    people: tuple[str, ...]


class Removal(Private, frozen=True, tag="removal"):
    """The letter is not sent: a message is taken away instead, by the receipt of its delivery."""

    receipt: str


class Closing(Private, frozen=True, tag="closing"):
    """The letter is the last message in a room, by the receipt of its first one."""

    receipt: str


Effect = Room | Removal | Closing


class Reply(Private, frozen=True):
    """One message, worded, ready for any platform: plain text (no markup), and the choices under it.

    keys: which lines of the words it was made of, for tests and for whoever asks "why did it say that?".
    asked: the number of the question that the buttons answer; 0 when it asks nothing. days: where the text names days.
    picture: what is shown above the text, of which the text is the description. file: what goes along with it.
    controls: what stands under it and stays. effect: what the delivery does beyond sending. about: what the one who
    posted it wants to be told back about its delivery, as an act; "" for nothing. named: people who are named in a last
    line of their own, as the platform mentions somebody. aside: as the answer to an act, it is shown to whoever did it
    alone, and the message in which they pressed stays as it is.
    """

    text: str
    keys: tuple[str, ...]
    style: Style = Style.LINE
    buttons: tuple[Button, ...] = ()
    asked: int = 0
    form: Form | None = None
    days: tuple[Day, ...] = ()
    picture: Picture | None = None
    file: File | None = None
    controls: tuple[Control, ...] = ()
    effect: Effect | None = None
    about: str = ""
    named: tuple[str, ...] = ()
    aside: bool = False
