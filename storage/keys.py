"""Everything that the host's key seals, brought to the newest one: people's keys, tokens, the database's secrets."""

from sqlalchemy import BindParameter, Row, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import tokens
from storage.sealing import NAME_BYTES, Seal
from storage.tables import journeys, locks, outbox, people, slack_bots, slack_installations

_MARK: BindParameter[bytes] = bindparam("mark")
_OUTDATED = (
    select(people.c.person, people.c.key)
    .where(func.substr(people.c.key, 1, 1 + NAME_BYTES) != _MARK)
    .order_by(people.c.person)
    .limit(bindparam("most"))
    .with_for_update()
)
_KEYED = update(people).where(people.c.person == bindparam("who")).values(key=bindparam("sealed"))
_STATE = update(journeys).where(journeys.c.person == bindparam("who")).values(state=bindparam("sealed"))
_LETTER = update(outbox).where(outbox.c.id == bindparam("number")).values(reply=bindparam("sealed"))


async def renew_some(connection: AsyncConnection, seal: Seal, most: int) -> int:
    """Bring at most so many people up to date, and return how many there were. Raises StorageError for a lost key."""
    found = (await connection.execute(_OUTDATED, {"mark": seal.mark, "most": most})).all()
    keys = {person: seal.resealed(key, person) if key else seal.new_person(person) for person, key in found}
    await _reseal(connection, seal, {person: keys[person] for person, key in found if not key})
    if keys:
        await connection.execute(_KEYED, [{"who": person, "sealed": key} for person, key in keys.items()])
    return len(found)


async def _reseal(connection: AsyncConnection, seal: Seal, keys: dict[str, bytes]) -> None:
    """Seal with their new keys what an older release has sealed with the key of the host."""
    if not keys:
        return
    seals = {person: seal.person(person, key) for person, key in keys.items()}

    def anew(row: Row[tuple[object, ...]], sealed: bytes) -> bytes:
        return seals[row.person].seal(seals[row.person].unseal(sealed))

    states = await connection.execute(select(journeys).where(journeys.c.person.in_(keys)))
    changed = [{"who": row.person, "sealed": anew(row, row.state)} for row in states]
    if changed:
        await connection.execute(_STATE, changed)
    letters = await connection.execute(select(outbox).where(outbox.c.person.in_(keys)))
    changed = [{"number": row.id, "sealed": anew(row, row.reply)} for row in letters]
    if changed:
        await connection.execute(_LETTER, changed)


async def renew_locks(connection: AsyncConnection, seal: Seal) -> None:
    """Seal what the database itself keeps secret with the newest key: every program follows it from now on."""
    for row in (await connection.execute(select(locks).with_for_update())).all():
        if not row.sealed.startswith(seal.mark):
            sealed = seal.seal(seal.unseal(row.sealed, row.name), row.name)
            await connection.execute(update(locks).where(locks.c.name == row.name).values(sealed=sealed))


async def renew_tokens(connection: AsyncConnection, seal: Seal) -> None:
    """Seal every token of a workspace with the newest key."""
    for table in (slack_bots, slack_installations):
        for row in (await connection.execute(select(table).with_for_update())).mappings().all():
            anew = {
                name: tokens.sealed(tokens.opened(token, place, seal), place, seal)
                for name, token, place in tokens.stored(row)
                if tokens.outdated(token, seal)
            }
            if anew:
                await connection.execute(update(table).where(table.c.id == row["id"]).values(anew))
