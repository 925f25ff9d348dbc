"""`onward understand`, as somebody runs it who maintains the understanding."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.figures import Figure, Measured, PageError, SetsError, bare, f1, macro_f1, sets
from bot.report import BEGIN, END, PAGE, PICTURE, picture, run, table, with_table

EVAL = Path(__file__).parents[1] / "understanding" / "eval"
ONWARD = (sys.executable, "-m", "bot")


def test_each_line_gets_one_answer_and_a_bad_one_an_error() -> None:
    """The run goes on after lines that are no JSON, no object, no text, no UTF-8."""
    lines = (
        b'{"text": "got turned down by Acme"}\n',
        b"nope\n",
        b'{"text": 3}\n',
        b"[1]\n",
        b"\n",
        b'{"text": "\xff"}\n',
        b"[" * 100_000 + b"\n",
        b'{"text": "\\ud800"}\n',
        b'{"text": "i want to die"}',
    )
    done = subprocess.run([*ONWARD, "understand"], input=b"".join(lines), capture_output=True, check=True)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [("error" in answer) for answer in answers] == [False, *[True] * 6, False, False]
    assert set(answers[0]) == {
        "intent",
        "confidence",
        "feelings",
        "danger",
        "about",
        "employer",
        "role",
        "rejection_email",
    }
    assert (answers[0]["intent"], answers[0]["employer"]) == ("got_rejected", "Acme")
    assert (answers[-1]["danger"], answers[-1]["about"]) == ("danger", "self")
    assert done.stderr == b""


def test_a_report_writes_table_and_picture(tmp_path: Path) -> None:
    """What is between the marks is replaced, and nothing else. Every tenth line is enough to see that."""
    labelled = tmp_path / "eval"
    labelled.mkdir()
    for path in EVAL.glob("*.jsonl"):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        (labelled / path.name).write_text("".join(lines[::10]), encoding="utf-8")
    page = tmp_path / PAGE
    page.write_text(f"above\n{BEGIN}old\n{END}below\n", encoding="utf-8")
    done = subprocess.run(
        [*ONWARD, "understand", "--report", "--sets", str(labelled), "--docs", str(tmp_path)],
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == ("**missed**" in done.stdout), done.stderr
    written = page.read_text(encoding="utf-8")
    assert written == f"above\n{BEGIN}{done.stdout[:-1]}{END}below\n"
    assert "| intent, macro-F1 over 22 labels | 99 |" in written
    assert (tmp_path / PICTURE).read_bytes().startswith(b"<?xml")


def test_sets_that_are_not_there_are_named_in_one_sentence(tmp_path: Path) -> None:
    """Whoever runs the report outside a checkout is told."""
    done = subprocess.run(
        [*ONWARD, "understand", "--report", "--sets", str(tmp_path)], capture_output=True, check=False, text=True
    )
    assert done.returncode == 1
    assert done.stderr.startswith(f"onward: the labelled lines in {tmp_path}/intents.jsonl cannot be read")
    assert done.stderr.count("\n") == 1
    with pytest.raises(SetsError):
        run(tmp_path, tmp_path)


def test_a_page_without_marks_is_left_alone() -> None:
    """The report never guesses where the table belongs."""
    with pytest.raises(PageError, match="has no place for the figures"):
        with_table("# A page\n", "table\n")


def test_a_missed_bar_shows_in_the_table() -> None:
    """A table that hid it would be worth nothing."""
    missed = Figure(name="false alarms", lines=10, value=0.2, must=0.1, aim=0.05, low=True)
    measured = Measured(figures=(missed,), by_kind=(), intents=(("yes", "no"),), feelings=(("anger", "anger"),))
    assert "| false alarms | 10 | 20.0% | ≤ 10.0% | ≤ 5.0% | **missed** |" in table(measured)
    assert picture(measured) == picture(measured)


def test_figures_are_counted_as_the_field_counts_them() -> None:
    """F1 over pairs, its mean over labels, and names without punctuation and article."""
    assert f1([(True, True), (True, False), (False, True)]) == 0.5
    assert f1([(True, False)]) == 0.0
    assert macro_f1([("a", "a"), ("b", "a")]) == pytest.approx(1 / 3)
    assert bare("The Red-Cross") == bare("red cross")
    assert bare(None) == ""


def test_the_sets_are_read_by_kind() -> None:
    """Five kinds of labelled lines, and the second set."""
    assert {kind: len(rows) > 100 for kind, rows in sets(EVAL).items()} == dict.fromkeys(
        ("intents", "feelings", "danger", "entities", "mails", "later"), True
    )
