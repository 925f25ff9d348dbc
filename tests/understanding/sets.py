"""The labelled lines: those to learn from, and those to measure on, written by other hands."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
Row = dict[str, Any]


def rows(path: Path) -> list[Row]:
    """Return the lines of a file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def learnt(name: str) -> list[Row]:
    """Return the lines to learn from of a kind; "intents" are kept in one file for each label."""
    pattern = "intent_*.jsonl" if name == "intents" else f"{name}*.jsonl"
    return [row for path in sorted((FOLDER / "train").glob(pattern)) for row in rows(path)]


def measured(name: str) -> list[Row]:
    """Return the lines to measure on of a kind."""
    return rows(FOLDER / "eval" / f"{name}.jsonl")
