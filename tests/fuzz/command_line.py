"""Command lines that nobody would type. Nothing that they ask for is run."""

import argparse
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from random import Random

from bot.__main__ import _parser
from tests.fuzz import mutators
from tests.fuzz.target import Made, Target, holds
from tests.fuzz.texts import nasty

WORDS = (
    "chat", "run", "check", "discord", "slack", "manifest", "flow", "words", "understand", "db", "upgrade", "--db",
    "--as", "--new", "--plain", "--url", "--format", "--output", "--report", "--sets", "--docs", "--help", "--version",
    "-h", "--", "-", "--db=x", "--format=svg", "mermaid", "png", "x.db", "", "-1", "@file", "--no-such",
)  # fmt: skip
REAL = (
    ("chat", "--as", "ann", "--db", "x.db", "--new", "--plain"), ("run",), ("check", "discord"), ("check", "slack"),
    ("check", "--db", "x.db"),
    ("slack", "manifest", "--url", "https://x"), ("flow", "--format", "svg", "--output", "x.svg"), ("words", "check"),
    ("understand", "--report", "--sets", "x", "--docs", "y"), ("db", "upgrade", "--db", "x.db"), ("--version",),
)  # fmt: skip


class CommandLine(Target):
    """A command line is understood, or refused with the usage and the code for misuse; help leaves with 0."""

    name = "command_line"

    def __init__(self) -> None:
        """Prepare the parser."""
        super().__init__()
        self._parser = _parser()

    def make(self, random: Random) -> Made:
        """Return arguments: those of a command with changes, or any."""
        given = list(random.choice(REAL)) if random.random() < 0.7 else random.choices(WORDS, k=random.randint(0, 6))
        for _ in range(random.choice((0, 1, 1, 2, 3))):
            where = random.randint(0, len(given))
            word = random.choice((random.choice(WORDS), nasty(random)))
            if random.random() < 0.4 and given:
                word = mutators.text(random, random.choice(given))
            given[where : where + random.randint(0, 1)] = [word]
        return given

    def check(self, made: Made) -> None:
        """Check what becomes of the arguments."""
        out, wrong = StringIO(), StringIO()
        try:
            with redirect_stdout(out), redirect_stderr(wrong):
                arguments = self._parser.parse_args(made)
        except SystemExit as left:
            holds(left.code in {0, 2}, "the code is neither 0 nor 2")
            holds(not wrong.getvalue() if left.code == 0 else not out.getvalue(), "it is told on the wrong stream")
            holds(left.code == 0 or wrong.getvalue().startswith("usage: onward"), "misuse does not show the usage")
            self.reached.add(f"left with {left.code}")
            return
        holds(isinstance(arguments, argparse.Namespace) and callable(arguments.run), "there is nothing to run")
        self.reached.add(arguments.run.__name__.strip("_"))
