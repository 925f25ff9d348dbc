"""What is typed, line by line, without holding up anything else."""

import asyncio
import os
import re
import select
from collections.abc import Iterable
from threading import Thread

CHUNK = 65536

PASTE_GAP = 0.03
"""Lines that come closer together than this many seconds were pasted: nobody types that fast."""

_SHORT_INPUT = re.compile(rb"\s*(?:/.*|\d{1,2}[.)]?)?\s*")
"""A command, the number of a choice, or nothing: never the beginning of a pasted letter."""


class Keyboard:
    """Reads lines in a thread of its own, because neither files nor every kind of terminal can be waited for.

    It reads the descriptor and not `sys.stdin`, whose lock a thread that still waits would hold when the program ends.
    """

    def __init__(self, descriptor: int, *, person: bool) -> None:
        """Read from a descriptor. At the keyboard of a `person`, the lines of a paste become one."""
        self._descriptor = descriptor
        self._person = person
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        self._typed = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        Thread(target=self._read, name="keyboard", daemon=True).start()

    async def line(self) -> str | None:
        """Return the next line, None at the end of the input."""
        line = await self._lines.get()
        if self._lines.empty():
            self._typed.clear()
        return line

    async def typed(self, seconds: float) -> bool:
        """Wait until a line is there or the time is over; say whether there is one."""
        try:
            # Not `wait_for`: before Python 3.12 it swallows being cancelled just after a line.
            async with asyncio.timeout(seconds):
                await self._typed.wait()
        except TimeoutError:
            return False
        return True

    def _read(self) -> None:
        rest = b""
        while chunk := self._chunk():
            *lines, rest = (rest + chunk).split(b"\n")
            if self._person:
                while lines and select.select([self._descriptor], [], [], PASTE_GAP)[0] and (more := self._chunk()):
                    *further, rest = (rest + more).split(b"\n")
                    lines += further
                lines = _joined(lines)
            self._hand_over(lines)
        self._hand_over([rest] if rest else [])
        self._tell(None)

    def _chunk(self) -> bytes:
        try:
            return os.read(self._descriptor, CHUNK)
        except OSError:
            # A terminal that was closed ends the input, as the end of a file does.
            return b""

    def _hand_over(self, lines: Iterable[bytes]) -> None:
        for line in lines:
            self._tell(line.decode("utf-8", errors="ignore"))

    def _tell(self, line: str | None) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._take, line)

    def _take(self, line: str | None) -> None:
        self._lines.put_nowait(line)
        self._typed.set()


def _joined(lines: list[bytes]) -> list[bytes]:
    """Return the lines of a paste as one, unless they are short inputs that somebody's program sends."""
    if len(lines) > 1 and not _SHORT_INPUT.fullmatch(lines[0]):
        return [b"\n".join(lines)]
    return lines
