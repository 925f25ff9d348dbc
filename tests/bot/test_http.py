"""Health, readiness and metrics over HTTP, beside a real database."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import aiohttp
import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families

from bot.health import Health
from bot.http import overseen
from bot.metrics import Metrics
from bot.settings import Settings, SettingsError
from dialogs.replies import Reply
from storage.store import Store
from tests.databases import Database
from tests.platforms.ports import free_port

ANN = "slack:T1/ann"


class Host:
    """Somebody who looks at a process."""

    def __init__(self, health: Health, port: int) -> None:
        """Look at a port."""
        self.health = health
        self.port = port

    async def sees(self, path: str, **headers: str) -> tuple[int, str]:
        """Return the status and the text of a page."""
        url = f"http://127.0.0.1:{self.port}{path}"
        async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as answer:
            return answer.status, await answer.text()


@asynccontextmanager
async def watching(
    ask: Callable[[], Awaitable[tuple[int, datetime | None]]] | None,
    *platforms: str,
    stopping: Callable[[], bool] = lambda: False,
) -> AsyncIterator[Host]:
    """Serve as the process does, with a way to ask a database, or none yet."""
    health, metrics, port = Health(platforms, stopping, patience=0.2), Metrics(platforms), free_port()
    settings = Settings.read({"HOME": "/h", "ONWARD_HTTP__METRICS_LISTEN": f"127.0.0.1:{port}"})
    async with overseen(settings, health, metrics):
        if ask is None:
            yield Host(health, port)
            return
        async with health.asking(ask):
            yield Host(health, port)


async def forever() -> None:
    """Run for as long as the process lives."""
    await asyncio.Event().wait()


async def test_a_process_that_begins_lives_and_is_not_ready() -> None:
    """Before it has logged in and opened the database, which may take long when there is something to upgrade."""
    async with watching(None, "discord") as host:
        assert await host.sees("/healthz") == (200, "ok\n")
        assert await host.sees("/readyz") == (503, "the database does not answer\ndiscord is not connected\n")
        host.health.connects("discord", lambda: True)
        assert await host.sees("/readyz") == (503, "the database does not answer\n")


async def test_a_process_that_can_take_work_is_ready(store: Store) -> None:
    """The database answers, and each platform that is set up is connected."""
    connected = asyncio.Event()
    async with watching(store.outbox_state, "slack") as host:
        host.health.connects("slack", connected.is_set)
        assert await host.sees("/readyz") == (503, "slack is not connected\n")
        connected.set()
        assert await host.sees("/readyz") == (200, "ready\n")


async def test_a_process_that_was_told_to_stop_is_not_ready_and_lives(store: Store) -> None:
    """Nobody should send it anything, nor kill it while it finishes; and its loops may end."""
    stopped = asyncio.Event()
    async with watching(store.outbox_state, stopping=stopped.is_set) as host:
        loop = asyncio.create_task(forever(), name="turns")
        host.health.watch([loop])
        assert await host.sees("/readyz") == (200, "ready\n")
        stopped.set()
        loop.cancel()
        await asyncio.wait({loop})
        assert await host.sees("/readyz") == (503, "it is stopping\n")
        assert await host.sees("/healthz") == (200, "ok\n")


async def test_a_loop_that_has_ended_is_a_process_to_be_started_anew(store: Store) -> None:
    """Whatever ended it: without it, nobody is woken, or nothing is said."""
    async with watching(store.outbox_state) as host:
        loops = [asyncio.create_task(forever(), name=name) for name in ("turns", "scheduler")]
        host.health.watch(loops)
        assert await host.sees("/healthz") == (200, "ok\n")
        loops[1].cancel()
        await asyncio.wait({loops[1]})
        assert await host.sees("/healthz") == (503, "the loop 'scheduler' has ended\n")
        loops[0].cancel()


async def test_a_database_that_cannot_be_used_leaves_the_process_alive(store: Store, database: Database) -> None:
    """A restart would not mend it, so only readiness tells; and nobody takes the outbox for an empty one."""
    await database.sql("DROP TABLE outbox")
    async with watching(store.outbox_state) as host:
        assert await host.sees("/healthz") == (200, "ok\n")
        assert await host.sees("/readyz") == (503, "the database does not answer\n")
        _, text = await host.sees("/metrics")
        assert "\nonward_outbox_letters NaN\n" in text
        assert '\nonward_ready{part="database"} 0.0\n' in text


async def test_a_database_that_does_not_answer_is_asked_once_however_many_want_to_know() -> None:
    """After some seconds it counts as away; when it answers in the end, all is well again."""
    asked, answers = 0, asyncio.Event()

    async def ask() -> tuple[int, datetime | None]:
        nonlocal asked
        asked += 1
        await answers.wait()
        return 0, None

    async with watching(ask) as host:
        found = await asyncio.gather(*(host.sees("/readyz") for _ in range(20)))
        assert {status for status, _ in found} == {503}
        assert asked == 1
        answers.set()
        assert (await host.sees("/readyz"))[0] == 200


async def test_a_database_that_never_answers_does_not_keep_the_process_from_its_end() -> None:
    """It is left alone after some seconds."""
    async with asyncio.timeout(10), watching(forever) as host:  # type: ignore[arg-type]
        assert (await host.sees("/readyz"))[0] == 503


async def test_the_outbox_is_counted_when_somebody_looks(store: Store) -> None:
    """From the database, so that what another process has posted counts, too."""
    async with store.begin() as unit:
        await unit.journeys([ANN])
        letters = [(ANN, "here", Reply(text=text, keys=("x",))) for text in ("one", "two")]
        await unit.post(letters, datetime.now(UTC))
    async with watching(store.outbox_state, "slack") as host:
        status, text = await host.sees("/metrics")
        assert status == 200
        found = {one.name: one for family in text_string_to_metric_families(text) for one in family.samples}
        assert found["onward_outbox_letters"].value == 2
        assert 0 < found["onward_outbox_oldest_seconds"].value < 60
        _, text = await host.sees("/metrics", Accept="application/openmetrics-text; version=1.0.0")
        names = {family.name for family in openmetrics(text)}  # type: ignore[no-untyped-call] # it carries no types
        assert names >= {
            "onward_turns",
            "onward_danger",
            "onward_wake_lag_seconds",
        }


async def test_only_what_is_set_is_served(store: Store) -> None:
    """Nothing where nothing is set; health alone at the public address; and no metrics there."""
    port = free_port()
    health, metrics = Health(()), Metrics(())
    async with health.asking(store.outbox_state):
        async with overseen(Settings.read({"HOME": "/h"}), health, metrics):
            pass
        settings = Settings.read({"HOME": "/h", "ONWARD_HTTP__LISTEN": f"127.0.0.1:{port}"})
        async with overseen(settings, health, metrics):
            host = Host(health, port)
            assert [(await host.sees(path))[0] for path in ("/healthz", "/readyz", "/metrics", "/")] == [
                200,
                200,
                404,
                404,
            ]
        with pytest.raises(aiohttp.ClientConnectorError):
            await host.sees("/healthz")


async def test_an_address_that_is_taken_is_named_with_its_setting() -> None:
    """Both cannot be at the same one."""
    taken = f"127.0.0.1:{free_port()}"
    environ = {"HOME": "/h", "ONWARD_HTTP__LISTEN": taken, "ONWARD_HTTP__METRICS_LISTEN": taken}
    with pytest.raises(SettingsError, match=r"ONWARD_HTTP__LISTEN is 127\.0\.0\.1:\d+, which cannot be used"):
        async with overseen(Settings.read(environ), Health(()), Metrics(())):
            pass
