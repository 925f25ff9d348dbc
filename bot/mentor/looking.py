"""Looking for a mentor: from the topic to the request, and taking it back."""

from collections.abc import Mapping

from bot.mentor.acting import Acting, Doing
from dialogs.mentoring import LOOKED_AGAIN, MOST_A_DAY, Introduction
from dialogs.mentoring_pages import read_topic
from dialogs.replies import Reply


async def find(acting: Acting) -> Reply:
    """Show what can be looked for, or the request that is open already."""
    return acting.refused() or _open_request(acting) or acting.pages.topics()


async def topic(acting: Acting) -> Reply:
    """Choose what to look for."""
    chosen = read_topic(acting.rest)
    if chosen is None:
        return await find(acting)
    return acting.pages.confirm(chosen) if chosen.complete else acting.pages.industries()


async def seek(acting: Acting) -> Reply:
    """Look for a mentor, as somebody who is 18 or older."""
    chosen = read_topic(acting.rest)
    shown = acting.refused() or _open_request(acting)
    if shown is not None or chosen is None or not chosen.complete:
        return shown or acting.pages.topics()
    if len(acting.sought) >= MOST_A_DAY:
        return acting.pages.line("seek_later", acting.pages.press("mine"))
    now = acting.deed.now
    acting.sought.append(now)
    number = await acting.stored.number(now)
    wanted = Introduction(
        seeker=acting.me,
        topic=chosen.topic,
        industry=chosen.industry,
        language=acting.deed.journey.settings.locale,
        since=now,
        due=now + LOOKED_AGAIN,
    )
    acting.board.seek(number, wanted)
    acting.board.settle(now)
    return acting.pages.look(number, acting.board.introductions[number], acting.me)


def _open_request(acting: Acting) -> Reply | None:
    number = acting.board.request(acting.me)
    return None if number is None else acting.pages.look(number, acting.board.introductions[number], acting.me)


async def cancel(acting: Acting) -> Reply:
    """Take the request back."""
    if acting.allowed("cancel") is None:
        return acting.over()
    acting.board.cancel(acting.number)
    return acting.pages.line("cancelled", acting.pages.press("find"))


ACTS: Mapping[str, Doing] = {"find": find, "topic": topic, "seek": seek, "cancel": cancel}
"""What can be done, by the names of the acts."""
