"""The labelled lines keep their own rules, so that what is trained and measured on them can be trusted."""

from collections import Counter
from pathlib import Path

import pytest

from dialogs.understanding.phrases import plain
from tests.understanding import sets
from tests.understanding.sets import rows

FOLDER = Path(__file__).parent
TRAIN, EVAL = sorted((FOLDER / "train").glob("*.jsonl")), sorted((FOLDER / "eval").glob("*.jsonl"))


@pytest.mark.parametrize("path", [*TRAIN, *EVAL], ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_line_has_a_text_and_none_stands_twice(path: Path) -> None:
    """One line, one example."""
    texts = Counter(plain(row["text"]) or row["text"] for row in rows(path))
    assert [text for text, count in texts.items() if count > 1] == []


@pytest.mark.parametrize("name", ["intents", "danger", "feelings", "entities", "mails"])
def test_no_line_is_in_both_sets_of_a_kind(name: str) -> None:
    """What is measured was never learnt."""
    further = sets.measured("later") if name == "danger" else []
    parts = (sets.learnt(name), sets.measured(name) + further)
    learnt, measured = ({plain(row["text"]) for row in part} for part in parts)
    both = {text for text in learnt & measured if len(text.split()) > 2}
    assert both == set()


def test_what_an_entity_line_names_stands_in_it() -> None:
    """Employer and role as the person wrote them."""
    for path in (FOLDER / "train" / "entities.jsonl", FOLDER / "eval" / "entities.jsonl"):
        for row in rows(path):
            assert all(row[name] is None or row[name] in row["text"] for name in ("employer", "role")), path.parent.name


def test_there_are_22_intents_with_enough_lines() -> None:
    """At least 250 to learn from and 40 to measure on, for each."""
    learnt = Counter(row["label"] for row in sets.learnt("intents"))
    measured = Counter(row["label"] for row in sets.measured("intents"))
    assert set(learnt) == set(measured)
    assert len(learnt) == 22
    assert min(learnt.values()) >= 250
    assert min(measured.values()) >= 40
