"""A PostgreSQL server of this machine's own for as long as something is measured, where its programs are installed."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from tests.platforms.ports import free_port

ACCOUNT = "postgres"
"""As whom it runs when we are root, which PostgreSQL refuses to be; the packages of distributions make this account."""


def programs() -> Path | None:
    """Return the folder with initdb and pg_ctl, None where there is none."""
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return folders[-1] if folders and (folders[-1] / "initdb").exists() and _who() is not None else None


def _who() -> dict[str, int] | None:
    """Return as whom to run it; None when there is no such account."""
    if os.geteuid():
        return {}
    try:
        account = pwd.getpwnam(ACCOUNT)
    except KeyError:
        return None
    return {"user": account.pw_uid, "group": account.pw_gid}


@contextmanager
def serving(bin_folder: Path) -> Iterator[str]:
    """Give the URL of an empty database on loopback."""
    who = _who() or {}
    folder = Path(mkdtemp(prefix="onward-postgres-"))
    if who:
        os.chown(folder, who["user"], who["group"])
    port = free_port()

    def run(name: str, *args: str) -> None:
        subprocess.run(
            [str(bin_folder / name), "-D", str(folder / "data"), *args], check=True, capture_output=True, **who
        )  # type: ignore[call-overload] # user and group

    try:
        run("initdb", "-A", "trust", "-U", "onward")
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
        run("pg_ctl", "-o", options, "-l", str(folder / "log"), "-w", "start")
        try:
            yield f"postgresql+asyncpg://onward@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)
