"""`onward check` with a PostgreSQL server, in the states that it has to notice."""

import socket
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy.engine import make_url

from bot.checks import database
from bot.checks.result import Verdict
from storage import server
from storage.schema import NEWEST
from storage.server import Server, is_local
from tests import postgres
from tests.bot.checked import Check
from tests.databases import KEY, bring_up_to_date
from tests.platforms.ports import free_port


@pytest.fixture
def empty(postgres_server: postgres.Server) -> Iterator[str]:
    """Give the address of a database of its own, without tables."""
    name = f"empty_{uuid4().hex}"
    yield postgres_server.create_database(name)
    postgres_server.drop_database(name)


@pytest.fixture
def ready(postgres_server: postgres.Server, postgres_template: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Give the name of a database that is up to date, and that is set."""
    name = f"ready_{uuid4().hex}"
    use(monkeypatch, postgres_server.create_database(name, postgres_template))
    yield name
    postgres_server.drop_database(name)


@pytest.fixture
def user(postgres_server: postgres.Server, ready: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Give the name of a user who may do nothing yet, as whom that database is used."""
    name = f"user_{uuid4().hex}"
    postgres_server.sql(f"CREATE USER {name} PASSWORD '{name}'")
    use(monkeypatch, at(postgres_server.url(ready), username=name, password=name))
    yield name
    postgres_server.sql(f"DROP OWNED BY {name}", ready)
    postgres_server.sql(f"DROP USER {name}")


def at(url: str, **parts: str) -> str:
    """Return an address with another user, host or database."""
    return make_url(url).set(**parts).render_as_string(hide_password=False)  # type: ignore[arg-type] # of strings alone


def use(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """Set an address, and the key of the databases of the tests."""
    monkeypatch.setenv("ONWARD_DATABASE_URL", url)
    monkeypatch.setenv("ONWARD_KEY", KEY.hex())


def test_a_server_that_is_up_to_date(ready: str, check: Check) -> None:
    """One line, and the key opens what is in it."""
    _, told = check()
    (line,) = told["database"]
    assert line.startswith(f"ok 127.0.0.1/{ready} (PostgreSQL ")
    assert "is up to date (revision " in line
    assert told["key"] == ["ok It is in ONWARD_KEY.", "ok It opens the database."]
    assert told["outbox"] == ["ok Empty."]


def test_a_server_without_tables(
    postgres_server: postgres.Server, empty: str, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says which command makes them, and makes none."""
    use(monkeypatch, empty)
    code, told = check()
    assert code == 1
    assert told["database"] == ["MEND It has no tables yet: run 'onward db upgrade'."]
    made = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
    assert postgres_server.sql(made, make_url(empty).database or "") == "0\n"


def test_a_server_of_an_older_and_of_a_newer_release(
    postgres_server: postgres.Server, ready: str, check: Check
) -> None:
    """The one has to be upgraded by hand, the other one is not for this release, unless it says that it is."""
    postgres_server.sql("UPDATE alembic_version SET version_num = '0005'", ready)
    assert check()[1]["database"] == ["MEND It is of an older release (revision 0005): run 'onward db upgrade'."]
    postgres_server.sql("UPDATE alembic_version SET version_num = '9999'", ready)
    assert "run the newer release" in check()[1]["database"][0]
    postgres_server.sql(f"INSERT INTO works_with VALUES ('{NEWEST}')", ready)  # noqa: S608 - our own number
    assert check()[1]["database"][0].startswith("ok ")


def test_a_wrong_key_and_old_letters(
    postgres_server: postgres.Server, ready: str, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with SQLite."""
    postgres_server.sql("INSERT INTO people (person, address) VALUES ('discord:1', '')", ready)
    letter = "INSERT INTO outbox (person, address, reply, posted_at) VALUES ('discord:1', '', '', 1000000)"
    postgres_server.sql(letter, ready)
    monkeypatch.setenv("ONWARD_KEY", "cd" * 32)
    _, told = check()
    assert told["key"][1].startswith("MEND The key does not fit this database")
    assert "the first since 1970-01-01 00:00 UTC" in told["outbox"][0]


def test_a_server_without_a_key(ready: str, check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no file for it beside a server; what can be seen without it is told."""
    monkeypatch.delenv("ONWARD_KEY")
    _, told = check()
    assert told["key"][0].startswith("MEND ONWARD_KEY has to be 32 bytes")
    assert told["database"][0].startswith(f"ok 127.0.0.1/{ready} ")


def test_who_may_not_use_or_change_the_tables(
    postgres_server: postgres.Server, ready: str, user: str, check: Check
) -> None:
    """A user without rights, with the right to look, with those to work, and without those for an upgrade."""
    assert "The user may not do that" in check()[1]["database"][0]
    postgres_server.sql(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {user}", ready)
    (line,) = check()[1]["database"]
    assert line.startswith("MEND Its user may not use the tables ")
    assert "journeys, locks, offers, outbox, people" in line
    postgres_server.sql(f"GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {user}", ready)
    assert check()[1]["database"][0].startswith("ok ")
    postgres_server.sql("UPDATE alembic_version SET version_num = '0005'", ready)
    _, second = check()[1]["database"]
    assert second.startswith("MEND Its user may not do that: make the user the owner")


def test_too_few_connections(postgres_server: postgres.Server, ready: str, user: str, check: Check) -> None:
    """For the user alone, which counts as much as for the whole server; and none at all."""
    postgres_server.sql(f"ALTER USER {user} CONNECTION LIMIT 3")
    postgres_server.sql(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {user}", ready)
    (line,) = check()[1]["database"]
    assert line.startswith("MEND The server has room for 3 more connections, and each process of the bot takes up to 5")
    postgres_server.sql(f"ALTER USER {user} CONNECTION LIMIT 0")
    assert check()[1]["database"][0].startswith(f"MEND 127.0.0.1/{ready} takes no more connections")


def test_a_standby(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    """It can be read, and takes no writes."""
    with postgres.serving() as alone:
        bring_up_to_date(alone.create_database("onward"))
        alone.stop()
        (alone.folder / "data" / "standby.signal").touch()
        alone.start()
        use(monkeypatch, alone.url("onward"))
        _, told = check()
    assert told["database"] == [
        "MEND The server of 127.0.0.1/onward is a standby, which takes no writes: name the primary server."
    ]
    assert "ok It opens the database." in told["key"]


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"database": "nowhere"}, "There is no database 127.0.0.1/nowhere: make it"),
        ({"username": "nobody"}, "127.0.0.1/postgres refuses the user or the password"),
        ({"password": "wrong"}, "127.0.0.1/postgres refuses the user or the password"),
        ({"host": "no.such.host.invalid"}, "cannot be reached (Name or service not known)"),
    ],
)
def test_an_address_that_leads_nowhere(
    postgres_server: postgres.Server, check: Check, monkeypatch: pytest.MonkeyPatch, parts: dict[str, str], words: str
) -> None:
    """It says which part of it to look at."""
    use(monkeypatch, at(postgres_server.url(), **parts))
    code, told = check()
    assert code == 1
    (line,) = told["database"]
    assert line.startswith("MEND ")
    assert words in line
    assert told["key"] == ["ok It is in ONWARD_KEY."]


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("sslmode=require", "it is ssl=require or ssl=verify-full, and not sslmode"),
        ("ssl=nonsense", "What stands behind the question mark"),
        ("ssl=require", "takes no encrypted connections"),
    ],
)
def test_options_that_do_not_work(
    postgres_server: postgres.Server, check: Check, monkeypatch: pytest.MonkeyPatch, option: str, words: str
) -> None:
    """Each with what to write instead."""
    use(monkeypatch, f"{postgres_server.url()}?{option}")
    assert words in check()[1]["database"][0]


def test_a_server_that_is_not_there(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    """A port on which nobody listens."""
    use(monkeypatch, f"postgresql+asyncpg://me:secret@127.0.0.1:{free_port()}/onward")
    code, told = check()
    assert code == 1
    (line,) = told["database"]
    assert "127.0.0.1/onward cannot be reached (Connection refused): check that it runs" in line
    assert "secret" not in str(told)


def test_a_server_that_does_not_answer(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not waited for for long."""
    monkeypatch.setattr(server, "PATIENCE", 0.1)
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        use(monkeypatch, f"postgresql+asyncpg://me@127.0.0.1:{silent.getsockname()[1]}/onward")
        (line,) = check()[1]["database"]
    assert "127.0.0.1/onward cannot be reached (no answer)" in line


def test_an_address_that_is_none(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what one looks like."""
    use(monkeypatch, "postgresql+asyncpg://me@host:port/onward")
    assert "has to look like postgresql+asyncpg://USER" in check()[1]["database"][0]


def test_without_the_driver(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what installs it."""
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    use(monkeypatch, "postgresql+asyncpg://me@127.0.0.1/onward")
    assert "MEND The driver of PostgreSQL is missing: install" in check()[1]["database"][0]


FINE = Server("host/onward", 15, "15.1", False, True, True, True, (), 97, timedelta(seconds=1))  # noqa: FBT003 - as named there


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (replace(FINE, version=12, name="12.22"), "PostgreSQL 12.22 is too old: use 13 or newer"),
        (replace(FINE, ahead=timedelta(seconds=-9)), "This machine's clock is 9 seconds behind the server's"),
        (replace(FINE, ahead=timedelta(minutes=2)), "This machine's clock is 120 seconds ahead of the server's"),
        (replace(FINE, room=-1), "The server has room for 0 more connections"),
    ],
)
def test_what_a_server_may_say_of_itself(said: Server, words: str) -> None:
    """What no server can be brought to say here: an old version, another time, no room at all."""
    (result,) = database._trouble(said)  # noqa: SLF001 - there is no such server to look at
    assert result.verdict is Verdict.WRONG
    assert words in result.words
    assert list(database._trouble(FINE)) == []  # noqa: SLF001 - likewise


def test_which_servers_are_on_this_machine() -> None:
    """To all others, a connection should be encrypted."""
    assert all(map(is_local, (None, "", "localhost", "127.0.0.1", "127.0.1.1", "::1", "/run/postgresql")))
    assert not any(map(is_local, ("db", "db.example.org", "10.0.0.1", "2001:db8::1")))
