"""What other frameworks do in a conversation whose state they keep: each in a process and an environment of its own.

A program for each peer feeds its dispatcher directly, without a network, as its documentation recommends it.
"""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from tests.benchmarks.peers.conversation import QUESTIONS
from tests.benchmarks.peers.environment import ROOT, environment
from tests.benchmarks.table import against, row

NAMES = ("aiogram", "telegram", "errbot", "opsdroid", "botbuilder")
LIMIT, LIMIT_OF_ALL = 40.0, 120.0
"""Seconds for one program, and for all of them together."""
AHEAD = 1.0


@dataclass(frozen=True)
class Peer:
    """Turns a second, and milliseconds for one; what is kept after each turn is said in `conversation.Kind`."""

    name: str
    in_flight: int
    rate: float
    p50: float
    p99: float
    persists_each_turn: bool
    durable: bool
    note: str


@dataclass(frozen=True)
class Skipped:
    """A peer that was not measured, and why."""

    name: str
    reason: str


def measure(folder: Path) -> list[Peer | Skipped]:
    """Run one after the other. The first time on a machine, what they need is installed before the clock starts."""
    ready = {name: _ready(name) for name in NAMES}
    until = monotonic() + LIMIT_OF_ALL
    return [one for name in NAMES for one in _run(name, ready[name], folder / f"peer-{name}", until)]


def _ready(name: str) -> Path | Skipped:
    try:
        return environment(name)
    except (OSError, subprocess.SubprocessError) as error:
        return Skipped(name, f"it could not be installed: {_told(error)}")


def _run(name: str, python: Path | Skipped, folder: Path, until: float) -> Sequence[Peer | Skipped]:
    if isinstance(python, Skipped):
        return [python]
    limit = min(LIMIT, until - monotonic())
    if limit <= 0:
        return [Skipped(name, "no time is left")]
    folder.mkdir()
    command = [str(python), "-m", f"tests.benchmarks.peers.on_{name}", str(folder)]
    try:
        ran = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=limit)
    except (OSError, subprocess.SubprocessError) as error:
        return [Skipped(name, _told(error))]
    return [Peer(**json.loads(line)) for line in ran.stdout.splitlines()]


def _told(error: Exception) -> str:
    """Return the last line of what a program said about its failure, or how it failed."""
    said = error.stderr if isinstance(error, subprocess.CalledProcessError) else b""
    return (said.decode().strip().splitlines() or [str(error)])[-1]


def rows(measured: Sequence[Peer | Skipped], ours: float) -> list[str]:
    """Return the rows, and whether `ours`, turns a second, is ahead of every peer that persists each turn."""
    peers = [one for one in measured if isinstance(one, Peer)]
    lines = [
        f"peers: {len(QUESTIONS)} questions in a row, about 1 KB of state, handed to each dispatcher without a network"
    ]
    for number, one in enumerate(measured):
        again = number > 0 and measured[number - 1].name == one.name
        lines += [_figures(one)] if again and isinstance(one, Peer) else _first(one)
    lines += _ahead("persists", ours, [one.rate for one in peers if one.persists_each_turn])
    lines += _ahead("syncs", ours, [one.rate for one in peers if one.durable])
    return [*lines, ""]


def _ahead(does: str, ours: float, theirs: Sequence[float]) -> list[str]:
    """Return a row beside the quickest of them, none where there are none."""
    if not theirs:
        return []
    ratio = ours / max(theirs)
    target = against(ratio, AHEAD, " x", at_most=False)
    return [row(f"Onward / quickest that {does} each turn", f"{ratio:.2f} x", target)]


def _first(one: Peer | Skipped) -> list[str]:
    """Return the first row of a peer, and one that says what it keeps."""
    if isinstance(one, Skipped):
        return [row(one.name, "not measured", one.reason)]
    kept = "not kept each turn"
    if one.persists_each_turn:
        kept = "each turn synced to disk" if one.durable else "each turn leaves the process"
    return [_figures(one, one.name), row("", "", f"{kept}; {one.note}")]


def _figures(one: Peer, name: str = "") -> str:
    speed = f"{one.in_flight} in flight, p50 {one.p50:.2f} ms, p99 {one.p99:.2f} ms"
    return row(name, f"{one.rate:,.0f} /s", speed)
