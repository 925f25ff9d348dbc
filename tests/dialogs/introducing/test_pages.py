"""What the buttons of introductions hold, and what a room says."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from dialogs.catalog import Catalog
from dialogs.introducing import Note
from dialogs.mentoring import FOLLOWED_UP, KEPT_FOR, State
from dialogs.mentoring_pages import Pages, read_draft, read_topic
from tests.dialogs.introducing.requests import wanted

PAGES = Pages(Catalog.load(), "test:1")


@given(st.text(max_size=12))
def test_whatever_a_button_holds_is_read(text: str) -> None:
    """What makes no sense is nothing."""
    draft = read_draft(text)
    assert read_draft(str(draft)) == draft
    assert 1 <= draft.most <= 5
    topic = read_topic(text)
    assert topic is None or str(topic) == text


def test_the_room_says_for_how_long_the_bot_knows_of_it() -> None:
    """From then on nobody can report or block by it."""
    room = PAGES.note(Note(person="", what="room", number=1, introduction=wanted(mentor="ben", state=State.AGREED)))
    assert "After five weeks I forget" in room.text
    assert (FOLLOWED_UP + KEPT_FOR) // timedelta(weeks=1) == 5
