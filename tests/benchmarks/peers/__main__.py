"""`python -m tests.benchmarks.peers`: the peers alone, between two measurements of Onward."""

import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks import durable, peers
from tests.benchmarks.table import row
from tests.benchmarks.work import recorded


def main() -> None:
    """Print the table."""
    work = recorded()
    with TemporaryDirectory(prefix=".benchmark-", dir=Path.cwd()) as name:
        folder = Path(name)
        sync = durable.fsync(folder)
        one = asyncio.run(durable.onward(work, folder / "one.db", 1, 30))
        before = asyncio.run(durable.onward(work, folder / "before.db", 64, 4))
        measured = peers.measure(folder)
        after = asyncio.run(durable.onward(work, folder / "after.db", 64, 4))
    lines = [
        row("fsync of the disk", f"{sync:.2f} ms"),
        *(
            row(f"Onward, SQLite, {what}", f"{speed.rate:,.0f} /s", f"p50 {speed.p50:.2f} ms, p99 {speed.p99:.2f} ms")
            for what, speed in (
                ("1 in flight", one),
                ("64 in flight", before),
                ("64 in flight, after the peers", after),
            )
        ),
        "",
        *peers.rows(measured, min(before.rate, after.rate)),
    ]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
