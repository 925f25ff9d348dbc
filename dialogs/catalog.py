"""The words: `wordings/<locale>/*.toml`, read once and looked up by key."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from string import Formatter
from typing import Any

LABEL_LIMIT = 75
"""The longest label of a button that both platforms allow, in characters."""

Template = tuple[tuple[str, str], ...]
"""A wording cut into (text, placeholder) pairs; the placeholder is "" behind the last text."""


class CatalogError(Exception):
    """The words cannot be read. The message names the file, and the line where the parser knows it."""


class MissingWordsError(CatalogError):
    """A key, or a label of a choice, is in none of the files."""


def cut(wording: str) -> Template:
    """Return a wording cut into texts and placeholders. Raises ValueError when its braces do not match."""
    return tuple((text, field or "") for text, field, _, _ in Formatter().parse(wording))


class Line:
    """One entry of the words: its wordings, what it is when asked again, the labels of its choices, its form."""

    __slots__ = ("again", "choices", "file", "form", "same_choices_as", "say", "text")

    def __init__(self, entry: Mapping[str, Any], file: str) -> None:
        """Take an entry as the TOML file has it."""
        self.file = file
        self.text: str | None = entry.get("text")
        self.say: tuple[str, ...] = tuple(entry.get("say", () if self.text is None else (self.text,)))
        self.again: tuple[str, ...] = tuple(entry.get("again", ()))
        self.choices: Mapping[str, tuple[str, ...]] = {
            name: tuple(words) for name, words in entry.get("choices", {}).items()
        }
        self.same_choices_as: str = entry.get("same_choices_as", "")
        self.form: Mapping[str, Any] | None = entry.get("form")


class Catalog:
    """All words of one locale."""

    def __init__(
        self,
        locale: str,
        lines: Mapping[str, Line],
        understood: Mapping[str, Any],
        banned: tuple[str, ...] = (),
        senses: Mapping[str, str] | None = None,
    ) -> None:
        """Take the lines by key, the phrases that are understood, those never said, and the words of each sense."""
        self.locale = locale
        self.lines = lines
        self.understood = understood
        self.banned = banned
        self.senses = senses or {}
        self._templates = {key: tuple(cut(w) for w in line.say) for key, line in lines.items()}
        self._again = {key: tuple(cut(w) for w in line.again) for key, line in lines.items() if line.again}
        self._shared = lines["common.shared"].choices if "common.shared" in lines else {}

    @classmethod
    def load(cls, locale: str = "en") -> "Catalog":
        """Return the words of a locale, read once per process.

        Raises CatalogError when there are none, or when a file cannot be read.
        """
        return _load(locale)

    @classmethod
    def read(cls, folder: Traversable, locale: str) -> "Catalog":
        """Return the words in a folder. Raises CatalogError."""
        if not folder.is_dir():
            msg = f"there are no words for the locale {locale!r}: expected the folder dialogs/wordings/{locale}"
            raise CatalogError(msg)
        lines: dict[str, Line] = {}
        tables: dict[str, Mapping[str, Any]] = {"understood": {}, "style": {}, "senses": {}}
        for file in sorted(folder.iterdir(), key=lambda one: one.name):
            if file.name.endswith(".toml"):
                table = _table(file)
                stage = file.name.removesuffix(".toml")
                if stage in tables:
                    tables[stage] = table
                else:
                    lines |= {f"{stage}.{name}": Line(entry, file.name) for name, entry in table.items()}
        return cls(locale, lines, tables["understood"], tuple(tables["style"].get("banned", ())), tables["senses"])

    def template(self, key: str, nth: int = 0, *, again: bool = False) -> Template:
        """Return the wording of a line for the `nth` time it is said. Raises MissingWordsError."""
        wordings = (self._again.get(key) if again else None) or self._templates.get(key)
        if not wordings:
            msg = f"no words for {key!r} in the locale {self.locale!r}"
            raise MissingWordsError(msg)
        return wordings[nth % len(wordings)]

    def plain(self, key: str) -> str:
        """Return the words of a line into which nothing is filled, as they are first said. Raises MissingWordsError."""
        return self.template(key)[0][0]

    def label(self, of: str, choice: str) -> str:
        """Return the label of a choice, the question's own or the shared one. Raises MissingWordsError."""
        line = self.lines.get(of)
        words = (self.choices_of(of).get(choice) if line else None) or self._shared.get(choice)
        if not words:
            msg = f"no label for the choice {choice!r} of {of!r} in the locale {self.locale!r}"
            raise MissingWordsError(msg)
        return words[0]

    def choices_of(self, key: str) -> Mapping[str, tuple[str, ...]]:
        """Return the choices of a question by name: the label, then the other phrases that mean it."""
        line = self.lines[key]
        if not line.same_choices_as:
            return line.choices
        stage = key.split(".", maxsplit=1)[0]
        return self.lines[f"{stage}.{line.same_choices_as}"].choices

    def choice_phrases(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield every choice as "question:choice" with its phrases; ":choice" when all questions share it."""
        for name, words in self._shared.items():
            yield f":{name}", words
        for key in self.lines:
            for name, words in self.choices_of(key).items():
                yield f"{key}:{name}", words


@cache
def _load(locale: str) -> Catalog:
    return Catalog.read(files("dialogs") / "wordings" / locale, locale)


def _table(file: Traversable) -> Mapping[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        msg = f"{file.name}: {error}"
        raise CatalogError(msg) from None
