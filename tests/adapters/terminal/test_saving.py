"""A file that is saved: under a new name, for its owner alone."""

import os
from pathlib import Path

import pytest

from adapters.terminal import saving
from adapters.terminal.saving import SavingError, saved
from dialogs.replies import File

FILE = File(name="onward-1.json", text='{"soup": "m\u00f6hre"}\n')


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    """Whatever the program's mask lets others do."""
    before = os.umask(0)
    try:
        path = saved(FILE, tmp_path)
    finally:
        os.umask(before)
    assert path == tmp_path / "onward-1.json"
    assert path.read_bytes() == FILE.text.encode()
    assert path.stat().st_mode & 0o777 == 0o600


def test_nothing_that_is_there_is_written_over(tmp_path: Path) -> None:
    """Neither a file, nor what a link leads to, nor a folder."""
    (tmp_path / "onward-1.json").write_text("mine")
    (tmp_path / "onward-1-2.json").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "onward-1-3.json").mkdir()
    assert saved(FILE, tmp_path) == tmp_path / "onward-1-4.json"
    assert (tmp_path / "onward-1.json").read_text() == "mine"
    assert not (tmp_path / "elsewhere").exists()


def test_the_same_file_is_saved_once(tmp_path: Path) -> None:
    """A letter that is delivered again after a crash makes no second one."""
    assert saved(FILE, tmp_path) == saved(FILE, tmp_path)
    assert len(list(tmp_path.iterdir())) == 1
    assert saved(File(name=FILE.name, text="other"), tmp_path).name == "onward-1-2.json"


def test_what_cannot_be_read_is_something_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It keeps its name."""
    saved(FILE, tmp_path)

    def refused(_path: Path) -> bytes:
        raise PermissionError

    monkeypatch.setattr(Path, "read_bytes", refused)
    assert saved(FILE, tmp_path).name == "onward-1-2.json"


def test_a_folder_that_takes_nothing(tmp_path: Path) -> None:
    """The caller gets to know, and nothing is left behind."""
    with pytest.raises(SavingError):
        saved(FILE, tmp_path / "gone")
    with pytest.raises(SavingError):
        saved(FILE, Path("/proc"))


def test_half_a_file_is_not_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk."""

    def full(path: str, flags: int) -> int:
        os.close(os.open(path, flags))
        return os.open(path, os.O_RDONLY)

    monkeypatch.setattr(saving, "_for_owner", full)
    with pytest.raises(SavingError):
        saved(FILE, tmp_path)
    assert list(tmp_path.iterdir()) == []
