"""Pages that are made by running something, to be read, and compared in a test."""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any


def write(file: Path, made: Callable[[Path], Coroutine[Any, Any, str]]) -> None:
    """Make a page, with a folder for what it needs, and write it into a file."""
    with TemporaryDirectory() as folder:
        file.write_text(asyncio.run(made(Path(folder))), encoding="utf-8")
    sys.stdout.write(f"{file} is written.\n")
