"""Reading what is typed."""

import asyncio
import os
import pty
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.terminal.keyboard import Keyboard


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """Give a pipe: its end to read from, and its end to write to."""
    reading, writing = os.pipe()
    yield reading, writing
    os.close(reading)


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """Give a terminal: the side of the program, and that of the keyboard."""
    keyboard, program = pty.openpty()
    yield program, keyboard
    os.close(program)


async def test_lines_come_in_order_until_the_end(pipe: tuple[int, int]) -> None:
    """Each line is one, the last one needs no end of line, and then there is nothing more."""
    reading, writing = pipe
    os.write(writing, "one\n\ntwo\nthré".encode())
    os.close(writing)
    keyboard = Keyboard(reading, person=False)
    assert [await keyboard.line() for _ in range(5)] == ["one", "", "two", "thré", None]


async def test_a_file_can_be_read(tmp_path: Path) -> None:
    """Not only pipes and terminals."""
    (tmp_path / "lines").write_text("one\n" + "x" * 100_000 + "\n")
    with (tmp_path / "lines").open() as file:
        keyboard = Keyboard(file.fileno(), person=False)
        assert [await keyboard.line() for _ in range(3)] == ["one", "x" * 100_000, None]


async def test_bytes_that_are_no_text_are_left_out(pipe: tuple[int, int]) -> None:
    """Invalid UTF-8 does not end the conversation."""
    reading, writing = pipe
    os.write(writing, b"ab\xff\xfecd\n")
    os.close(writing)
    keyboard = Keyboard(reading, person=False)
    assert [await keyboard.line() for _ in range(2)] == ["abcd", None]


async def test_a_pasted_letter_is_one_message(terminal: tuple[int, int]) -> None:
    """The lines of a paste arrive together, so they belong together."""
    program, keys = terminal
    keyboard = Keyboard(program, person=True)
    os.write(keys, b"Dear candidate,\nunfortunately\n\nwe decided otherwise.\n")
    assert await keyboard.line() == "Dear candidate,\nunfortunately\n\nwe decided otherwise."
    os.close(keys)
    assert await keyboard.line() is None


async def test_short_inputs_that_arrive_together_stay_apart(terminal: tuple[int, int]) -> None:
    """A program at the keyboard may send the next number without waiting for the prompt."""
    program, keys = terminal
    keyboard = Keyboard(program, person=True)
    os.write(keys, b"1\n/help\nsomething\n")
    assert [await keyboard.line() for _ in range(3)] == ["1", "/help", "something"]
    os.close(keys)
    assert await keyboard.line() is None


async def test_it_tells_whether_a_line_is_waiting(pipe: tuple[int, int]) -> None:
    """Whoever waits for a while is let go as soon as something was typed."""
    reading, writing = pipe
    keyboard = Keyboard(reading, person=False)
    assert not await keyboard.typed(0.0)
    os.write(writing, b"go on\n")
    assert await asyncio.wait_for(keyboard.typed(60), 5)
    assert await keyboard.line() == "go on"
    assert not await keyboard.typed(0.0)
    os.close(writing)
    assert await keyboard.line() is None
