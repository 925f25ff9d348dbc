"""A file that goes along with a reply, saved in a folder: never over another one, and for its owner alone."""

import os
from contextlib import suppress
from itertools import count
from pathlib import Path

from dialogs.replies import File


class SavingError(Exception):
    """A file cannot be saved in that folder."""


def saved(file: File, folder: Path) -> Path:
    """Save a file in a folder, and return where.

    When it is there already, with just this content, it is left as it is; a name that is taken by anything else gets a
    number. Raises SavingError.
    """
    data = file.text.encode()
    try:
        paths = (folder.absolute() / _numbered(file.name, number) for number in count(1))
        return next(path for path in paths if _written(path, data) or _holds(path, data))
    except OSError as error:
        raise SavingError(error.strerror) from None


def _numbered(name: str, number: int) -> str:
    path = Path(name)
    return name if number == 1 else f"{path.stem}-{number}{path.suffix}"


def _written(path: Path, data: bytes) -> bool:
    """Write a new file, whole or not at all; say whether the name was free. Raises OSError."""
    try:
        opened = open(path, "xb", opener=_for_owner)  # noqa: SIM115 - Path.open takes no opener
    except FileExistsError:
        return False
    try:
        with opened:
            opened.write(data)
    except OSError:
        with suppress(OSError):
            path.unlink()
        raise
    return True


def _for_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _holds(path: Path, data: bytes) -> bool:
    """Say whether there is a file with this content; what cannot be read is none."""
    try:
        return path.is_file() and path.read_bytes() == data
    except OSError:
        return False
