"""The wheel with the packages that it asks for, and no others: what an image or a host has."""

import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import distribution, distributions
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests import licences
from tests.deploy.files import ROOT

NO_PACKAGE = frozenset({"..", "__pycache__"})
"""Where files of packages lie that are not for importing: commands, compiled files."""

COMMANDS = """
import sys
from importlib.util import find_spec
sys.path.insert(0, sys.argv[1])
from bot.__main__ import main
for command in ("words check", "db upgrade", "chat --plain --as ann", "--version"):
    try:
        assert main(command.split()) == 0
    except SystemExit as left:
        assert left.code == 0
import adapters.card, adapters.discord.client, adapters.slack.client, asyncpg, bot.run, bot.slack
assert not any(map(find_spec, ("pytest", "mypy", "hatchling", "sklearn")))
"""
"""Commands one after another, and what is imported only with a token; in one process, because starting takes long."""


@pytest.fixture
def code(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the wheel, and of all that is installed here only what runs with it."""
    folder = tmp_path_factory.mktemp("installed")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with ZipFile(wheel) as opened:
        opened.extractall(folder / "code")
    (built,) = distributions(name="onward", path=[str(folder / "code")])
    assert built.requires == distribution("onward").requires, "pyproject.toml has changed since the set-up"
    locked = licences.pinned(licences.LOCK.read_text(encoding="utf-8"))
    for package in filter(None, map(licences.installed, licences.run_with(locked))):
        for part in {file.parts[0] for file in package.files or ()} - NO_PACKAGE:
            link = folder / "code" / part
            if not link.exists():
                link.symlink_to(Path(str(package.locate_file(part))))
    return folder / "code"


def files_in(folder: Path) -> Iterator[tuple[str, int]]:
    """Yield what is in a folder, not following links, and when each was changed."""
    for path in sorted(folder.rglob("*")):
        yield str(path), path.lstat().st_mtime_ns


def test_it_runs_without_what_development_needs(code: Path, tmp_path: Path) -> None:
    """A database is made and somebody talks; only data is written, nothing beside the code or into a home."""
    data = tmp_path / "data"
    data.mkdir()
    environment = {
        **{name: value for name, value in os.environ.items() if name in {"PATH", "LANG"}},
        "HOME": str(tmp_path / "nonexistent"),
        "MPLCONFIGDIR": str(tmp_path / "matplotlib"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "ONWARD_DATABASE_URL": f"sqlite+aiosqlite:///{data / 'onward.db'}",
    }
    before = list(files_in(code))
    # Without "site", nothing of what is installed beside this Python can be imported.
    command = [sys.executable, "-S", "-P", "-c", COMMANDS, str(code)]
    said = "i got rejected by acme\nstraight on\n"
    done = subprocess.run(
        command, input=said, capture_output=True, text=True, cwd=data, env=environment, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("The database is up to date.\n")
    assert "How much does it sting" in done.stdout
    assert done.stdout.endswith(f"onward {distribution('onward').version}\n")
    assert {path.name for path in data.iterdir()} == {"onward.db", "onward.db.key"}
    assert {path.name for path in tmp_path.iterdir()} <= {"data", "matplotlib"}
    assert list(files_in(code)) == before
