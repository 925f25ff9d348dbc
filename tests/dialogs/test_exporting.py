"""The file of everything that is kept: documented, complete, and nothing in it that was never kept."""

import json
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator

from dialogs.catalog import Catalog
from dialogs.exported import Export
from dialogs.exporting import exported, file
from dialogs.journey import (
    Action,
    Answer,
    Application,
    Interview,
    Journey,
    Lesson,
    Mood,
    Parked,
    Settings,
)
from dialogs.replies import File, Reply
from tests.conversations.on_engine import Player
from tests.conversations.script import Beat, Script, scripts
from tests.dialogs import schema

SCRIPTS = scripts()
NOW = datetime(2026, 11, 23, 23, 30, 15, 250_000, tzinfo=UTC)


def played(*lines: str) -> Player:
    """Return a conversation in which these lines were played."""
    player = Player()
    for line in lines:
        player.play(Beat(kind=line[0], text=line[1:].strip(), line=0))
    return player


def content(journey: Journey) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return what another program reads in the file of a journey."""
    return json.loads(file(journey, NOW, Catalog.load()).text)


def test_the_schema_in_the_documentation_is_that_of_the_code() -> None:
    """`python -m tests.dialogs.schema` writes it."""
    assert schema.FILE.read_text(encoding="utf-8") == schema.text()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.path.stem)
def test_the_export_of_every_state_of_every_transcript_is_valid(script: Script) -> None:
    """By the schema, and it reads as what was written."""
    validator = Draft202012Validator(json.loads(schema.FILE.read_text(encoding="utf-8")))
    player = Player()
    for beat in script.beats:
        player.play(beat)
        text = file(player.journey, player.now, player.catalog).text
        assert validator.is_valid(json.loads(text)), f"{script.path.name}:{beat.line}"
        read = msgspec.json.decode(text, type=Export)
        assert read == exported(player.journey, player.now, player.catalog), f"{script.path.name}:{beat.line}"


def test_the_schema_refuses_what_is_no_export() -> None:
    """So that the test above says something."""
    validator = Draft202012Validator(schema.schema())
    good = content(Journey(applications=(Application(opened_at=NOW, sting_before=5),)))
    assert validator.is_valid(good)
    assert not validator.is_valid({**good, "version": 2})
    assert not validator.is_valid({**good, "true_things": ["x"]})
    good["applications"][0]["sting_before"] = 6
    assert not validator.is_valid(good)


def test_choices_have_their_ids_and_their_words() -> None:
    """What was written is there as it was written."""
    player = played("> i got rejected by Stark", "* straight_on", "* 4", "> i am more than that", "* kind")
    told = content(player.journey)
    (application,) = told["applications"]
    assert (application["employer"], application["sting_before"]) == ("Stark", 4)
    assert told["own_line"] == "i am more than that"
    assert told["true_things"][0]["choice"] == "kind"
    assert told["true_things"][0]["words"]
    for tapped in ("thats_all", "interview"):
        player.play(Beat(kind="*", text=tapped, line=0))
    answered = content(player.journey)["applications"][0]["answers"]["seen"]
    assert answered == {"question": "How far it got", "choice": "interview", "words": "An interview"}


def test_a_choice_that_has_no_words_any_more_keeps_its_id() -> None:
    """An older release may have offered what this one does not know."""
    application = Application(
        opened_at=NOW, answers={"fit": Answer(choice="of_before")}, lessons=(Lesson(key="of_before"),)
    )
    told = content(Journey(applications=(application,), why_me=Answer(choice="of_before")))
    assert told["applications"][0]["answers"]["fit"] == {"question": "Being qualified", "choice": "of_before"}
    assert told["applications"][0]["lessons"] == [{"words": "", "yours": True, "key": "of_before"}]
    assert told["why_me"] == {"choice": "of_before"}


def test_everything_that_somebody_wrote_and_that_is_kept_is_in_it() -> None:
    """Each field of the state that takes a person's words; what is half said while a question is open is not."""
    words = iter(f"word{number}" for number in range(100))

    def answer() -> Answer:
        return Answer(text=next(words))

    action = Action(cue=next(words), will=next(words), expected=answer(), outcome=answer())
    application = Application(
        opened_at=NOW,
        employer=next(words),
        role=next(words),
        joined=(next(words),),
        answers={"why": answer(), "moment": answer()},
        lessons=(Lesson(text=next(words)),),
        actions=(action,),
    )
    journey = Journey(
        applications=(application,),
        parked=(Parked(employer=next(words), role=next(words)),),
        true_things=(answer(),),
        why_me=answer(),
        own_line=next(words),
        moods=(Mood(at=NOW, value=1, note=next(words)),),
        interviews=(Interview(day=NOW.date(), employer=next(words), role=next(words)),),
    )
    told = file(journey, NOW, Catalog.load()).text
    said = int(next(words).removeprefix("word"))
    assert said > 15
    assert [number for number in range(said) if f'"word{number}"' not in told] == []


def test_nothing_that_was_said_while_venting_is_in_it() -> None:
    """It is not in the state to begin with."""
    player = played("> i got rejected by Stark", "* evening", "> a canary in a coal mine", "> it sings", "/ export")
    (reply,) = (reply for reply in player.replies if reply.file)
    assert reply.file is not None
    assert "Stark" in reply.file.text
    assert "canary" not in reply.file.text


def test_the_file_is_named_by_the_moment_where_the_person_is() -> None:
    """Moments in it are on their clock, too."""
    journey = Journey(settings=Settings(zone="Asia/Tokyo"), applications=(Application(opened_at=NOW),))
    made = file(journey, NOW, Catalog.load())
    assert made.name == "onward-2026-11-24-083015.json"
    told = json.loads(made.text)
    assert told["exported_at"] == told["applications"][0]["told_at"] == "2026-11-24T08:30:15+09:00"
    assert made.text.endswith("}\n")


def test_a_letter_of_an_earlier_release_has_no_file() -> None:
    """What waited in the outbox during an update is still read; a file is kept like everything else."""
    read = msgspec.json.Decoder(Reply)
    assert read.decode(b'{"text":"The page","keys":["pages.export"],"style":"page"}').file is None
    reply = Reply(text="The page", keys=("x",), file=File(name="x.json", text="{}"))
    assert read.decode(msgspec.json.encode(reply)) == reply
