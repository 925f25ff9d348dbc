"""An environment of its own for each peer, made when it is first measured: nothing of a peer comes near ours."""

import hashlib
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[3]
PACKAGES = Path(__file__).parent / "packages"
ENVIRONMENTS = ROOT / ".venv-peers"
INSTALLING = 300.0
SOURCE_ONLY = frozenset({"aiounittest", "emoji", "grapheme", "opsdroid", "pygments-markdown-lexer", "tailer"})
"""Packages without a wheel, all of plain Python: these are built here, with the setuptools of the lock."""


def environment(name: str) -> Path:
    """Return the Python of a peer's environment, made from its lock when it is not there or the lock has changed.

    Raises OSError and subprocess.SubprocessError when it cannot be made, as without the network.
    """
    lock = (PACKAGES / f"{name}.lock").read_text(encoding="utf-8")
    folder = ENVIRONMENTS / name
    python, ready = folder / "bin" / "python", folder / "ready"
    made_of = hashlib.sha256((sys.version + lock).encode()).hexdigest()
    if not ready.exists() or ready.read_text() != made_of:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True, capture_output=True)
        wheels, sources = _apart(re.split(r"\n(?=\S)", lock.strip()))
        _install(python, folder / "wheels.txt", wheels, "--only-binary", ":all:")
        if sources:
            _install(python, folder / "sources.txt", sources, "--no-build-isolation")
        ready.write_text(made_of)
    return python


def _apart(pins: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return which pins have a wheel, and which are built."""
    built = [pin for pin in pins if pin.partition("==")[0] in SOURCE_ONLY]
    return [pin for pin in pins if pin not in built], built


def _install(python: Path, requirements: Path, pins: Sequence[str], *flags: str) -> None:
    requirements.write_text("\n".join(pins) + "\n")
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "1"]
    asked = [*pip, "--no-deps", "--require-hashes", *flags, "-r", str(requirements)]
    subprocess.run(asked, check=True, capture_output=True, timeout=INSTALLING)
