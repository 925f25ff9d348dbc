"""The server that tests run on: it keeps what was committed, and leaves nothing behind."""

import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.postgres import serving

pytestmark = pytest.mark.usefixtures("needs_postgres")

HOLDS = """
import sys
from tests.postgres import serving
with serving() as server:
    print(server.folder, flush=True)
    sys.stdin.read()
"""


def test_it_comes_back_with_what_was_committed() -> None:
    """After a stop in order, and after a kill, on the same port; a copy of a database has what it had."""
    with serving() as server:
        port, folder = server.port, server.folder
        server.create_database("one")
        server.sql("CREATE TABLE things AS SELECT 1", "one")
        server.restart()
        server.kill()
        with pytest.raises(RuntimeError, match="psql ended with 2"):
            server.sql("SELECT 1")
        server.start()
        server.create_database("two", template="one")
        server.drop_database("one")
        assert server.sql("TABLE things", "two") == "1\n"
        assert server.sql("SHOW port") == f"{port}\n"
    assert not folder.exists()


def test_it_ends_with_the_process_that_holds_it() -> None:
    """Also when that one is killed and can do nothing about it."""
    with subprocess.Popen([sys.executable, "-c", HOLDS], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        folder = Path(holder.stdout.readline().decode().strip())
        server = psutil.Process(int((folder / "data" / "postmaster.pid").read_text().split()[0]))
        assert server.is_running()
        holder.kill()
    while folder.exists():
        time.sleep(0.01)
    assert not server.is_running() or server.status() == psutil.STATUS_ZOMBIE
