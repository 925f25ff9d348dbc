"""`onward check` here, and what it says of each topic."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Protocol

import pytest

from bot.__main__ import main

Shown = tuple[int, dict[str, list[str]]]
"""The exit code, and by topic what is said, each beginning with "ok", "advice" or "MEND"."""


class Check(Protocol):
    """The command, for a test."""

    def __call__(self, database: Path | None = None) -> Shown:
        """Look at everything; database: where it is, None for the settings'."""
        ...


def read(out: str) -> dict[str, list[str]]:
    """Return by topic what a check has written."""
    lines, _, end = out.rstrip("\n").rpartition("\n\n")
    found: dict[str, list[str]] = {}
    for line in lines.splitlines():
        verdict, topic, words = line.split(maxsplit=2)
        found.setdefault(topic, []).append(f"{verdict} {words}")
    to_mend = sum(one.startswith("MEND") for told in found.values() for one in told)
    assert end == (
        "All is well." if not to_mend else f"{to_mend} thing{'s' * (to_mend > 1)} to mend, marked MEND above."
    )
    return found


def checked(capsys: pytest.CaptureFixture[str], database: Path | None) -> Shown:
    """Run it here, and return what became of it."""
    capsys.readouterr()
    code = main(["check", *(["--db", str(database)] if database else [])])
    shown = capsys.readouterr()
    assert shown.err == ""
    return code, read(shown.out)


def new_database(folder: Path) -> Path:
    """Return a new SQLite database, in a folder of its own."""
    path = folder / "my data" / "onward.db"
    path.parent.mkdir()
    assert main(["db", "upgrade", "--db", str(path)]) == 0
    return path


def sql(path: Path, *statements: str) -> None:
    """Run statements on a database."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def everything_in(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder, and what is in them."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
