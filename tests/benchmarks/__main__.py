"""`python -m tests.benchmarks`: one table of figures, targets and references, on the disk of this folder."""

import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests import postgres
from tests.benchmarks import chatting, drawing, durable, peers, pure, reading, slacking, waking
from tests.benchmarks.table import against, row
from tests.benchmarks.work import recorded

SLOW_FSYNC = 1.0
PURE_TARGET = 60.0
RATIO_TARGET = 1.0
P50_TARGET = 3.0
ACKNOWLEDGED = 1000.0
BOLT_TARGET = 0.5
WAITING_TARGET = 1.5
PICTURE_TARGET, SIZE_TARGET = 300.0, 150.0
READ_P50, READ_P95, LOAD, MEMORY = 1.5, 6.0, 0.3, 150.0


async def figures(folder: Path) -> list[str]:
    """Measure everything, and return the rows."""
    work = recorded()
    sync = durable.fsync(folder)
    turn = pure.measured(work)
    read = reading.measure()
    # The plain program runs before and after: a machine that slows down in between does not favour either.
    before = await durable.plain(work, folder / "before.db", 30)
    one = await durable.onward(work, folder / "one.db", 1, 30)
    many = await durable.onward(work, folder / "many.db", 64, 4)
    after = await durable.plain(work, folder / "after.db", 30)
    plain = max(before, after, key=lambda speed: speed.rate)
    chat = await chatting.measure(folder)
    slack = await slacking.measure(folder)
    woken = await waking.sqlite(folder)
    on_postgres = await _on_postgres()
    drawn = drawing.measure()
    note = "NOTE: over 1 ms, a slow disk: commits will wait for it" if sync > SLOW_FSYNC else ""
    ratio = many.rate / plain.rate
    return [
        row("fsync of the disk", f"{sync:.2f} ms", note),
        "",
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
        "durable turns, SQLite, WAL, synchronous=FULL",
        row(
            "plain sqlite3, one turn a commit",
            f"{plain.rate:,.0f} /s",
            f"p50 {plain.p50:.2f} ms, p99 {plain.p99:.2f} ms",
        ),
        row("Onward, 1 in flight", f"{one.rate:,.0f} /s", f"p50 {one.p50:.2f} ms, p99 {one.p99:.2f} ms"),
        row("", "p50", against(one.p50, P50_TARGET, " ms", at_most=True)),
        row("Onward, 64 in flight", f"{many.rate:,.0f} /s", f"p50 {many.p50:.2f} ms, p99 {many.p99:.2f} ms"),
        row("1 in flight / plain", f"{one.rate / plain.rate:.2f} x"),
        row("64 in flight / plain", f"{ratio:.2f} x", against(ratio, RATIO_TARGET, " x", at_most=False)),
        "",
        *peers.rows(peers.measure(folder), many.rate),
        "Discord, against a server on loopback in the same process",
        row("discord.py alone, line to answer", f"{chat.plain:.1f} ms"),
        row("Onward: parse, turn, render, send", f"{chat.onward:.1f} ms", f"{chat.onward / chat.plain:.1f} x"),
        row("200 pressing at once, acknowledged p50", f"{chat.acknowledged_p50:.0f} ms"),
        row(
            "", f"p99 {chat.acknowledged_p99:.0f} ms", against(chat.acknowledged_p99, ACKNOWLEDGED, " ms", at_most=True)
        ),
        row("discord.py alone, idle", *idle(chat.idle_plain)),
        row("Onward, idle", *idle(chat.idle_onward)),
        "",
        f"Slack over HTTP, {slacking.IN_FLIGHT} in flight: signed request in, committed, acknowledged",
        *beside("a tick on the Home tab", slack.empty_ticks, slack.ticks),
        *beside("a line, its meaning found", slack.empty_lines, slack.lines),
        "",
        *waiting("SQLite", woken),
        *on_postgres,
        "a picture of six weeks, drawn",
        row("the first one, the library loaded", f"{drawn.first:.0f} ms"),
        row("median", f"{drawn.median:.0f} ms", against(drawn.median, PICTURE_TARGET, " ms", at_most=True)),
        row("largest", f"{drawn.largest:.0f} KB", against(drawn.largest, SIZE_TARGET, " KB", at_most=True)),
    ]


async def _on_postgres() -> list[str]:
    """Return the rows of waking on PostgreSQL, or why there are none."""
    try:
        with postgres.serving(postgres.SAFE) as server:
            return waiting("PostgreSQL", await waking.postgresql(server.url()))
    except postgres.UnavailableError as why:
        return [f"{why}: nothing was measured on it", ""]


def waiting(database: str, woken: waking.Waking) -> list[str]:
    """Return the rows of waking on a database."""
    ratio = woken.meanwhile / woken.idle
    return [
        f"{waking.STORED:,} stored journeys, {waking.DUE:,} due in the same minute, {database}",
        row("woken", f"{woken.rate:,.0f} /s", f"{woken.woken:,} in all"),
        row("p99 of an answer, nobody else due", f"{woken.idle:.1f} ms"),
        row("p99 of an answer meanwhile", f"{woken.meanwhile:.1f} ms", f"over {woken.answers:,} answers"),
        row("meanwhile / idle", f"{ratio:.2f} x", against(ratio, WAITING_TARGET, " x", at_most=True)),
        "",
    ]


def beside(what: str, empty: slacking.Speed, bot: slacking.Speed) -> list[str]:
    """Return the rows of one kind of request, beside a Bolt app whose listener is empty."""
    ratio = bot.rate / empty.rate
    return [
        row(f"{what}: empty Bolt app", f"{empty.rate:,.0f} /s", f"p50 {empty.p50:.0f} ms, p99 {empty.p99:.0f} ms"),
        row(f"{what}: Onward", f"{bot.rate:,.0f} /s", f"p50 {bot.p50:.0f} ms, p99 {bot.p99:.0f} ms"),
        row("", f"{ratio:.2f} x", against(ratio, BOLT_TARGET, " x", at_most=False)),
    ]


def idle(cost: chatting.Idle) -> tuple[str, str]:
    """Return what a process costs on which nothing happens."""
    return f"{cost.memory:.0f} MB", f"a minute: {cost.wakeups:.0f} wake-ups, {cost.cpu:.0f} ms of CPU"


def main() -> None:
    """Print the table."""
    with TemporaryDirectory(prefix=".benchmark-", dir=Path.cwd()) as folder:
        sys.stdout.write("\n".join(asyncio.run(figures(Path(folder)))) + "\n")


if __name__ == "__main__":
    main()
