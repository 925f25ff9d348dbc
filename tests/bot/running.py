"""Running the real command, and reading what it shows."""

import re
import subprocess
import sys
from itertools import takewhile
from pathlib import Path


def onward(*args: str) -> list[str]:
    """Return the real command."""
    return [str(Path(sys.executable).with_name("onward")), *args]


def run(*args: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Run the real command to its end."""
    return subprocess.run(onward(*args), input=typed, capture_output=True, text=True, timeout=30, check=False)


def choices(lines: list[str], question: int = -1) -> list[str]:
    """Return the choices of a question among the lines, the last one as a rule."""
    begin = [n for n, line in enumerate(lines) if line.startswith("  1. ")][question]
    return list(takewhile(lambda line: re.match(r"  \d\. ", line), lines[begin:]))
