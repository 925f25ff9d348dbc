"""The project itself: what is built and written down is what is there."""

import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from PIL import Image

from adapters.card import png
from bot.drawing import draw
from dialogs.flow import mermaid
from tests.conversations.written import PAGE, PICTURE, six_weeks

ROOT = Path(__file__).parent.parent
LOCKS = [ROOT / "requirements.lock", *sorted(ROOT.glob("tests/benchmarks/peers/packages/*.lock"))]
PACKAGES = ("adapters", "bot", "dialogs", "storage")


def test_a_wheel_holds_everything_that_it_needs(tmp_path: Path) -> None:
    """Words, helplines, migrations and every module; and nothing of the tests."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with ZipFile(wheel) as opened:
        held = {name for name in opened.namelist() if not name.startswith("onward-")}
    there = {
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert held == there


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.stem)
def test_the_lock_has_hashes_and_names_no_place(path: Path) -> None:
    """Every dependency is pinned with hashes, and the file says nothing of where it is fetched from."""
    lock = path.read_text()
    assert not re.search(r"https?:|file:|--index|--find-links|--extra", lock)
    pins = re.split(r"\n(?=[a-z])", lock.strip())
    assert all("==" in pin and "--hash=sha256:" in pin for pin in pins)
    assert len(pins) > 5


def test_the_readme_shows_the_flow_as_it_is() -> None:
    """`onward flow` drew both: the text in the README and the picture beside the docs."""
    assert mermaid() in (ROOT / "README.md").read_text()
    assert (ROOT / "docs" / "flow.svg").read_bytes() == draw("svg")


def test_the_six_weeks_are_written_down_as_they_are_said() -> None:
    """Page and picture come from the transcript: python -m tests.conversations.written."""
    page, picture = six_weeks()
    assert (ROOT / "docs" / PAGE).read_text(encoding="utf-8") == page
    shown = Image.open(BytesIO(png(picture)))
    with Image.open(ROOT / "docs" / PICTURE) as written:
        assert (written.size, (ROOT / "docs" / PICTURE).stat().st_size < 150_000) == (shown.size, True)


def test_the_first_screen_of_the_readme_has_the_conversation_the_commands_and_the_flow() -> None:
    """Somebody who only glances at it knows what it is and how to try it."""
    screen = "\n".join((ROOT / "README.md").read_text().splitlines()[:50])
    for needed in ("I got rejected", "make chat", "make test", "docs/flow.svg", "> tonight"):
        assert needed in screen


def test_no_file_is_longer_than_a_readers_head() -> None:
    """About 300 lines: a file has one subject."""
    long = {
        str(path.relative_to(ROOT)): count
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 320
    }
    assert not long
