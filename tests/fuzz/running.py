"""Trying targets in turn, until all inputs are used up or one of them breaks something."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import perf_counter

from tests.fuzz.target import Made, Target, place

Known = Collection[tuple[str, str]]
"""Mistakes by the name of their target and their place, which are counted, and stop nothing."""


@dataclass
class Tally:
    """What became of the inputs of one target."""

    target: Target
    inputs: int = 0
    seconds: float = 0.0
    known: int = 0

    @property
    def told(self) -> str:
        """One line about it."""
        speed = self.inputs / self.seconds if self.seconds else 0
        tried = f"{self.target.name:<14}{self.inputs:>11,} inputs{speed:>10,.0f} /s"
        known = f"{self.known:>9,} known mistakes" if self.known else ""
        return f"{tried}{len(self.target.reached):>6} outcomes{known}"


@dataclass(frozen=True)
class Finding:
    """A mistake: the target, the number of its input, what is wrong, and the input, which is for a file only."""

    target: str
    number: int
    place: str
    made: Made = field(repr=False)


@dataclass(frozen=True)
class Report:
    """What a run has found."""

    tallies: Sequence[Tally]
    finding: Finding | None = None


def run(targets: Sequence[Target], inputs: int, seed: int, known: Known = ()) -> Report:
    """Try so many inputs, each target in turn. Each input has a seed of its own: it does not depend on the others."""
    tallies = [Tally(target) for target in targets]
    for number in range(inputs):
        tally = tallies[number % len(tallies)]
        found = _tried(tally, seed)
        if found and (tally.target.name, found) not in known:
            return Report(tallies, Finding(tally.target.name, tally.inputs, found, tally.target.made))
        tally.known += bool(found)
    return Report(tallies)


def _tried(tally: Tally, seed: int) -> str:
    """Try one more input of a target; return the place of a mistake, "" for none."""
    random = seeded(f"{seed}/{tally.target.name}/{tally.inputs}")
    begun = perf_counter()
    try:
        tally.target(random)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a mistake
        return place(error)
    finally:
        tally.inputs += 1
        tally.seconds += perf_counter() - begun
    return ""


def seeded(seed: str) -> Random:
    """Return the numbers that belong to a seed."""
    return Random(seed)  # noqa: S311 - they are to be the same again


def again(target: Target, path: Path) -> str:
    """Check the input in a file once more; return the place of the mistake, "" for none."""
    kept = path.read_bytes()
    try:
        target.check(kept if target.takes_bytes else json.loads(kept))
    except Exception as error:  # noqa: BLE001 - as above
        return place(error)
    return ""


def keep(made: Made, path: Path) -> None:
    """Write an input to a file: bytes as they are, everything else as JSON."""
    path.write_bytes(made if isinstance(made, bytes) else json.dumps(made).encode())
