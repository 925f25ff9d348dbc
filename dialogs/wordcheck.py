"""Checks of the words, for whoever edits them: each finding names the file and the key."""

from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable

from dialogs import helplines
from dialogs.catalog import LABEL_LIMIT, Catalog, CatalogError, Line, cut
from dialogs.private import Private
from dialogs.questions import QUESTIONS
from dialogs.understanding.phrases import plain

REFERENCE = "en"
VARIANTS = 3
LONGEST = 1500
"""The longest wording, in characters: well below what a message may have on either platform."""

SHORT = {
    "community.panel_rejected": 75,
    "community.panel_about": 75,
    "community.heading": 24,
    "community.remove_sure": 300,
    "community.remove_": 30,
    "wins.press_": 75,
    "wins.line_title": 24,
    "wins.line_field": 45,
    "acts.": 75,
    "discord.command_": 100,
    "discord.option_": 100,
    "discord.choose": 150,
    "discord.write": 45,
    "slack.about_long": 4000,
    "slack.about": 140,
    "slack.shortcut_tells": 150,
    "slack.shortcut": 26,
    "slack.settings_title": 24,
    "slack.write_title": 24,
    "slack.write": 75,
    "slack.send": 24,
    "slack.leave": 24,
    "slack.choose": 150,
}
"""Keys, by how they begin, of which a platform takes only so many characters."""

LONGEST_TITLE, LONGEST_LABEL = 24, 45
"""The longest title of a form (Slack's limit), and label of a field (Discord's), in characters."""

ASKS = frozenset(key for question in QUESTIONS.values() for key in question.keys)
MAY_EXCLAIM = "send_off.toml"

OTHERS_ASK = ("drafts.", "mentors.", "community.panel_about", "community.remove_sure")
"""Lines that a person says, and others with buttons that are no choices of the dialog."""


class Finding(Private, frozen=True):
    """Something to mend in the words."""

    file: str
    key: str
    message: str


def findings(folder: Traversable | None = None) -> list[Finding]:
    """Return everything that is wrong with the words, of every locale in the folder; an empty list is good."""
    folder = folder or files("dialogs") / "wordings"
    locales = sorted(one.name for one in folder.iterdir() if one.is_dir())
    catalogs: dict[str, Catalog] = {}
    found: list[Finding] = []
    for locale in locales:
        try:
            catalogs[locale] = Catalog.read(folder / locale, locale)
        except (CatalogError, ValueError) as error:
            found.append(Finding(file=locale, key="-", message=str(error)))
    reference = catalogs.get(REFERENCE)
    for locale, catalog in catalogs.items():
        found += list(_check(catalog))
        if reference and locale != REFERENCE:
            found += list(_compare(catalog, reference))
    return found


def stale_helplines(today: date) -> list[Finding]:
    """Return the countries whose helplines have to be looked up again."""
    message = f"its numbers were last looked up more than {helplines.GOOD_FOR.days} days ago: check them at the source"
    return [Finding(file="helplines.toml", key=code, message=message) for code in helplines.stale(today)]


def _check(catalog: Catalog) -> Iterator[Finding]:
    for key, line in catalog.lines.items():
        file = f"{catalog.locale}/{line.file}"
        for message in (*_count(line), *_style(key, line, catalog.banned), *_labels(key, line), *_lengths(key, line)):
            yield Finding(file=file, key=key, message=message)
    for question in QUESTIONS.values():
        for key in question.keys:
            if key not in catalog.lines:
                file = f"{catalog.locale}/{key.split('.')[0]}.toml"
                yield Finding(file=file, key=key, message="this question has no words")


def _count(line: Line) -> Iterator[str]:
    if line.text is None and line.say:
        if len(line.say) < VARIANTS:
            yield f"it has {len(line.say)} wordings; what can be said twice in a sitting needs {VARIANTS}"
        if len({plain(wording) for wording in line.say}) < len(line.say):
            yield "two of its wordings are the same"
    if not line.say and not line.choices and not line.form:
        yield 'it has no words: give it "say" with some wordings, or "text" with one'


def _style(key: str, line: Line, banned: tuple[str, ...]) -> Iterator[str]:
    for wording in (*line.say, *line.again):
        marks = wording.count("?")
        if key in ASKS and marks != 1:
            yield f"a question has exactly one question mark, this wording has {marks}: {wording[:40]!r}"
        if key not in ASKS and marks and not key.startswith(OTHERS_ASK):
            yield f"only questions ask; this line has a question mark: {wording[:40]!r}"
        if "!" in wording and line.file != MAY_EXCLAIM:
            yield f"no exclamation mark before the send-off: {wording[:40]!r}"
        spaced = f" {plain(wording)} "
        yield from (
            f"{phrase!r} is on the list of what is never said" for phrase in banned if f" {plain(phrase)} " in spaced
        )


def _labels(key: str, line: Line) -> Iterator[str]:
    labels = [words[0] for words in line.choices.values() if words]
    if len(labels) < len(line.choices):
        yield "a choice has no label"
    if len(set(labels)) < len(labels):
        yield "two choices have the same label"
    yield from (
        f"the label {label[:20]!r} is longer than {LABEL_LIMIT}" for label in labels if len(label) > LABEL_LIMIT
    )
    phrases = [plain(words) for all_words in line.choices.values() for words in set(map(plain, all_words))]
    twice = sorted({phrase for phrase in phrases if phrases.count(phrase) > 1})
    yield from (f"{phrase!r} stands for two choices of {key}" for phrase in twice)


def _lengths(key: str, line: Line) -> Iterator[str]:
    most = next((most for begin, most in SHORT.items() if key.startswith(begin)), LONGEST)
    yield from (
        f"a wording has {len(wording)} characters; {most} is the most"
        for wording in (*line.say, *line.again)
        if len(wording) > most
    )
    form = line.form or {}
    limits = [(str(form.get("title", "")), LONGEST_TITLE)]
    limits += [(str(label), LONGEST_LABEL) for label in form.get("fields", {}).values()]
    for label, limit in limits:
        if len(label) > limit:
            yield f"the label {label[:20]!r} of the form is longer than {limit}"


def _compare(catalog: Catalog, reference: Catalog) -> Iterator[Finding]:
    for key, line in reference.lines.items():
        file = f"{catalog.locale}/{line.file}"
        own = catalog.lines.get(key)
        if own is None:
            yield Finding(file=file, key=key, message=f"it is missing; {reference.locale} has it")
            continue
        if set(own.choices) != set(line.choices):
            yield Finding(file=file, key=key, message=f"its choices differ from those of {reference.locale}")
        strange = sorted(_placeholders(own) ^ _placeholders(line))
        if strange:
            names = ", ".join(strange)
            yield Finding(
                file=file, key=key, message=f"its placeholders differ from those of {reference.locale}: {names}"
            )
    for key in sorted(set(catalog.lines) - set(reference.lines)):
        line = catalog.lines[key]
        yield Finding(file=f"{catalog.locale}/{line.file}", key=key, message=f"{reference.locale} does not have it")


def _placeholders(line: Line) -> set[str]:
    return {name for wording in (*line.say, *line.again) for _, name in cut(wording) if name}
