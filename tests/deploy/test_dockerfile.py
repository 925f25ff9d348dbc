"""The image: nothing in it that was not checked, and nobody in it who may do anything."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from bot.__main__ import main
from tests.deploy.files import DEPLOY, ROOT, copied, health_check, stages, told


def test_nothing_comes_from_elsewhere_than_the_base_and_the_lock() -> None:
    """Bases have a plain name and a version; packages are checked against the lock, and no code of theirs runs."""
    build, _ = stages()
    (base,) = re.findall(r"^ARG PYTHON=(.+)$", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert re.fullmatch(r"python:3\.\d+-slim", base)
    assert {line.split()[0] for stage in stages() for line in told(stage, "FROM")} == {"${PYTHON}"}
    for stage in stages():
        assert not told(stage, "ADD")
        assert "://" not in " ".join(told(stage, "RUN"))
    fetching = [line for line in told(build, "RUN") if "pip download" in line]
    assert len(fetching) == 1
    assert all(flag in fetching[0] for flag in ("--require-hashes", "--no-deps", "--only-binary :all:"))
    others = [one for line in told(build, "RUN") for one in line.split("&&") if re.search(r"\bpip\b.* install ", one)]
    assert len(others) == 2
    assert all("--no-index" in one for one in others)


def test_the_last_stage_runs_as_nobody() -> None:
    """A numeric user without shell and home; after it nothing is changed any more. It is told when it is unwell."""
    _, last = stages()
    words = [word for word, _ in last]
    (user,) = told(last, "USER")
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)
    assert not {"RUN", "COPY"} & set(words[words.index("USER") :])
    (made,) = [one for line in told(last, "RUN") for one in line.split("&&") if "useradd" in one]
    assert f"--uid {user.partition(':')[0]} " in made
    assert "--no-create-home" in made
    assert "nologin" in made
    assert told(last, "STOPSIGNAL") == ["SIGTERM"]
    assert not any("pip" in line or "apt" in line for line in told(last, "RUN"))


def test_what_the_image_starts_is_there() -> None:
    """The command and its default are ones that the program knows."""
    _, last = stages()
    assert told(last, "ENTRYPOINT") == ['["onward"]']
    assert told(last, "CMD") == ['["run"]']
    with pytest.raises(SystemExit) as left:
        main(["run", "--help"])
    assert left.value.code == 0


def test_everything_that_is_copied_is_there_and_let_through() -> None:
    """All packages of the wheel are, and the ignore file lets in those alone."""
    assert all((ROOT / one).exists() for one in copied())
    listed = re.findall(r"packages = \[(.+)\]", (ROOT / "pyproject.toml").read_text(encoding="utf-8"))[0]
    assert set(re.findall(r'"(\w+)"', listed)) <= set(copied())
    lines = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if not line.startswith("#")]
    assert rules[0] == "*"
    assert {rule.removeprefix("!") for rule in rules if rule.startswith("!")} == set(copied())


@asynccontextmanager
async def answering(status: int) -> AsyncIterator[int]:
    """Answer whoever asks for health with a status; give the port."""

    async def health(_: web.Request) -> web.Response:
        return web.Response(status=status)

    app = web.Application()
    app.router.add_get("/healthz", health)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def asked(port: int) -> int:
    """Run the health check of the image against another port, and return its exit code."""
    _, *arguments = health_check()
    process = await asyncio.create_subprocess_exec(
        sys.executable, *(one.replace("8080", str(port)) for one in arguments), stderr=asyncio.subprocess.DEVNULL
    )
    return await process.wait()


@pytest.mark.parametrize(("status", "healthy"), [(200, True), (503, False), (404, False)])
async def test_the_health_check_says_what_the_bot_says(status: int, healthy: bool) -> None:  # noqa: FBT001 - a parameter
    """It succeeds only when the bot answers that it is well, and fails when nobody answers."""
    async with answering(status) as port:
        assert (await asked(port) == 0) == healthy
    assert await asked(port) != 0
