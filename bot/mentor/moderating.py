"""What moderators do about a report: they learn who was reported and for what, not by whom, and read nothing."""

from collections.abc import Mapping

from msgspec.structs import replace

from bot.mentor.acting import Acting, Doing
from dialogs.mentoring import Report
from dialogs.replies import Reply


async def bar(acting: Acting) -> Reply:
    """Let somebody who was reported take no part any more."""
    return await _seen_to(acting, barred=True)


async def unbar(acting: Acting) -> Reply:
    """Let them take part again."""
    return await _seen_to(acting, barred=False)


async def leave(acting: Acting) -> Reply:
    """Do nothing about a report."""
    found = await _found(acting)
    if isinstance(found, Reply):
        return found
    person, report = found
    if report.barred:
        return acting.pages.seen_to(acting.number, report.category, person, barred=True)
    await acting.stored.forget_report(acting.number)
    return acting.pages.line("report_left")


async def _seen_to(acting: Acting, *, barred: bool) -> Reply:
    found = await _found(acting)
    if isinstance(found, Reply):
        return found
    person, report = found
    if barred:
        await acting.stored.keep_report(acting.number, replace(report, barred=True))
        acting.board.bar(person, acting.deed.now)
    else:
        await acting.stored.let_in(person)
    return acting.pages.seen_to(acting.number, report.category, person, barred=barred)


async def _found(acting: Acting) -> tuple[str, Report] | Reply:
    """Return who was reported and for what; or why somebody may not see to it, beside the report, which stays."""
    if not acting.deed.member.moderator:
        return replace(acting.pages.line("not_a_moderator"), aside=True)
    found = await acting.stored.reported(acting.number)
    if found is None:
        return acting.pages.line("report_gone")
    if found[0] == acting.me:
        return replace(acting.pages.line("report_own"), aside=True)
    return found


ACTS: Mapping[str, Doing] = {"bar": bar, "unbar": unbar, "leave": leave}
"""What can be done, by the names of the acts."""
