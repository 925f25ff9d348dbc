"""The words: read, checked, and worded into replies."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from dialogs.catalog import Catalog, CatalogError, Line, MissingWordsError
from dialogs.helplines import countries
from dialogs.journey import Journey, Turn
from dialogs.phrasing import phrase
from dialogs.replies import Ask, Choice, Draft, Helplines, Page, Say, Section, Style
from dialogs.wordcheck import Finding, findings

CATALOG = Catalog.load("en")
NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


def _turn(*says: Say | Draft | Page | Helplines, ask: Ask | None = None) -> Turn:
    return Turn(journey=Journey(), says=says, ask=ask)


def _words(folder: Path, **stages: str) -> list[Finding]:
    """Write words of the locales named like "en_opening", and return what is found wrong with those."""
    for name, text in stages.items():
        locale, _, stage = name.partition("_")
        (folder / locale).mkdir(exist_ok=True)
        (folder / locale / f"{stage}.toml").write_text(text, encoding="utf-8")
    return [found for found in findings(folder) if found.message != "this question has no words"]


def test_the_shipped_words_have_no_findings() -> None:
    """What is shipped keeps its own rules."""
    assert [(f.file, f.key, f.message) for f in findings()] == []


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ('[x]\nsay = ["a"]', "it has 1 wordings"),
        ('[x]\nsay = ["a", "b", "A."]', "two of its wordings are the same"),
        ("[x]\n", "it has no words"),
        ('[x]\ntext = "Really?"', "only questions ask"),
        ('[welcome]\nsay = ["a", "b?", "c? d?"]', "exactly one question mark, this wording has 0"),
        ('[welcome]\nsay = ["a?", "b?", "c? d?"]', "exactly one question mark, this wording has 2"),
        ('[x]\ntext = "Great!"', "no exclamation mark before the send-off"),
        (f'[x]\ntext = "{"a" * 1501}"', "a wording has 1501 characters"),
        ('[x]\ntext = "a"\n[x.choices]\nyes = []', "a choice has no label"),
        ('[x]\ntext = "a"\n[x.choices]\nyes = ["A"]\nno = ["A"]', "two choices have the same label"),
        (f'[x]\ntext = "a"\n[x.choices]\nyes = ["{"b" * 76}"]', "is longer than 75"),
        (f'[x.form]\ntitle = "{"b" * 25}"\nopen = "Open"\n[x.form.fields]\na = "A"', "is longer than 24"),
        (f'[x.form]\ntitle = "b"\nopen = "Open"\n[x.form.fields]\na = "{"b" * 46}"', "is longer than 45"),
        ('[x]\ntext = "a"\n[x.choices]\nyes = ["A", "c"]\nno = ["B", "c"]', "'c' stands for two choices"),
    ],
)
def test_a_broken_rule_is_found_with_file_and_key(tmp_path: Path, toml: str, message: str) -> None:
    """Whoever edits the words is told where to look."""
    found = [f for f in _words(tmp_path, en_opening=toml) if message in f.message]
    assert [(f.file, f.key) for f in found] == [
        ("en/opening.toml", "opening.welcome" if "welcome" in toml else "opening.x")
    ]


def test_what_must_never_be_said_is_found_in_any_case(tmp_path: Path) -> None:
    """The list of the locale counts, capitals or not."""
    found = _words(tmp_path, en_style='banned = ["at least"]', en_opening='[x]\ntext = "At LEAST it is over."')
    assert [f.message for f in found] == ["'at least' is on the list of what is never said"]


def test_an_exclamation_mark_is_fine_in_the_send_off(tmp_path: Path) -> None:
    """There, and only there."""
    assert _words(tmp_path, en_send_off='[x]\ntext = "Hell yeah!"') == []


def test_a_question_without_words_is_found(tmp_path: Path) -> None:
    """Every question of the flow needs a line in every locale."""
    _words(tmp_path, en_opening='[x]\ntext = "a"')
    assert any(f.key == "opening.welcome" and f.message == "this question has no words" for f in findings(tmp_path))


def test_broken_toml_is_found_with_file_and_line(tmp_path: Path) -> None:
    """The parser's own position is passed on."""
    (found,) = _words(tmp_path, en_opening="[x]\ntext = a")
    assert "opening.toml" in found.message
    assert "line 2" in found.message


def test_unmatched_braces_are_found(tmp_path: Path) -> None:
    """A placeholder that is not closed would break the line when it is said."""
    (found,) = _words(tmp_path, en_opening='[x]\ntext = "at {employer"')
    assert found.file == "en"


def test_a_locale_has_the_same_keys_choices_and_placeholders_as_english(tmp_path: Path) -> None:
    """A translation misses nothing and invents nothing."""
    found = _words(
        tmp_path,
        en_opening='[x]\ntext = "at {employer}"\n[y]\ntext = "a"\n[y.choices]\nyes = ["A"]\n[z]\ntext = "z"',
        de_opening='[x]\ntext = "bei {role}"\n[y]\ntext = "a"\n[y.choices]\nno = ["A"]\n[w]\ntext = "w"',
    )
    assert {(f.file, f.key, f.message) for f in found} == {
        ("de/opening.toml", "opening.x", "its placeholders differ from those of en: employer, role"),
        ("de/opening.toml", "opening.y", "its choices differ from those of en"),
        ("de/opening.toml", "opening.z", "it is missing; en has it"),
        ("de/opening.toml", "opening.w", "en does not have it"),
    }


def test_a_locale_without_words_says_which_folder_is_missing() -> None:
    """One sentence, with what to do."""
    with pytest.raises(CatalogError, match="dialogs/wordings/xx"):
        Catalog.load("xx")


def test_files_that_are_no_words_are_left_alone(tmp_path: Path) -> None:
    """An editor's backup copy does no harm."""
    (tmp_path / "opening.toml~").write_text("not toml")
    assert Catalog.read(tmp_path, "en").lines == {}


def test_missing_words_name_the_key() -> None:
    """A mistake in the code is found by its name."""
    with pytest.raises(MissingWordsError, match=r"no\.such"):
        CATALOG.template("no.such")
    with pytest.raises(MissingWordsError, match="sideways"):
        CATALOG.label("opening.welcome", "sideways")
    with pytest.raises(MissingWordsError, match="sideways"):
        CATALOG.label("no.such", "sideways")


def test_wordings_take_turns() -> None:
    """No line is repeated at once, and a replay says the same again."""
    said = [phrase(_turn(Say(key="opening.sorry", nth=n)), CATALOG)[0].text for n in range(4)]
    assert len(set(said[:3])) == 3
    assert said[3] == said[0]


def test_the_first_line_stands_alone_and_the_rest_comes_with_the_question() -> None:
    """The feeling comes before everything else."""
    ask = Ask(key="opening.length", choices=(Choice(id="day"),), asked=1)
    lines = (Say(key="opening.sorry"), Say(key="opening.card"))
    first, second = phrase(_turn(*lines, ask=ask), CATALOG)
    assert (first.keys, second.keys) == (("opening.sorry",), ("opening.card", "opening.length"))
    assert (second.asked, [button.label for button in second.buttons]) == (1, ["A day"])
    assert phrase(_turn(), CATALOG) == ()


def test_a_label_in_the_persons_own_words_is_cut_to_what_platforms_allow() -> None:
    """75 characters are the most, on one line."""
    ask = Ask(key="learning.lesson_pick", choices=(Choice(id="lesson0", text="a\n" * 100),), asked=1)
    (reply,) = phrase(_turn(ask=ask), CATALOG)
    assert len(reply.buttons[0].label) == 75
    assert "\n" not in reply.buttons[0].label


def test_a_question_needs_one_to_nine_choices() -> None:
    """One tap is always enough, so a question without a choice cannot be built."""
    for choices in ((), tuple(Choice(id=str(n)) for n in range(10))):
        with pytest.raises(ValueError, match="choices"):
            Ask(key="opening.welcome", choices=choices, asked=1)


def test_a_draft_shows_blanks_for_what_is_not_known() -> None:
    """A message that goes out to somebody shows where something is to be filled in."""
    known = {"employer": "Acme", "role": "welder"}
    blank, filled = phrase(_turn(Draft(key="drafts.feedback"), Draft(key="drafts.feedback", params=known)), CATALOG)
    assert "[role]" in blank.text
    assert "[company]" in blank.text
    assert "the welder position" in filled.text
    assert blank.style is Style.DRAFT


def test_a_page_leaves_out_sections_without_lines() -> None:
    """What is not there is not announced."""
    page = Page(
        key="pages.recap",
        sections=(Section(title="pages.learnt", lines=()), Section(title="pages.actions", lines=("x",))),
    )
    (reply,) = phrase(_turn(page), CATALOG)
    assert reply.text == "Yours to keep\n\nWhat you'll do differently\n\u2022 x"


def test_a_day_is_written_out() -> None:
    """Nobody has to count."""
    (reply,) = phrase(_turn(Say(key="opening.silence_week", params={"day": date(2026, 11, 25)})), CATALOG)
    assert "till Wednesday 25 November." in reply.text


def test_braces_in_what_a_person_wrote_stay_as_they_are() -> None:
    """Nothing that somebody writes can be taken for a placeholder."""
    (reply,) = phrase(_turn(Say(key="opening.sorry_employer", params={"employer": "{role} {0} %s"})), CATALOG)
    assert "{role} {0} %s" in reply.text


def test_helplines_fit_the_country_and_fall_back_to_the_finder() -> None:
    """A wrong country's number is no help."""
    # A test in which lines are not counted may have read the table already.
    countries.cache_clear()
    british, unknown = phrase(_turn(Helplines(country="GB"), Helplines(country="XX")), CATALOG)
    assert "116 123" in british.text
    assert "999" in british.text
    assert "findahelpline.com" in unknown.text


def test_a_line_shows_its_file() -> None:
    """Findings can name it."""
    assert Line({"text": "a"}, "x.toml").file == "x.toml"


def test_descriptions_of_commands_are_as_short_as_platforms_want_them(tmp_path: Path) -> None:
    """100 characters are the most; a longer one would keep the bot from starting."""
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "discord.toml").write_text(f'[command_plan]\ntext = "{"b" * 101}"\n')
    (found,) = [one for one in findings(tmp_path) if one.key == "discord.command_plan"]
    assert "101 characters; 100 is the most" in found.message
