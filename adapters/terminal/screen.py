"""What is shown, on a terminal to a person or as bare lines into a pipe."""

import re
from collections.abc import Awaitable, Callable
from typing import TextIO

from rich.console import Console, RenderableType

from adapters.terminal import render
from dialogs.replies import Reply

WIDEST = 76
"""Lines are no longer than this, however wide the terminal is: that is where reading begins to tire."""

_FILLING = re.compile(r" +(?=\n)")
_CLEAR_LINE = "\r\x1b[K"

Pause = Callable[[float], Awaitable[object]]
"""Waits for so many seconds, or shorter when the person goes on."""


class Screen:
    """Writes to a stream. On a terminal it keeps a prompt at the bottom, and shows that the bot is typing."""

    def __init__(self, stream: TextIO, prompt: str, typing: str, *, person: bool) -> None:
        """Write to a stream; `person` when somebody looks at it, and not a pipe."""
        self._stream = stream
        self._person = person
        self._prompt = prompt
        self._typing = typing
        self._prompted = False
        self._console = Console(file=stream, highlight=False, markup=False, emoji=False)
        self._animated = person and self._console.is_terminal and not self._console.is_dumb_terminal

    async def reply(self, reply: Reply, pause: Pause | None = None) -> None:
        """Show a reply, after the time that typing takes when there is a `pause`."""
        if self._animated and pause is not None:
            await self._type(len(reply.text), pause)
        self._show(render.shown(reply) if self._person else render.plain(reply))

    def remark(self, text: str) -> None:
        """Show a remark of the terminal itself."""
        self._show(render.quiet(text) if self._person else text)

    def prompt(self) -> None:
        """Show that a line may be typed."""
        if self._person:
            self._write(self._prompt)
            self._prompted = True

    def entered(self) -> None:
        """Take note that a line was typed, and leave some room behind it."""
        if self._person:
            self._prompted = False
            self._write("\n")

    def _show(self, what: RenderableType) -> None:
        """Show something; a prompt that stands there moves below it."""
        if self._prompted:
            self._write(_CLEAR_LINE if self._animated else "\n")
        if isinstance(what, str):
            self._write(f"{what}\n")
        else:
            self._write(self._drawn(what))
        if self._prompted:
            self.prompt()

    def _drawn(self, what: RenderableType) -> str:
        with self._console.capture() as drawn:
            self._console.print(what, width=min(WIDEST, self._console.width))
        # Without the space that fills the lines, what is copied is what was written.
        return _FILLING.sub("", drawn.get())

    async def _type(self, length: int, pause: Pause) -> None:
        if self._prompted:
            self._write(_CLEAR_LINE)
        self._write(self._drawn(render.typing(self._typing)).rstrip("\n"))
        await pause(typing_time(length))
        self._write(_CLEAR_LINE)

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


def typing_time(length: int) -> float:
    """Return for how many seconds a reply of that length is seen to be typed: felt, never waited for."""
    return min(0.9, 0.25 + 0.003 * length)
