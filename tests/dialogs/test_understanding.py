"""What is understood of a line."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.catalog import Catalog
from dialogs.understanding import Danger, Understanding
from dialogs.understanding.sentences import sentences

UNDERSTANDING = Understanding.load(Catalog.load("en"))
understand = UNDERSTANDING.understand


@pytest.mark.parametrize(
    ("text", "employer", "role"),
    [
        ("i didnt get the job at acme", "acme", None),
        ("got rejected by Smith & Sons today", "Smith & Sons", None),
        ("Globex rejected me", "Globex", None),
        ("They rejected me", None, None),
        ("i got rejected at the last round", None, None),
        ("rejected by the Red Cross.", "Red Cross", None),
        ("rejected by *Stark*", "Stark", None),
        ("rejected by", None, None),
        ("rejected at 9", None, None),
        ("rejected for the junior welder position at Stark", "Stark", "junior welder"),
        ("rejected as a nurse at St. Mary", "St. Mary", "nurse"),
        ("rejected for my dream job", None, None),
        ("rejected for the same job", None, None),
        ("rejected as a", None, None),
        ("", None, None),
    ],
)
def test_employer_and_role_are_taken_as_they_were_written(text: str, employer: str | None, role: str | None) -> None:
    """Picks up what was named, and nothing that was not."""
    meaning = understand(text)
    assert (meaning.employer, meaning.role) == (employer, role)


@pytest.mark.parametrize(
    ("text", "when"),
    [("tomorrow", "+1"), ("in 3 days", "+3"), ("2 weeks", "+14"), ("on friday", "fri"), ("someday", None)],
)
def test_a_day_that_is_named_is_understood(text: str, when: str | None) -> None:
    """In words, as a number of days or weeks, or as a weekday."""
    assert understand(text).when == when


@pytest.mark.parametrize(
    ("text", "cue", "action"),
    [
        ("when they call, i will ask for the range", "they call", "ask for the range"),
        ("If it rains I'll write", "it rains", "write"),
        ("I will rest.", None, "rest"),
        ("rest more", None, None),
    ],
)
def test_a_plan_is_taken_apart(text: str, cue: str | None, action: str | None) -> None:
    """A sentence "when X, I will Y" is understood in its usual shapes."""
    meaning = understand(text)
    assert (meaning.cue, meaning.action) == (cue, action)


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("I don't want to live anymore", Danger.DANGER),
        ("kms", Danger.DANGER),
        ("i want to k1ll mys3lf", Danger.DANGER),
        ("i want to d\u200bie", Danger.DANGER),
        ("i w a n t  t o  d i e", Danger.DANGER),
        ("I WANT TO DIEEEEE!!!", Danger.DANGER),
        ("*i want to* **die**", Danger.DANGER),
        ("i can't do this anymore", Danger.CONCERN),
        ("i'd kill for that job", Danger.NONE),
        ("that case study killed me lol", Danger.NONE),
        ("there was a deadline", Danger.NONE),
        ("i'm not suicidal, just sad", Danger.NONE),
        ("goodbye", Danger.NONE),
        ("delete my data", Danger.NONE),
    ],
)
def test_danger_is_noticed_in_disguise_and_idioms_are_left_alone(text: str, danger: Danger) -> None:
    """A few lines that must never go wrong; how many of all do is in docs/understanding.md."""
    assert understand(text).danger is danger


def test_whose_danger_it_is_is_told_apart() -> None:
    """Somebody who worries about another person gets a path of their own."""
    assert understand("i want to die").about == "self"
    assert understand("my brother says he wants to die").about == "other"
    assert understand("hello").about is None


def test_no_listed_answer_or_command_is_taken_for_danger() -> None:
    """A tap's own words, typed, must not set off the safety path; on it, the answers must get through."""
    catalog = Catalog.load("en")
    listed = [phrase for _, phrases in catalog.choice_phrases() for phrase in phrases]
    listed += [phrase for phrases in catalog.understood["commands"].values() for phrase in phrases]
    assert [phrase for phrase in listed if understand(phrase).danger is not Danger.NONE] == []


@pytest.mark.parametrize("word", ["seven", "purple", "x", "hm", "which"])
def test_a_single_word_that_nothing_lists_is_too_little_to_act_on(word: str) -> None:
    """It is asked about at most."""
    assert understand(word).confidence <= 0.5


def test_a_mail_is_read_sentence_by_sentence() -> None:
    """What is form letter, what says something about the person, and what leaves a door open."""
    mail = understand(
        "Dear Lee, thank you for your application. Unfortunately you were not selected for the role. "
        "Your presentation was clear, but the panel felt your examples of leading a team were too general. "
        "Please apply again in the spring, we would be glad to see you. Kind regards, Jo"
    ).mail
    assert mail.feedback == (
        "Your presentation was clear, but the panel felt your examples of leading a team were too general.",
    )
    assert mail.open_door == ("Please apply again in the spring, we would be glad to see you.",)
    assert mail.form >= 2


def test_sentences_keep_numbers_and_addresses_whole() -> None:
    """A full stop within a word ends nothing."""
    assert sentences("It pays 3.5 more. See a.b.c for it!\n\nBye") == ["It pays 3.5 more.", "See a.b.c for it!", "Bye"]
    assert sentences("no end") == ["no end"]
    assert sentences("") == []


def test_padding_around_a_short_answer_changes_nothing() -> None:
    """Somebody who says "ok, then tonight please" says "tonight"."""
    assert understand("ok, then tonight please").choices == understand("tonight").choices != frozenset()
    assert understand("i think i'd say tonight").choices == understand("tonight").choices
    assert not understand("please just tell me whatever you would say tonight").choices


def test_a_yes_or_no_with_a_little_behind_it_is_a_yes_or_no() -> None:
    """Otherwise "no thanks im good" would become an action in somebody's plan."""
    assert "check_in.note:nothing" in understand("no thanks im good").choices
    assert "learning.lessons:right" in understand("yes, that's about right").choices
    assert not understand("no one beats me at chess").choices


def test_a_pasted_mail_is_read_as_a_rejection_and_its_names_are_left_alone() -> None:
    """A form letter is no sentence of the person's."""
    mail = (
        "Dear Sam, thank you for your interest in the role. After careful consideration we regret to inform you "
        "that we will not be moving forward with your application at this time. Kind regards, the team"
    )
    meaning = understand(mail)
    assert (meaning.rejection_email, meaning.intent, meaning.employer) == (True, "got_rejected", None)
    received = (
        "Dear Sam, thank you for your interest in the role. We have received your application and will review it "
        "within two weeks. Kind regards, the team"
    )
    assert understand(received).rejection_email is False
    assert understand("they sent me a mail and it said no, again, in two lines").rejection_email is None


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    """Whatever is typed has a meaning, if only none."""
    assert understand(text).confidence <= 1.0


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "ab ",
        "a.",
        "a b-",
        "k1",
        "*a",
        "A1 ",
        ". ",
        "a\u200b",
        "i w ",
        "when ",
        "i will ",
        "at the ",
        "'",
        "\u202e",
        "\U0001f602",
        "1 day ",
    ],
)
def test_a_very_long_line_takes_no_longer_than_its_length_allows(unit: str) -> None:
    """No phrase and no shape makes the time grow faster than the text."""
    began = time.perf_counter()
    understand(unit * (100_000 // len(unit)))
    assert time.perf_counter() - began < 1.0
