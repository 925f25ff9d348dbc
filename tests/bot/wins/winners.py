"""Who shares something, and what."""

from datetime import timedelta

from dialogs.replies import Reply
from tests.bot.square import TOWN, Square, pressed

ANN, BEN = "test:ann", "test:ben"
LINE = "Nine months. Forty tries. One yes."
DAY = timedelta(days=1)


async def shares(here: Square, person: str = ANN, at: str = TOWN) -> Reply:
    """Let somebody share without a name, and return what they are shown then."""
    preview = await here.does(person, "wins.anonymous", at=at)
    return await here.does(person, pressed(preview, "Share it"), at=at)
