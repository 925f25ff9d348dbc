"""Stored states: readable for ever, and never quoted in an error."""

from pathlib import Path
from typing import Any

import pytest

from dialogs import codec
from dialogs.codec import UnreadableStateError, decode, encode
from dialogs.journey import Journey
from dialogs.steps import Step
from tests.conversations.on_engine import Player
from tests.conversations.script import FOLDER, read

STATES = sorted((Path(__file__).parent / "states").glob("v*.json"))


def test_there_is_a_sample_of_every_version() -> None:
    """Whoever raises the version keeps a sample of the one before it."""
    assert {path.name.split("_")[0] for path in STATES} == {f"v{n}" for n in range(1, codec.VERSION + 1)}


@pytest.mark.parametrize("path", STATES, ids=lambda path: path.stem)
def test_a_state_of_every_version_is_still_readable(path: Path) -> None:
    """Nothing that a person told an older release is lost by a newer one."""
    journey = decode(path.read_bytes().strip())
    assert journey.step in Step
    assert journey.applications[0].employer == "Stark"
    assert journey.true_things
    assert decode(encode(journey)) == journey


def test_every_state_of_every_transcript_survives_storing() -> None:
    """What is read back is what was kept, in all the states that people really reach."""
    for path in sorted(FOLDER.glob("*.talk")):
        player = Player()
        for beat in read(path).beats:
            player.play(beat)
            assert decode(encode(player.journey)) == player.journey


def test_an_older_state_is_led_up_version_by_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """A renamed step carries its mapping, and every version in between is passed."""

    def first(state: dict[str, Any]) -> dict[str, Any]:
        return {**state, "step": {"at_rest": "rest"}[state["step"]]}

    def second(state: dict[str, Any]) -> dict[str, Any]:
        return {**state, "asked": 7}

    monkeypatch.setattr(codec, "VERSION", 3)
    monkeypatch.setattr(codec, "UPGRADES", {1: first, 2: second})
    assert decode(b'{"v":1,"state":{"step":"at_rest"}}') == Journey(step=Step.REST, asked=7)


@pytest.mark.parametrize(
    "stored",
    [b"", b"{}", b'{"v":1}', b'{"v":1,"state":{"step":"canary"}}', b'{"v":1,"state":', b"\xff", b'{"v":0,"state":{}}']
    + [
        b'{"v":1,"state":%b}' % state
        for state in (b"1", b'{"settings":{"zone":1}}', b'{"applications":[""]}', b"[" * 5000)
    ],
)
def test_a_damaged_state_says_so_and_quotes_nothing(stored: bytes) -> None:
    """One sentence, with what to do, and nobody's words."""
    with pytest.raises(UnreadableStateError, match="damaged") as caught:
        decode(stored)
    assert "canary" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_state_of_a_newer_version_says_which_release_is_needed() -> None:
    """Somebody who went back to an older release learns why it can't read the states."""
    with pytest.raises(UnreadableStateError, match="version 99"):
        decode(b'{"v":99,"state":{}}')
