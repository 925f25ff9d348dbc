"""`onward backup` and `onward restore`: a copy of the database for the host, and the way back."""

from pathlib import Path

from bot import assemble
from bot.settings import Settings, SettingsError
from storage import backup, restoring
from storage.errors import StorageError
from storage.keyfile import file_beside
from storage.restoring import Restored


def back_up(settings: Settings, target: Path) -> str:
    """Copy the database into a new file, and return what to tell. Raises SettingsError, StorageError."""
    database = _file(settings, "pg_dump")
    if not database.exists():
        msg = f"There is no database at {database}: name one with --db."
        raise StorageError(msg)
    count = backup.copy(database, target)
    key = "ONWARD_KEY" if settings.key else str(file_beside(database))
    return f"{target} has {_people(count)} in it, and not the key: keep {key} too, in another place."


def restore(settings: Settings, file: Path, *, everybody: bool) -> str:
    """Put a backup back, and return what to tell. Raises SettingsError, StorageError."""
    database = _file(settings, "pg_restore")
    if not file.is_file():
        msg = f"There is no backup at {file}: name another file."
        raise StorageError(msg)
    if database.exists() and database.samefile(file):
        msg = f"{file} is the database itself: name a backup of it."
        raise StorageError(msg)
    if not settings.key and not file_beside(database).exists():
        msg = f"The key of the backup is missing: put it at {file_beside(database)}, or set ONWARD_KEY."
        raise StorageError(msg)
    seal = assemble.seal(settings)
    if settings.folder is not None:
        settings.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return " ".join(_told(restoring.restore(file, database, seal, everybody=everybody), database, everybody=everybody))


def _told(done: Restored, database: Path, *, everybody: bool) -> list[str]:
    told = [f"{database} is restored, with {_people(done.people)} in it."]
    if done.kept is not None:
        told.append(f"What was there before is in {done.kept}; delete it when all is well.")
    left_out = [_people(done.left_out)] if done.left_out else []
    if done.workspaces:
        left_out.append(f"{done.workspaces} {'workspace' if done.workspaces == 1 else 'workspaces'}")
    if left_out:
        told.append(
            f"Left out: {' and '.join(left_out)}, gone from the database or begun anew since the backup. If it is the "
            "database that lost them, restore again with --everybody."
        )
    elif everybody or not done.compared:
        why = "--everybody was given" if everybody else "there was no database that tells who they are"
        told.append(f"Whoever erased everything since the backup is in it again: {why}.")
    return told


def _file(settings: Settings, tool: str) -> Path:
    file = settings.database_file
    if file is None:
        msg = f"This is for SQLite; the database is a PostgreSQL server's: use its own {tool}."
        raise SettingsError(msg)
    return file


def _people(count: int) -> str:
    return f"{count} {'person' if count == 1 else 'people'}"
