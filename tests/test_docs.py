"""The documents say what is there: tests that they name, pages that they link to, licences."""

import ast
import re
from pathlib import Path

import pytest

from tests import licences
from tests.platforms import pictures

ROOT = Path(__file__).parent.parent
LINKING = [ROOT / name for name in ("README.md", "SECURITY.md", "CHANGELOG.md")] + sorted((ROOT / "docs").glob("*.md"))
NAMING = [page for page in LINKING if page.name not in {"README.md", "CHANGELOG.md"}]
TEST = re.compile(r"\btests/[\w/]+\.py::\w+")
LINK = re.compile(r"(?<!\\)\[[^\]]*\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"")


def name_of(page: Path) -> str:
    """Return how a page is called in the list of tests."""
    return page.relative_to(ROOT).as_posix()


def prose(page: Path) -> str:
    """Return a page without its blocks of code."""
    return re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as the places where code lies make them."""
    headings = re.findall(r"^#+ +(.+?) *$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def names_in(file: Path) -> set[str]:
    """Return the names of the tests of a file, none where it is not there."""
    if not file.is_file():
        return set()
    body = ast.parse(file.read_text(encoding="utf-8")).body
    functions = (one.name for one in body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef))
    return {name for name in functions if name.startswith("test_")}


def test_every_test_that_a_document_names_is_there() -> None:
    """Whoever renames one finds out which promise it holds."""
    named = {name for page in NAMING for name in TEST.findall(page.read_text(encoding="utf-8"))}
    assert len(named) > 30
    lost = {name for name in named if name.partition("::")[2] not in names_in(ROOT / name.partition("::")[0])}
    assert not lost, sorted(lost)


@pytest.mark.parametrize("page", LINKING, ids=name_of)
def test_every_link_leads_somewhere(page: Path) -> None:
    """To a file that is there, and to a heading that it has; other places are not asked."""
    lost: list[str] = []
    for link in (one or other for one, other in LINK.findall(prose(page))):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        there = target.is_file() and (not anchor or anchor in anchors(target))
        if not (there or (target.is_dir() and not anchor)):
            lost.append(link)
    assert not lost, lost


def test_the_licences_are_written_down_as_they_are() -> None:
    """`python -m tests.licences` writes the page, after each change of the lock."""
    assert licences.PAGE.read_text(encoding="utf-8") == licences.text()


def test_every_licence_asks_for_nothing_but_its_notice() -> None:
    """What everybody may do with Onward, they may do with all that it needs."""
    named = licences.run_with(licences.pinned(licences.LOCK.read_text(encoding="utf-8")))
    assert {"discord-py", "slack-bolt", "asyncpg", "cffi", "audioop-lts"} <= set(named)
    assert not {"pytest", "hypothesis", "scikit-learn"} & set(named)
    stricter = {name: told for name in named if not set(told := licences.licences(name)) <= licences.PERMISSIVE}
    assert not stricter


def test_pictures_of_messages_show_what_the_stories_say() -> None:
    """They are drawn from what people see on the test servers: `python -m tests.platforms.pictures` draws them anew."""
    drawn = pictures.made()
    assert {file: file.read_text(encoding="utf-8") for file in drawn} == drawn
    assert set(pictures.FOLDER.iterdir()) == set(drawn)
