"""What is sent, as a page that somebody can read and review."""

from pathlib import Path

from tests.platforms.slack.payloads import FILE, conversation


async def test_one_conversation_is_sent_as_the_page_shows_it(tmp_path: Path) -> None:
    """A change of what goes over the wire is seen in the page, and nowhere else."""
    assert await conversation(tmp_path) == FILE.read_text(encoding="utf-8")
