"""Setting a database up and upgrading it: whole or not at all, never without a copy, never with a wrong key."""

import asyncio
import shutil
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect

from dialogs.journey import Journey
from storage import schema
from storage.errors import StorageError
from storage.sealing import Seal
from storage.store import Store
from storage.tables import metadata
from tests.databases import KEY, Database, url
from tests.storage.test_errors import refused
from tests.storage.test_store import ANN, NOW, keep, kept, reply

NEXT = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "0009", "0008"

def upgrade():
    hard = "always" if op.get_bind().dialect.name == "sqlite" else "never"
    with op.batch_alter_table("people", recreate=hard) as people:
        people.add_column(sa.Column("nickname", sa.String(20)))
    if {broken}:
        op.execute("SELECT a_function_that_is_not_there()")
"""


def release_two(tmp_path: Path, patch: pytest.MonkeyPatch, *, broken: bool = False) -> None:
    """Pretend that this is the next release: its revision makes a table anew, the hardest thing on SQLite."""
    migrations = tmp_path / "migrations 100%"
    shutil.copytree(schema.MIGRATIONS, migrations, ignore=shutil.ignore_patterns("__pycache__"))
    (migrations / "versions" / "r0009_next.py").write_text(NEXT.format(broken=broken))
    patch.setattr(schema, "MIGRATIONS", migrations)
    patch.setattr(schema, "NEWEST", "0009")
    patch.setattr(schema, "REVISIONS", ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009"))


async def revision(database: Database) -> str:
    """Return the revision of a database."""
    ((found,),) = await database.sql("SELECT version_num FROM alembic_version")
    return str(found)


async def test_migrations_lead_to_the_tables_of_the_code(new_database: Database, tmp_path: Path) -> None:
    """What Alembic makes is what SQLAlchemy is told, and the newest revision is the one that is named."""
    await (await Store.open(new_database.url, Seal(KEY), upgrade=True)).close()

    def differences(connection: Connection) -> object:
        return compare_metadata(MigrationContext.configure(connection), metadata)

    assert await new_database.sync(differences) == []
    assert await revision(new_database) == schema.NEWEST == schema.REVISIONS[-1]
    assert not list(tmp_path.glob("*.backup-*"))  # noqa: ASYNC240 - a small folder


def test_every_migration_says_which_releases_may_go_on_beside_it() -> None:
    """Since there is a table for it. Nobody notices by himself that older processes are still there."""
    files = sorted((schema.MIGRATIONS / "versions").glob("r*.py"))
    later = [file for file in files if file.name >= "r0006"]
    assert later
    assert not [file.name for file in later if "works_with" not in file.read_text()]


async def test_the_release_before_goes_on_working_beside(database: Database) -> None:
    """The newest revision only adds a table."""
    assert await database.sql("SELECT revision FROM works_with") == [(schema.REVISIONS[-2],)]


@pytest.mark.databases("postgresql")
async def test_names_are_compared_byte_by_byte(database: Database) -> None:
    """Whatever the language of the server: in Danish "aa" comes behind "z", and events of a person were overlooked."""
    collations = await database.sql(
        "SELECT table_name || '.' || column_name, collation_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND (column_name, table_name) IN (('person', 'people'), ('person', 'journeys'),"
        " ('person', 'outbox'), ('id', 'events'))"
    )
    assert dict(collations) == dict.fromkeys(("people.person", "journeys.person", "outbox.person", "events.id"), "C")


async def test_an_older_database_is_copied_and_then_upgraded_with_everything_in_it(
    path: Path, database: Database, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Journeys and letters survive that their table of people is changed, and the copy of a file opens like it."""
    await keep(store, ANN, Journey(asked=6), NOW)
    async with store.begin() as unit:
        await unit.journeys([ANN])
        posted = await unit.post([(ANN, "here", reply("x"))])
    release_two(tmp_path, monkeypatch)
    second = await Store.open(database.url, Seal(KEY), upgrade=True)
    assert (await kept(second, ANN)).asked == 6
    assert await second.pending() == posted
    await second.close()
    assert await revision(database) == "0009"
    monkeypatch.undo()
    if database.kind != "sqlite":
        return
    copy = Database(url(path.with_name("onward.db.backup-0008")))
    assert await revision(copy) == "0008"
    former = await Store.open(copy.url, Seal(KEY), upgrade=False)
    assert (await kept(former, ANN)).asked == 6
    await former.close()


async def test_an_upgrade_that_breaks_changes_nothing(
    database: Database, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old release still runs on the database."""
    await keep(store, ANN, Journey(asked=6))
    await store.close()
    release_two(tmp_path, monkeypatch, broken=True)
    assert "cannot be used" in await refused(database)
    assert await revision(database) == "0008"
    monkeypatch.undo()
    again = await Store.open(database.url, Seal(KEY), upgrade=True)
    assert (await kept(again, ANN)).asked == 6
    await again.close()


async def test_a_database_is_upgraded_only_on_request_and_only_with_its_key(
    path: Path, database: Database, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a copy nor a new revision comes about otherwise."""
    await store.close()
    release_two(tmp_path, monkeypatch)
    assert "does not fit this database" in await refused(database, Seal(bytes(32)))
    assert "run 'onward db upgrade' first" in await refused(database, upgrade=False)
    assert await revision(database) == "0008"
    assert not path.with_name("onward.db.backup-0008").exists()


@pytest.mark.databases("sqlite")
async def test_a_copy_that_cannot_be_made_stops_the_upgrade(
    path: Path, database: Database, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a way back nothing is changed."""
    await store.close()
    release_two(tmp_path, monkeypatch)
    path.with_name("onward.db.backup-0008").mkdir()
    assert "onward.db.backup-0008 cannot be written" in await refused(database)
    assert await revision(database) == "0008"


async def test_a_first_start_that_is_cut_off_leaves_nothing_behind(
    new_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next start begins as if there had been none."""
    upgrade = schema._upgrade  # noqa: SLF001

    def cut_off(connection: Connection) -> None:
        upgrade(connection)
        raise KeyboardInterrupt

    monkeypatch.setattr(schema, "_upgrade", cut_off)
    with pytest.raises(KeyboardInterrupt):
        await Store.open(new_database.url, Seal(KEY), upgrade=True)
    monkeypatch.undo()
    assert await new_database.sync(lambda connection: inspect(connection).get_table_names()) == []
    again = await Store.open(new_database.url, Seal(KEY), upgrade=True)
    assert await kept(again, ANN) == Journey()
    await again.close()


@pytest.mark.databases(*["sqlite"] * 10, *["postgresql"] * 3)
async def test_several_first_starts_at_the_same_moment_make_one_database(new_database: Database) -> None:
    """One sets it up, the others wait for it; one with another key is turned away, whoever came first."""
    opening = (Store.open(new_database.url, Seal(key), upgrade=True) for key in (KEY, KEY, KEY, bytes(32)))
    stores = await asyncio.gather(*opening, return_exceptions=True)
    refusals = [str(one) for one in stores if isinstance(one, StorageError)]
    for one in stores:
        if isinstance(one, Store):
            await one.close()
    assert len(refusals) in {1, 3}
    assert all("does not fit this database" in told for told in refusals)
    assert sum(isinstance(one, Store) for one in stores) == 4 - len(refusals)


async def test_a_new_file_is_for_its_owner_alone(path: Path) -> None:
    """And so are the files that SQLite keeps beside it."""
    store = await Store.open(url(path), Seal(KEY), upgrade=True)
    await keep(store, ANN, Journey())
    modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir() if file.is_file()}
    assert modes.keys() >= {path.name, f"{path.name}-wal"}
    assert set(modes.values()) == {0o600}
    await store.close()
