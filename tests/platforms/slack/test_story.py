"""The story of a community, as a page that can be read."""

from pathlib import Path

from tests.platforms.slack import story


async def test_a_community_goes_as_the_page_tells_it(tmp_path: Path) -> None:
    """With every refusal; what changes shows in a diff of the page."""
    assert await story.told(tmp_path) == story.FILE.read_text(encoding="utf-8")
