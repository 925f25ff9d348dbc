"""A few inputs for each target, always the same ones: python -m tests.fuzz tries many more."""

import json
from pathlib import Path
from random import Random

import pytest

from tests.fuzz.__main__ import main
from tests.fuzz.known import KNOWN, Mistake
from tests.fuzz.running import run, seeded
from tests.fuzz.target import Made, Target, holds, place
from tests.fuzz.targets import TARGETS

SEED = 1
SHARE = 375
"""Inputs for each target."""


class Fragile(Target):
    """A target that breaks with its third input."""

    name = "fragile"

    def make(self, random: Random) -> Made:
        """Return a text that nobody is to see."""
        return f"canary {random.random()}"

    def check(self, made: Made) -> None:
        """Break with the input that a seed makes third."""
        self.reached.add(made)
        holds(len(self.reached) < 3 and made != "canary \ud800", "it is broken")


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_breaks(name: str) -> None:
    """Nothing is found but what is known."""
    report = run([TARGETS[name]()], SHARE, SEED, {(one.target, one.place) for one in KNOWN})
    assert report.finding is None, report.finding
    assert report.tallies[0].inputs == SHARE
    assert len(report.tallies[0].target.reached) > 5


@pytest.mark.parametrize("known", KNOWN, ids=lambda one: f"{one.target}: {one.place}")
def test_what_is_known_still_breaks(known: Mistake) -> None:
    """Whoever mends a mistake takes it out of the list, so that it is found when it comes back."""
    with pytest.raises(Exception) as broken:  # noqa: PT011 - whatever it is, its place is compared
        TARGETS[known.target]().check(known.made)
    assert place(broken.value) == known.place


def test_a_broken_invariant_is_found_and_its_input_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is told by its seed, target and number, and the input is in a file only, from which it is checked again."""
    kept = tmp_path / "input"
    command = ["--inputs", "20", "--seed", "7", "--output", str(kept)]
    assert main(command, {"fragile": Fragile}) == 1
    told = capsys.readouterr().out
    assert "it is broken\nseed 7, target fragile, input 3; it is in" in told
    assert "canary" not in told
    random = seeded("7/fragile/2")
    assert json.loads(kept.read_text()) == f"canary {random.random()}"


def test_an_input_in_a_file_is_checked_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says what breaks, or that nothing does; half characters come back from the file."""
    kept = tmp_path / "input"
    for text, code, told in (("\ud800", 1, "it is broken\n"), ("", 0, "nothing breaks\n")):
        kept.write_text(json.dumps(f"canary {text}"))
        assert main(["--target", "fragile", "--replay", str(kept)], {"fragile": Fragile}) == code
        assert capsys.readouterr().out == told
    with pytest.raises(SystemExit, match="2"):
        main(["--replay", str(kept)], {"fragile": Fragile})


@pytest.mark.parametrize("name", TARGETS)
def test_a_seed_makes_the_same_inputs(name: str) -> None:
    """Nothing depends on the moment or the machine."""
    one, other = (TARGETS[name]() for _ in range(2))
    assert [one.make(seeded(str(n))) for n in range(30)] == [other.make(seeded(str(n))) for n in range(30)]
