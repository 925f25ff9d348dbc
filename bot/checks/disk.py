"""Where a SQLite database lies: its folder, its disk, who may read it. Nothing is made or changed."""

import os
import re
import shlex
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from bot.checks.result import Result, wrong

TOPIC = "database"

LEAST_FREE = 200 * 2**20
"""Bytes that a disk has to have left: for what comes in, the log beside the database, and the copy of an upgrade."""

MOUNTS = Path("/proc/self/mountinfo")
"""Where Linux tells of the file systems that are mounted: https://docs.kernel.org/filesystems/proc.html"""

NETWORKED = frozenset(
    {"afs", "beegfs", "ceph", "cifs", "davfs", "glusterfs", "gpfs", "lustre", "ncpfs", "nfs", "nfs4", "smb3", "smbfs"}
    | {f"fuse.{name}" for name in ("ceph", "davfs2", "gcsfuse", "glusterfs", "rclone", "s3fs", "sshfs")}
)
"""File systems on which SQLite's locks or its shared memory cannot be relied on: https://sqlite.org/wal.html"""

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def place(file: Path, *, made: bool) -> Iterator[Result]:
    """Tell what is wrong with where a database is, or is to be. made: its folder is made by the first start."""
    folder = file.absolute().parent
    if file.is_dir():
        yield wrong(TOPIC, f"{file} is a folder: name a file in ONWARD_DATABASE_URL, or with --db.")
        return
    if not folder.is_dir() and not made:
        yield wrong(TOPIC, f"The folder {folder} of the database does not exist: make it, or name another file.")
        return
    while not folder.exists():
        folder = folder.parent
    if not folder.is_dir():
        yield wrong(TOPIC, f"The database cannot be in {file.parent}, as {folder} is no folder: name another file.")
        return
    for path in (folder, file):
        if path.exists() and not os.access(path, os.W_OK):
            yield wrong(
                TOPIC,
                f"{path} cannot be written by this user: run this and the bot as the user whom it belongs to, and see "
                "that its disk is not read-only.",
            )
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE:
        yield wrong(TOPIC, f"The disk of {folder} has only {megabytes(free)} left: free {megabytes(LEAST_FREE)} of it.")
    kind = file_system(folder, MOUNTS.read_text(encoding="utf-8", errors="replace") if MOUNTS.exists() else "")
    if kind in NETWORKED:
        yield wrong(
            TOPIC,
            f"{folder} lies on a network file system ({kind}), on which SQLite can lose what was written: use a disk "
            "of this machine, or PostgreSQL.",
        )


def privacy(file: Path, topic: str) -> Iterator[Result]:
    """Tell whether somebody else than its owner may read or write a file."""
    if os.name == "posix" and file.exists() and (mode := stat.S_IMODE(file.stat().st_mode)) & OTHERS:
        command = shlex.join(("chmod", "600", str(file)))
        yield wrong(topic, f"Others than its owner may use {file} (its mode is {mode:04o}). Mend it with: {command}")


def file_system(folder: Path, mounts: str) -> str:
    """Return the kind of file system that a folder is on, by the system's list of mounts; "" when it is not there."""
    kind, deepest = "", -1
    where = folder.resolve()
    for line in mounts.splitlines():
        mounted, _, source = line.partition(" - ")
        parts = mounted.split(" ")
        if len(parts) < 5 or not source:  # noqa: PLR2004 - the fifth is where it is mounted
            continue
        point = Path(re.sub(r"\\(\d{3})", lambda found: chr(int(found[1], 8)), parts[4]))
        # Of several at the same place, the last one hides the others.
        if where.is_relative_to(point) and len(point.parts) >= deepest:
            kind, deepest = source.split(" ")[0], len(point.parts)
    return kind


def megabytes(size: int) -> str:
    """Return a number of bytes as it is said."""
    return f"{size / 2**20:,.1f} MB" if size < 100 * 2**20 else f"{size / 2**20:,.0f} MB"
