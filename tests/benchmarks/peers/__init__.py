"""What other frameworks do in a conversation whose state they keep: each in a process and an environment of its own.

A program for each peer feeds its dispatcher directly, without a network, as its documentation recommends it.
"""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.peers.conversation import QUESTIONS
from tests.benchmarks.peers.environment import ROOT, environment
from tests.benchmarks.table import against, row

NAMES = ("aiogram", "telegram", "errbot", "opsdroid", "botbuilder")
LIMIT = 45.0
"""Seconds for one program: all five of them end within two minutes."""
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
    """Run one after the other. The first time on a machine, their packages are installed, for which it waits longer."""
    return [measured for name in NAMES for measured in _run(name, folder / f"peer-{name}")]


def _run(name: str, folder: Path) -> Sequence[Peer | Skipped]:
    folder.mkdir()
    try:
        command = [str(environment(name)), "-m", f"tests.benchmarks.peers.on_{name}", str(folder)]
        ran = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=LIMIT)
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode() if isinstance(error.stderr, bytes) else error.stderr
        return [Skipped(name, (said.strip().splitlines() or ["it ended without a word"])[-1])]
    except (OSError, subprocess.TimeoutExpired) as error:
        return [Skipped(name, str(error))]
    return [Peer(**json.loads(line)) for line in ran.stdout.splitlines()]


def rows(measured: Sequence[Peer | Skipped], ours: float) -> list[str]:
    """Return the rows, and whether `ours`, turns a second, is ahead of every peer that persists each turn."""
    kept = [one.rate for one in measured if isinstance(one, Peer) and one.persists_each_turn]
    lines = [
        f"peers: {len(QUESTIONS)} questions in a row, about 1 KB of state, handed to each dispatcher without a network"
    ]
    for number, one in enumerate(measured):
        again = number > 0 and measured[number - 1].name == one.name
        lines += _again(one) if again and isinstance(one, Peer) else _first(one)
    if kept:
        ratio = ours / max(kept)
        met = against(ratio, AHEAD, " x", at_most=False)
        lines.append(row("Onward / the quickest that persists each turn", f"{ratio:.2f} x", met))
    return [*lines, ""]


def _first(one: Peer | Skipped) -> list[str]:
    if isinstance(one, Skipped):
        return [row(one.name, "not measured", one.reason)]
    kept = (
        "each turn synced to disk"
        if one.durable
        else "each turn leaves the process"
        if one.persists_each_turn
        else "not kept each turn"
    )
    return [*_again(one, one.name), row("", "", f"{kept}; {one.note}")]


def _again(one: Peer, name: str = "") -> list[str]:
    return [row(name, f"{one.rate:,.0f} /s", f"{one.in_flight} in flight, p50 {one.p50:.2f} ms, p99 {one.p99:.2f} ms")]
