"""What can be done about an introduction: saying yes or no to it, ending it, reporting who it was with."""

from collections.abc import Mapping

from bot.mentor.acting import Acting, Doing
from dialogs.community import recipient
from dialogs.mentoring import Report
from dialogs.mentoring_pages import CATEGORIES
from dialogs.replies import Reply


async def mine(acting: Acting) -> Reply:
    """Show what somebody offers, looks for and has."""
    return acting.pages.mine(acting.board.offers.get(acting.me), acting.board.of(acting.me), acting.me)


async def look(acting: Acting) -> Reply:
    """Show one introduction."""
    one = acting.allowed("look")
    return acting.over() if one is None else acting.pages.look(acting.number, one, acting.me)


async def accept(acting: Acting) -> Reply:
    """Say yes, as the mentor who was asked. Whoever may not mentor any more is not asked again either."""
    one = acting.allowed("accept")
    if one is None:
        return acting.over()
    refused = acting.refused(mentoring=True)
    if refused is None:
        acting.board.accept(acting.number, acting.deed.now)
        changed_mind = acting.pages.press("decline", acting.number)
        return acting.pages.line("accepted", changed_mind, topic=acting.pages.topic(one))
    if not acting.deed.member.mentor:
        acting.board.unreachable(acting.number, acting.deed.now)
    return refused


async def decline(acting: Acting) -> Reply:
    """Say no, without a reason."""
    if acting.allowed("decline") is None:
        return acting.over()
    acting.board.decline(acting.number, acting.deed.now)
    return acting.pages.line("declined", acting.pages.press("offer"))


async def agree(acting: Acting) -> Reply:
    """Say yes, as the seeker: from now on the two may know each other."""
    one = acting.allowed("agree")
    if one is None or not acting.board.on:
        return acting.over() if one is None else acting.pages.line("off")
    acting.board.agree(acting.number, acting.deed.now)
    return acting.pages.line("agreed", acting.pages.press("mine"), topic=acting.pages.topic(one))


async def end(acting: Acting) -> Reply:
    """End an introduction."""
    return acting.over() if acting.allowed("end") is None else _ended(acting, "ended_by_you")


async def block(acting: Acting) -> Reply:
    """End an introduction, and never be introduced to this person again."""
    one = acting.allowed("block")
    if one is None:
        return acting.over()
    acting.board.part(*one.people)
    return _ended(acting, "blocked")


def _ended(acting: Acting, what: str) -> Reply:
    acting.board.end(acting.number, by=acting.me)
    return acting.pages.line(what, acting.pages.press("mine"))


async def report(acting: Acting) -> Reply:
    """Choose what somebody is reported for."""
    return acting.over() if acting.allowed("report") is None else acting.pages.categories(acting.number)


async def tell(acting: Acting) -> Reply:
    """Report somebody to the moderators; it ends the introduction, too."""
    one, category = acting.allowed("tell"), acting.detail
    if one is None or category not in CATEGORIES:
        return acting.over()
    other, channel = one.other(acting.me), acting.stored.settings.now.moderators_channel
    acting.board.part(*one.people)
    if not channel:
        return _ended(acting, "report_nowhere")
    filed = await acting.stored.report(other, Report(category=category), acting.deed.now)
    letter = acting.pages.reported(filed, category, other, f"{filed}.{acting.me}")
    acting.letters.append((recipient(acting.deed.member.community), channel, letter))
    return _ended(acting, "report_sent")


async def helped(acting: Acting) -> Reply:
    """Say whether it helped; nothing of it is kept."""
    if acting.allowed("helped") is None:
        return acting.over()
    what = "helped_no" if acting.detail == "no" else "helped_yes"
    return acting.pages.line(what, acting.pages.press("look", acting.number), acting.pages.press("find"))


async def going(acting: Acting) -> Reply:
    """Say how it is going; nothing of it is kept, but that it is over when it is."""
    if acting.allowed("going") is None:
        return acting.over()
    if acting.detail == "done":
        return _ended(acting, "going_done")
    return acting.pages.line("going_on", acting.pages.press("look", acting.number))


ACTS: Mapping[str, Doing] = {
    "mine": mine,
    "look": look,
    "accept": accept,
    "decline": decline,
    "agree": agree,
    "end": end,
    "block": block,
    "report": report,
    "tell": tell,
    "helped": helped,
    "going": going,
}
"""What can be done, by the names of the acts."""
