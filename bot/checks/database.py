"""The database, its key, and what waits in it to be sent: looked at, and neither made nor changed."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta

from bot import assemble
from bot.checks.disk import megabytes, place, privacy
from bot.checks.result import Result, advice, counted, good, guarded, wrong
from bot.settings import Settings
from storage.database import POOL
from storage.errors import StorageError
from storage.inspection import Contents, Letters, inspect_file
from storage.keyfile import existing_keys, file_beside
from storage.sealing import WRONG_KEY, Seal
from storage.server import Server, inspect_server

DATABASE, KEY, OUTBOX = "database", "key", "outbox"

READ_WHOLE = 200 * 2**20
"""Up to so many bytes a file is read through for damage: that takes a second at most."""

OLDEST_SERVER = 13
APART = timedelta(seconds=5)
"""By how much the clocks of a server and of this machine may differ."""


def look(settings: Settings, now: datetime) -> Iterator[Result]:
    """Tell of the database, of the key to it, and of the outbox in it."""
    seal, about_key = _key(settings)
    found: list[Contents] = []
    told = _file(settings, seal, now, found) if settings.database_file else _server(settings, seal, now, found)
    yield from guarded(DATABASE, told)
    contents = found[0] if found else Contents(None)
    yield from about_key
    yield from _fit(settings, contents)
    if contents.letters is not None:
        yield _outbox(contents.letters)


def _key(settings: Settings) -> tuple[Seal | None, list[Result]]:
    """Return the seal with the keys that there are, and what there is to say of where they are."""
    file = settings.database_file
    try:
        if settings.key or file is None:
            return assemble.seal(settings), [good(KEY, "It is in ONWARD_KEY.")]
        keys = existing_keys(file) if not file.is_dir() else ()
    except StorageError as error:
        return None, [wrong(KEY, str(error))]
    beside = file_beside(file)
    if not keys:
        return None, [
            good(KEY, f"There is none yet: the first start makes it, {beside}. Then keep a copy of it somewhere else.")
        ]
    told = [*privacy(beside, KEY)] or [good(KEY, f"It is in {beside}, for its owner alone.")]
    if len(keys) > 1:
        told.append(advice(KEY, f"{beside} has {len(keys)} keys, so a change was cut off: run 'onward keys rotate'."))
    return Seal(keys[0], keys[1:]), told


def _fit(settings: Settings, contents: Contents) -> Iterator[Result]:
    """Tell whether the keys are those of the database."""
    keys = contents.keys
    if keys is None:
        return
    if not keys.fit:
        yield wrong(KEY, WRONG_KEY)
        return
    if keys.lost:
        yield wrong(
            KEY,
            "It opens the database, but not everything in it: put the key from before into ONWARD_OLD_KEYS, or as a "
            "second line into the key file, and run 'onward keys rotate'.",
        )
        return
    yield good(KEY, "It opens the database.")
    if settings.old_keys and keys.old:
        yield advice(KEY, "An old key is still needed: run 'onward keys rotate', then take ONWARD_OLD_KEYS away.")
    elif settings.old_keys:
        yield advice(
            KEY, "No old key is needed any more: take ONWARD_OLD_KEYS away. Backups from before still need it."
        )


def _outbox(letters: Letters) -> Result:
    if letters.late and letters.since is not None:
        waits = "letter waits" if letters.late == 1 else "letters wait"
        return wrong(
            OUTBOX,
            f"{letters.late} {waits} to be sent for more than an hour, the first since {letters.since:%Y-%m-%d %H:%M} "
            "UTC: is the bot running ('onward run')? If it is, its log says what is in the way.",
        )
    return good(OUTBOX, f"{counted(letters.count, 'letter')} to be sent, none for long." if letters.count else "Empty.")


def _file(settings: Settings, seal: Seal | None, now: datetime, found: list[Contents]) -> Iterator[Result]:
    file = settings.database_file
    assert file is not None, "it is one of SQLite"  # noqa: S101 - for the types
    told = [*place(file, made=settings.folder is not None), *privacy(file, DATABASE)]
    yield from told
    if file.is_dir():
        return
    if not file.exists():
        if not told:
            yield good(DATABASE, f"There is none yet: the first start makes it, {file}.")
        return
    size = file.stat().st_size
    found.append(contents := inspect_file(file, seal, now, whole=size <= READ_WHOLE))
    state = _out_of_date(contents, itself=True)
    if state is not None:
        yield state
    elif not told:
        read = "undamaged" if size <= READ_WHOLE else "too large to be read through for damage here"
        yield good(DATABASE, f"{file} is up to date (revision {contents.revision}), {read}, and has {megabytes(size)}.")


def _server(settings: Settings, seal: Seal | None, now: datetime, found: list[Contents]) -> Iterator[Result]:
    server, contents = asyncio.run(inspect_server(settings.database_url, seal, now))
    found.append(contents)
    told = [*_trouble(server)]
    state = _out_of_date(contents, itself=False)
    if state is not None:
        told.append(state)
        if not (contents.newer or server.may_upgrade):
            told.append(
                wrong(
                    DATABASE,
                    "Its user may not do that: make the user the owner of the database and of all that is in it.",
                )
            )
    yield from told
    if not told:
        yield good(
            DATABASE,
            f"{server.where} (PostgreSQL {server.name}) is up to date (revision {contents.revision}), with room for "
            f"{counted(server.room, 'more connection')}.",
        )
    if not (server.local or server.encrypted):
        yield advice(
            DATABASE,
            "The connection to the server is not encrypted: put ?ssl=require (or verify-full) at the end of "
            "ONWARD_DATABASE_URL, unless the network between is yours alone.",
        )


def _trouble(server: Server) -> Iterator[Result]:
    """Tell what is wrong with a server, whatever is in its database."""
    if server.version < OLDEST_SERVER:
        yield wrong(
            DATABASE,
            f"PostgreSQL {server.name} is too old: use {OLDEST_SERVER} or newer, which still gets corrections.",
        )
    if server.standby:
        yield wrong(
            DATABASE, f"The server of {server.where} is a standby, which takes no writes: name the primary server."
        )
    if server.lacking:
        yield wrong(
            DATABASE,
            f"Its user may not use the tables {', '.join(server.lacking)}: make the user their owner, or grant it "
            "SELECT, INSERT, UPDATE and DELETE on them.",
        )
    if server.room < POOL:
        yield wrong(
            DATABASE,
            f"The server has room for {counted(max(server.room, 0), 'more connection')}, and each process of the bot "
            f"takes up to {POOL}: raise max_connections or the user's limit, or end what else is connected.",
        )
    if abs(server.ahead) > APART:
        yield wrong(
            DATABASE,
            f"This machine's clock is {abs(server.ahead.total_seconds()):,.0f} seconds "
            f"{'ahead of' if server.ahead > timedelta() else 'behind'} the server's: have both set over the network.",
        )


def _out_of_date(contents: Contents, *, itself: bool) -> Result | None:
    """Return what to do about the revision, None for nothing. itself: whether a start brings it up to date."""
    revision = contents.revision
    if contents.usable:
        return None
    if contents.newer:
        return wrong(
            DATABASE, f"It has the revision {revision}, which this release does not know: run the newer release."
        )
    has = f"It is of an older release (revision {revision})" if revision else "It has no tables yet"
    if not itself:
        return wrong(DATABASE, f"{has}: run 'onward db upgrade'.")
    if not revision:
        return good(DATABASE, f"{has}: the first start makes them.")
    return advice(DATABASE, f"{has}: the next start brings it up to date, after it has put a copy beside it.")
