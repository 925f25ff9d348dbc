"""Nobody's words leak: canaries are said in every stage, and then looked for everywhere."""

import subprocess
from pathlib import Path

import pytest

from dialogs.codec import encode
from storage.keyfile import keys_beside
from storage.sealing import Seal
from storage.store import Store
from tests.bot.running import onward

VENTED = ("canary-vent", "canary-cool", "canary-write", "canary-danger")
TALK = f"""i got rejected by canary-employer
1
those jerks, {VENTED[0]}
{VENTED[1]}
4
{VENTED[2]}
done
i want to die {VENTED[3]}
i meant something else
enough
4
canary-line
canary-truth
enough
4
canary-unseen
2
canary-why
"""
KEPT = ("canary-employer", "canary-line", "canary-truth", "canary-unseen", "canary-why")


@pytest.fixture
def talked(tmp_path: Path) -> tuple[Path, str]:
    """Talk to the real command, logging all it can, and return its database and everything it logged."""
    database = tmp_path / "onward.db"
    command = onward("chat", "--plain", "--db", str(database), "--as", "ann")
    environ = {"ONWARD_LOG_LEVEL": "debug", "PYTHONFAULTHANDLER": "1", "TZ": "UTC", "HOME": str(tmp_path)}
    ran = subprocess.run(command, input=TALK, capture_output=True, text=True, timeout=60, check=True, env=environ)
    assert "I'll keep those" in ran.stdout
    return database, ran.stderr


async def test_what_is_said_while_venting_or_in_danger_is_kept_nowhere(talked: tuple[Path, str]) -> None:
    """Not in the files, not in the log, and not even in the state that the key opens; what was answered is there."""
    database, logged = talked
    files = b"".join(file.read_bytes() for file in database.parent.rglob("*") if file.is_file())
    assert b"canary" not in files
    assert "canary" not in logged
    store = await Store.open(f"sqlite+aiosqlite:///{database}", Seal(keys_beside(database)[0]), upgrade=False)
    async with store.begin() as unit:
        journey = (await unit.journeys(["terminal:ann"]))["terminal:ann"]
    assert await store.pending() == []
    await store.close()
    state = encode(journey).decode()
    assert [word for word in VENTED if word in state] == []
    assert [word for word in KEPT if word not in state] == []
