"""What every target of the fuzzer is made of: it makes an input, and checks what has to hold for it."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from pathlib import Path
from random import Random
from traceback import extract_tb
from typing import Any, ClassVar

import msgspec

Json = Any
"""Whatever JSON holds; strings may have half characters, as those that Python reads from JSON may."""

Made = Any
"""An input: a value of JSON, or bytes."""

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = ("adapters", "bot", "dialogs", "tests")


class BrokenError(AssertionError):
    """An invariant does not hold. The message says which, and holds nothing of the input."""


class Target(ABC):
    """One thing that is tried with random inputs.

    made: the input of the last call, by which a mistake can be seen again. reached: what came of the inputs so far, by
    name, to tell how far the inputs get.
    """

    name: ClassVar[str]
    takes_bytes: ClassVar[bool] = False

    def __init__(self) -> None:
        """Begin with nothing tried."""
        self.made: Made = None
        self.reached: set[str] = set()

    def __call__(self, random: Random) -> None:
        """Make one input and check it. Raises BrokenError, or whatever the product raises and must not."""
        self.made = self.make(random)
        self.check(self.made)

    @abstractmethod
    def make(self, random: Random) -> Made:
        """Return an input: a value of JSON, or bytes."""

    @abstractmethod
    def check(self, made: Made) -> None:
        """Check what has to hold for an input. Raises BrokenError, or whatever the product raises and must not."""


def holds(condition: object, what: str) -> None:
    """Raise BrokenError when a condition does not hold. what: the invariant, in words that quote no input."""
    if not condition:
        raise BrokenError(what)


def fits(wrong: Iterable[str], where: str) -> None:
    """Raise BrokenError when a platform would refuse a payload."""
    refused = next(iter(wrong), None)
    holds(refused is None, f"{where} refuses a payload: {refused}")


def declared(value: object, kind: Any) -> None:  # noqa: ANN401 - a type, or a union of some
    """Raise BrokenError when a value, or anything in it, is of another type than is declared."""
    holds(isinstance(value, kind), f"{type(value).__name__} is not what is declared")
    if not isinstance(value, msgspec.Struct):
        return
    try:
        msgspec.convert(msgspec.to_builtins(value), type(value))
    except (msgspec.ValidationError, UnicodeEncodeError):
        msg = f"a field of {type(value).__name__} has another type than is declared"
        raise BrokenError(msg) from None


def place(error: BaseException) -> str:
    """Return the type of an error, and the file and function of ours that it came from; nothing of its message."""
    if isinstance(error, BrokenError):
        return str(error)
    frames = [frame for frame in extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(ROOT)]
    # What stands inside a function, like a comprehension, is a frame of its own in some versions of Python only.
    named = [frame for frame in frames if not frame.name.startswith("<")]
    ours = [frame for frame in named if Path(frame.filename).relative_to(ROOT).parts[0] in OURS]
    if not ours:
        return type(error).__name__
    return f"{type(error).__name__} in {Path(ours[-1].filename).relative_to(ROOT).as_posix()}, {ours[-1].name}"
