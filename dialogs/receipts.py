"""What somebody gets who erased everything: what was deleted, and what is not the bot's to delete."""

from collections.abc import Iterator

from dialogs.journey import Journey
from dialogs.replies import Page, Say, Section

NOT_OURS = ("chat", "backups")


def erased(journey: Journey) -> Page:
    """Return the receipt for a journey that is being erased; it names nothing of what was in it."""
    gone = tuple(Say(key=f"pages.erased_{name}", params={"count": str(count)}) for name, count in _counts(journey))
    return Page(
        key="pages.receipt",
        sections=(
            Section(title="pages.erased", lines=(*gone, Say(key="pages.erased_rest"))),
            Section(title="pages.not_erased", lines=tuple(Say(key=f"pages.not_erased_{name}") for name in NOT_OURS)),
        ),
    )


def _counts(journey: Journey) -> Iterator[tuple[str, int]]:
    every = journey.applications
    counts = {
        "applications": len(every) + len(journey.parked),
        "answers": sum(len(one.answers) for one in every),
        "lessons": sum(len(one.lessons) for one in every),
        "actions": len(journey.actions),
        "true_things": len(journey.true_things) + bool(journey.why_me) + bool(journey.own_line),
        "check_ins": len(journey.moods),
        "interviews": len(journey.interviews),
        "mentoring": len(journey.mentoring),
        "wins": len(journey.standing),
    }
    return ((name, count) for name, count in counts.items() if count)
