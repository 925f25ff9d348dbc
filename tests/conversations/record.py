"""Plays transcripts and writes what came back into them: `python -m tests.conversations.record FILE...`.

Read the outcome before you keep it: a recorded transcript proves only that nothing changes by accident.
"""

import sys
from pathlib import Path

from tests.conversations.on_engine import Player
from tests.conversations.script import read


def record(path: Path) -> None:
    """Fill in the expected lines of one transcript."""
    player = Player()
    lines = path.read_text(encoding="utf-8").splitlines()
    heard: dict[int, str] = {}
    for beat in read(path).beats:
        keys = player.play(beat)
        heard[beat.line] = f"< {' '.join(keys)}".rstrip()
    out: list[str] = []
    for number, line in enumerate(lines, 1):
        if not line.startswith("<"):
            out.append(line)
        if number in heard:
            out.append(heard[number])
    path.write_text("\n".join(out) + "\n", encoding="utf-8")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        record(Path(name))
