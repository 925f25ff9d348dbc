"""Offering to mentor: the page on which is chosen, and what is done with an offer."""

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from bot.mentor.acting import Acting, Doing
from dialogs.mentoring import INDUSTRIES, TOPICS, Offer, Status
from dialogs.mentoring_pages import Draft, count, read_draft
from dialogs.replies import Reply


async def show(acting: Acting) -> Reply:
    """Show the offer, or the page on which one is made."""
    kept = acting.board.offers.get(acting.me)
    refused = acting.refused(mentoring=True) if kept is None else None
    return refused or acting.pages.offer(Draft(), kept)


async def topics(acting: Acting) -> Reply:
    """Choose what to mentor in."""
    chosen = tuple(one for one in TOPICS if one in acting.deed.act.values)
    return _chosen(acting, lambda draft: draft._replace(topics=chosen))


async def industries(acting: Acting) -> Reply:
    """Choose the industries."""
    chosen = tuple(one for one in INDUSTRIES if one in acting.deed.act.values)
    return _chosen(acting, lambda draft: draft._replace(industries=chosen))


async def most(acting: Acting) -> Reply:
    """Choose how many at a time."""
    chosen = count("".join(acting.deed.act.values))
    return _chosen(acting, lambda draft: draft._replace(most=chosen))


def _chosen(acting: Acting, choose: Callable[[Draft], Draft]) -> Reply:
    """Take over a choice: into the offer, or, while there is none, into the buttons of the page."""
    kept = acting.board.offers.get(acting.me)
    if kept is None:
        refused = acting.refused(mentoring=True)
        return refused or acting.pages.offer(choose(read_draft(acting.rest)), None)
    draft = choose(Draft(kept.topics, kept.industries, kept.most))
    return _kept(acting, replace(kept, topics=draft.topics, industries=draft.industries, most=draft.most))


async def make(acting: Acting) -> Reply:
    """Offer to mentor, as somebody who is 18 or older."""
    kept = acting.board.offers.get(acting.me)
    if kept is not None:
        return acting.pages.offer(Draft(), kept)
    draft = read_draft(acting.rest)
    made = Offer(
        topics=draft.topics,
        industries=draft.industries,
        most=draft.most,
        language=acting.deed.journey.settings.locale,
    )
    refused = acting.refused(mentoring=True)
    if refused is not None:
        return refused
    return _kept(acting, made) if made.complete else acting.pages.offer(draft, None)


async def younger(acting: Acting) -> Reply:
    """Say kindly why not, and whom else to ask."""
    return acting.pages.younger()


async def pause(acting: Acting) -> Reply:
    """Be asked by nobody for now."""
    return _switched(acting, Status.PAUSED)


async def resume(acting: Acting) -> Reply:
    """Be asked again."""
    return acting.refused(mentoring=True) or _switched(acting, Status.ON)


def _switched(acting: Acting, status: Status) -> Reply:
    kept = acting.board.offers.get(acting.me)
    return acting.pages.line("no_offer") if kept is None else _kept(acting, replace(kept, status=status))


def _kept(acting: Acting, offer: Offer) -> Reply:
    acting.board.offer(acting.me, offer)
    return acting.pages.offer(Draft(), offer)


async def stop(acting: Acting) -> Reply:
    """Take the offer away."""
    acting.board.stop(acting.me, acting.deed.now)
    return acting.pages.line("stopped", acting.pages.press("offer"))


ACTS: Mapping[str, Doing] = {
    "offer": show,
    "topics": topics,
    "industries": industries,
    "most": most,
    "open": make,
    "younger": younger,
    "pause": pause,
    "resume": resume,
    "stop": stop,
}
"""What can be done, by the names of the acts."""
