"""A place for a backup."""

from pathlib import Path

import pytest


@pytest.fixture
def file(path: Path) -> Path:
    """Return where the backup is."""
    folder = path.parent / "backups"
    folder.mkdir()
    return folder / "backup.db"
