"""What holds for all tests: their order, the databases and files that they run on, and where lines are counted."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from coverage import Coverage
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests import databases, postgres
from tests.databases import Database

TOGETHER = {
    "tests/dialogs/test_flow.py": "what the crawler found",
    "tests/dialogs/test_promises.py": "what the crawler found",
    "tests/understanding/test_figures.py": "the figures",
}
"""Tests that share what takes long to make, with a name for it. (The mark for it does nothing with pytest 9.2.)"""

MEMORY = Path("/dev/shm")  # noqa: S108 - whatever is made there has a random name, as in any other temporary folder
"""Where systems keep files in memory, if they do."""

ROOM = 4 << 30
"""How many bytes have to be free there: the tests use up to .6 GB of it."""


def pytest_configure() -> None:
    """Make temporary files in memory where there is room, unless one has said where.

    Some file systems take a millisecond to make a file after many were deleted, and a database consists of 300 of them.
    The long runs are about what happens while something is written, and write to a disk.
    """
    if not os.environ.keys() & {"TMPDIR", "ONWARD_TEST_KILLS"} and _takes_files(MEMORY):
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


def _takes_files(folder: Path) -> bool:
    """Say whether files can be made and run there, and there is room for ours."""
    if not os.access(folder, os.W_OK | os.X_OK):
        return False
    system = os.statvfs(folder)
    return system.f_bavail * system.f_frsize > ROOM and not system.f_flag & os.ST_NOEXEC


class Scheduling(LoadScopeScheduling):  # type: ignore[misc] # it has no types
    """Gives a worker one test after another; those that share something all go to the same one, and go first."""

    def _split_scope(self, nodeid: str) -> str:
        return TOGETHER.get(nodeid.partition("::")[0], nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling:
    """Return how tests are dealt out to the workers."""
    return Scheduling(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put long tests first, so that the workers end at about the same time, and leave the order of all others."""
    items.sort(key=lambda item: not any(item.iter_markers("long")) and not any(item.iter_markers("faults")))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run whatever needs a database on each kind, unless its marker names those that it is about."""
    only = metafunc.definition.get_closest_marker("databases")
    for fixture in ("database", "new_database"):
        if fixture in metafunc.fixturenames:
            metafunc.parametrize(fixture, only.args if only else databases.KINDS, indirect=True)


@pytest.fixture(scope="session")
def needs_postgres() -> None:
    """Skip what cannot be run here, and say why; where it is decided what is good, nothing is skipped."""
    try:
        postgres.require()
    except postgres.UnavailableError as why:
        if "CI" in os.environ:
            raise
        pytest.skip(str(why))


@pytest.fixture(scope="session")
def postgres_server(needs_postgres: None) -> Iterator[postgres.Server]:  # noqa: ARG001 - it skips
    """Give a PostgreSQL server that all tests of this process share."""
    with postgres.serving() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres_server: postgres.Server) -> str:
    """Give the name of a database that is up to date."""
    databases.bring_up_to_date(postgres_server.create_database("template"))
    return "template"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a file that is up to date."""
    file = tmp_path_factory.mktemp("template") / "onward.db"
    databases.bring_up_to_date(databases.url(file))
    return file


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Give an empty database that is up to date, of the kind that the test is run on."""
    if request.param == "sqlite":
        file = tmp_path / "onward.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), file)
        yield Database(databases.url(file))
    else:
        with _on(request.getfixturevalue("postgres_server"), request.getfixturevalue("postgres_template")) as copy:
            yield copy


@pytest.fixture
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Give a database that was never used, of the kind that the test is run on."""
    if request.param == "sqlite":
        yield Database(databases.url(tmp_path / "new.db"))
    else:
        with _on(request.getfixturevalue("postgres_server"), "template1") as made:
            yield made


@contextmanager
def _on(server: postgres.Server, template: str) -> Iterator[Database]:
    name = uuid4().hex
    yield Database(server.create_database(name, template))
    server.drop_database(name)


@pytest.fixture(autouse=True)
def _uncounted(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Count no lines in a test that is marked so, nor in the processes that it starts: it makes them twice as slow."""
    counting = Coverage.current() if request.node.get_closest_marker("no_cover") else None
    if counting is None:
        yield
        return
    monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)
    counting.stop()
    yield
    counting.start()
