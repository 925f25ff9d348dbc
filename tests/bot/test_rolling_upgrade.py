"""Two releases side by side on one PostgreSQL, as while processes are replaced one by one."""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path

import pytest

from dialogs.codec import UnreadableStateError
from storage import schema
from storage.errors import StorageError
from storage.sealing import Seal
from storage.store import Store
from tests.bot.test_sharing import ANN, BEN, LEASE, Office, Post, office
from tests.databases import KEY, Database, says
from tests.storage.test_store import reply

LATER = "9001"
NEXT = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "{later}", "{newest}"

def upgrade():
    op.add_column("people", sa.Column("nickname", sa.String(20)))
    op.alter_column("people", "address", type_=sa.String(600))
    op.create_table("rooms", sa.Column("name", sa.String(20), primary_key=True))
    op.execute("DELETE FROM works_with")
    if {along}:
        op.execute("INSERT INTO works_with VALUES ('{newest}')")
"""
OF_THE_NEXT = b'{"v":99,"state":{}}', b'{"text":"x","keys":[],"style":"of the next release"}'
"""A state and a letter that only the next release can read."""

pytestmark = pytest.mark.databases("postgresql")


@pytest.fixture
def post() -> Post:
    """Give a platform."""
    return Post()


@contextmanager
def next_release(folder: Path, *, along: bool = True) -> Iterator[None]:
    """Be the next release in this block. along: whether this one may go on beside it."""
    migrations = folder / "migrations"
    shutil.copytree(schema.MIGRATIONS, migrations, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
    written = NEXT.format(later=LATER, newest=schema.NEWEST, along=along)
    (migrations / "versions" / "next.py").write_text(written)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", migrations)
        patch.setattr(schema, "REVISIONS", (*schema.REVISIONS, LATER))
        patch.setattr(schema, "NEWEST", LATER)
        yield


async def upgrade(database: Database) -> None:
    """Bring a database up to date."""
    await (await Store.open(database.url, Seal(KEY), upgrade=True)).close()


async def rewrite(database: Database, statement: str, person: str, plain: bytes) -> None:
    """Put something sealed for a person in the place of what is there: the statement names it `sealed`."""
    ((key,),) = await database.sql("SELECT key FROM people WHERE person = :who", who=person)
    await database.sql(statement, sealed=Seal(KEY).person(person, key).seal(plain), who=person)


async def nothing_waits(database: Database) -> None:
    """Return when every letter is delivered."""
    await says(database, "SELECT count(*) = 0 FROM outbox")


async def test_this_release_goes_on_beside_the_next_one(database: Database, post: Post, tmp_path: Path) -> None:
    """In the middle of what it does, for the same people; and it can be started anew."""
    async with AsyncExitStack() as running:

        async def started(name: str) -> Office:
            return await running.enter_async_context(office(database, post, name))

        before = await started("before")
        await before.hears(1)
        await before.hears(1, "hello", BEN)
        with next_release(tmp_path):
            await upgrade(database)
            # What it has prepared does not fit the table any more, and nobody who writes is to notice.
            await before.hears(2, "tonight")
            after = await started("after")
        await after.hears(3, "those jerks")
        await before.hears(4, "enough")
        await after.hears(2, "I got rejected by Wayne", BEN)
        again = await started("again")
        await again.hears(5, "4")
        await before.hears(3, "straight on", BEN)
        await nothing_waits(database)
    assert await database.sql("SELECT count(*) FROM events") == [(8,)]
    assert {name for name, _, _ in post.handed} == {"before", "after", "again"}
    for person in (ANN, BEN):
        assert post.numbers(to=person) == sorted(set(post.numbers(to=person)))


async def test_a_release_that_may_not_is_turned_away(database: Database, tmp_path: Path) -> None:
    """As ever, with a sentence that says what to do."""
    with next_release(tmp_path, along=False):
        await upgrade(database)
    with pytest.raises(StorageError, match=f"the revision {LATER}, which this release does not know: run the newer"):
        await upgrade(database)


async def test_a_state_of_the_next_release_is_one_persons_trouble(database: Database, post: Post) -> None:
    """Their event is not taken, so that the platform brings it again, to somebody who can read the state."""
    async with office(database, post, "before") as before:
        await before.hears(1)
        await before.hears(1, "hello", BEN)
        ((state,),) = await database.sql("SELECT state FROM journeys WHERE person = :who", who=ANN)
        await rewrite(database, "UPDATE journeys SET state = :sealed WHERE person = :who", ANN, OF_THE_NEXT[0])
        hers, his = await asyncio.gather(
            before.hears(2, "tonight"), before.hears(2, "I got rejected", BEN), return_exceptions=True
        )
        assert isinstance(hers, UnreadableStateError)
        assert not isinstance(his, BaseException)
        assert his.fresh
        # As the next release would: it takes the event, and this one finds that out.
        await database.sql("UPDATE journeys SET state = :state WHERE person = :who", state=state, who=ANN)
        assert (await before.hears(2, "tonight")).fresh
        await rewrite(database, "UPDATE journeys SET state = :sealed WHERE person = :who", ANN, OF_THE_NEXT[0])
        assert not (await before.hears(2, "tonight")).fresh


async def test_a_letter_of_the_next_release_is_left_to_it(database: Database, post: Post) -> None:
    """With everything behind it; other people's letters are delivered, and the database may go away meanwhile."""
    store = await Store.open(database.url, Seal(KEY), upgrade=False)
    async with store.begin() as unit:
        await unit.journeys([ANN, BEN])
        letters = await unit.post([(ANN, "here", reply("one")), (ANN, "here", reply("two")), (BEN, "here", reply("x"))])
    of_ann = [letter.id for letter in letters if letter.person == ANN]
    ((readable,),) = await database.sql("SELECT reply FROM outbox WHERE id = :first", first=of_ann[0])
    first = "person = :who AND id = (SELECT min(id) FROM outbox)"
    await rewrite(database, f"UPDATE outbox SET reply = :sealed WHERE {first}", ANN, OF_THE_NEXT[1])  # noqa: S608 - ours
    async with office(database, post, "before", LEASE) as before:
        await post.until(lambda: bool(post.numbers("before", BEN)))
        await before.hears(1, "hello")
        await before.hears(1, "hello", BEN)
        await post.until(lambda: len(post.numbers("before", BEN)) > 1)
        await before.app.dispatcher.recover()
        assert await database.sql("SELECT DISTINCT holder FROM outbox") == [(None,)]
        assert post.numbers(to=ANN) == []
        # The next release reads it.
        await database.sql("UPDATE outbox SET reply = :readable WHERE id = :first", readable=readable, first=of_ann[0])
        async with office(database, post, "after", LEASE):
            await nothing_waits(database)
    assert post.numbers("after", ANN) == post.numbers(to=ANN)
    assert post.numbers(to=ANN)[:2] == of_ann
    assert len(post.numbers(to=ANN)) > 2
    await store.close()
