"""`python -m tests.benchmarks`: one table of figures, targets and references, on the disk of this folder.

It is printed as it comes, and at the end put into docs/performance.md. With `--part NAME` one part is measured, and
nothing is written.
"""

import argparse
import asyncio
import platform
import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from importlib.metadata import version
from os import cpu_count
from pathlib import Path
from tempfile import TemporaryDirectory

from tests import postgres
from tests.benchmarks import chatting, drawing, peers, plain, processes, pure, reading, sections, slacking
from tests.benchmarks.table import against, beside, row
from tests.benchmarks.work import Work, recorded

SLOW_FSYNC = 1.0
PURE_TARGET = 60.0
ACKNOWLEDGED = 1000.0
PICTURE_TARGET, SIZE_TARGET = 300.0, 150.0
READ_P50, READ_P95, LOAD, MEMORY = 1.5, 6.0, 0.3, 150.0

PAGE = Path("docs/performance.md")
BEGIN, END = "<!-- figures: written by make bench -->\n", "<!-- end of figures -->\n"

Part = Callable[[Work, Path], AsyncIterator[list[str]]]


async def machine(_: Work, folder: Path) -> AsyncIterator[list[str]]:
    """Tell what it is measured on, the disk first."""
    sync = plain.fsync(folder)
    note = "NOTE: over 1 ms, a slow disk: commits will wait for it" if sync > SLOW_FSYNC else ""
    libraries = ", ".join(f"{name} {version(name)}" for name in ("sqlalchemy", "aiosqlite", "asyncpg", "discord.py"))
    yield [
        f"{datetime.now(UTC):%Y-%m-%d}, {cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}",
        libraries,
        row("fsync of the disk", f"{sync:.2f} ms", note),
        "",
    ]


async def pure_turns(work: Work, _: Path) -> AsyncIterator[list[str]]:
    """Measure turns without input and output, and the understanding."""
    turn, read = pure.measured(work), reading.measure()
    yield [
        f"pure turn, medians over {len(work.turns)} turns of a transcript",
        row(
            "decode, advance, phrase, encode",
            f"{turn.apart:.1f} us",
            against(turn.apart, PURE_TARGET, " us", at_most=True),
        ),
        row("the same, understanding included", f"{turn.included:.1f} us"),
        row("understanding a written line", f"{turn.understanding:.1f} us"),
        row("the slowest of the turns", f"{turn.slowest:.1f} us"),
        "",
        f"understanding, over {read.lines} labelled lines",
        row("p50", f"{read.p50:.2f} ms", against(read.p50, READ_P50, " ms", at_most=True)),
        row("p95", f"{read.p95:.2f} ms", against(read.p95, READ_P95, " ms", at_most=True)),
        row("added to the start", f"{read.load:.2f} s", against(read.load, LOAD, " s", at_most=True)),
        row("added memory", f"{read.memory:.0f} MB", against(read.memory, MEMORY, " MB", at_most=True)),
        "",
    ]


async def databases(work: Work, folder: Path) -> AsyncIterator[list[str]]:
    """Measure durable turns on both databases, and on SQLite beside other frameworks."""
    rows, ours = await sections.on_sqlite(work, folder)
    yield rows
    yield peers.rows(peers.measure(folder), ours)
    try:
        with postgres.serving(postgres.SAFE) as server:
            yield await sections.on_postgresql(work, server)
            yield await sections.of_many(work, folder, server)
    except postgres.UnavailableError as why:
        yield [f"nothing was measured on PostgreSQL: {why}", ""]


async def seen(_: Work, folder: Path) -> AsyncIterator[list[str]]:
    """Measure what a host sees of the processes."""
    prompt, memory = await processes.first_prompt(folder), await processes.memory_on_both(folder)
    drawn = drawing.measure()
    yield [
        "processes",
        row("onward chat: first prompt", f"{prompt:.2f} s"),
        row(
            "onward run, Discord and Slack: memory",
            f"{memory:.0f} MB",
            against(memory, MEMORY, " MB", at_most=True),
        ),
        "",
        "a picture of six weeks, drawn",
        row("the first one, the library loaded", f"{drawn.first:.0f} ms"),
        row("median", f"{drawn.median:.0f} ms", against(drawn.median, PICTURE_TARGET, " ms", at_most=True)),
        row("largest", f"{drawn.largest:.0f} KB", against(drawn.largest, SIZE_TARGET, " KB", at_most=True)),
        "",
    ]


async def platforms(_: Work, folder: Path) -> AsyncIterator[list[str]]:
    """Measure Discord and Slack against servers on loopback."""
    chat = await chatting.measure(folder)
    yield [
        "Discord, against a server on loopback in the same process",
        row("discord.py alone, line to answer", f"{chat.plain:.1f} ms"),
        row("Onward: parse, turn, render, send", f"{chat.onward:.1f} ms", f"{chat.onward / chat.plain:.1f} x"),
        row("200 pressing at once, acknowledged p50", f"{chat.acknowledged_p50:.0f} ms"),
        row(
            "", f"p99 {chat.acknowledged_p99:.0f} ms", against(chat.acknowledged_p99, ACKNOWLEDGED, " ms", at_most=True)
        ),
        row("discord.py alone, idle", *_idle(chat.idle_plain)),
        row("Onward, idle", *_idle(chat.idle_onward)),
        "",
    ]
    slack = await slacking.measure(folder)
    yield [
        f"Slack over HTTP, {slacking.IN_FLIGHT} in flight: signed request in, committed, acknowledged",
        *beside("a tick on the Home tab", slack.empty_ticks, slack.ticks),
        *beside("a line, its meaning found", slack.empty_lines, slack.lines),
    ]


PARTS: dict[str, Part] = {
    "machine": machine,
    "pure": pure_turns,
    "databases": databases,
    "processes": seen,
    "platforms": platforms,
}


def _idle(cost: chatting.Idle) -> tuple[str, str]:
    """Return what a process costs on which nothing happens."""
    return f"{cost.memory:.0f} MB", f"a minute: {cost.wakeups:.0f} wake-ups, {cost.cpu:.0f} ms of CPU"


async def figures(folder: Path, names: list[str]) -> list[str]:
    """Measure the parts, print each when it is there, and return the rows."""
    work, rows = recorded(), list[str]()
    for name in names:
        async for some in PARTS[name](work, folder):
            rows += some
            sys.stdout.write("\n".join(some) + "\n")
            sys.stdout.flush()
    return rows


def write(rows: list[str], page: Path) -> None:
    """Put the rows into the page, in place of those that are there."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    table = "\n".join(rows).strip("\n")
    page.write_text(f"{before}{BEGIN}\n```text\n{table}\n```\n\n{END}{after}", encoding="utf-8")


def main() -> None:
    """Measure and print; write the page when everything was measured."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks")
    parser.add_argument("--part", choices=PARTS, action="append", help="only this one, and no page")
    parts = parser.parse_args().part
    with TemporaryDirectory(prefix=".benchmark-", dir=Path.cwd()) as folder:
        rows = asyncio.run(figures(Path(folder), parts or list(PARTS)))
    if not parts:
        write(rows, PAGE)


if __name__ == "__main__":
    main()
