"""The pulse of communities: what admins see of a month, and the note after it."""

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.members import Deed, Done, Letters
from dialogs import pulse, pulse_page
from dialogs.acts import Act
from dialogs.catalog import Catalog
from dialogs.community import recipient
from storage.pulse import Pulse as Counters
from storage.store import Unit

NOTE_DAYS = range(2, 8)
"""The days of a month on which the note about the month before is sent: it is shown from the second one on."""


class Pulse:
    """Shows whole months to admins, and sends a note about each; see `dialogs.pulse` for what protects people."""

    def __init__(self, catalog: Catalog, serves: Sequence[str]) -> None:
        """Use these words. serves: for whom this process delivers, as the names of their communities begin."""
        self._serves = tuple(serves)
        self._catalog = catalog

    async def act(self, unit: Unit, deed: Deed) -> Done:
        """Show an admin the month that was picked, the last one where none was."""
        if deed.act.name != pulse_page.SHOW:
            return Done(pulse_page.refused("anywhere.unknown_command", self._catalog))
        if not deed.member.admin:
            return Done(pulse_page.refused("pulse.refused", self._catalog))
        if not deed.community.has("pulse"):
            return Done(pulse_page.refused("pulse.off", self._catalog))
        months = pulse.months_over(deed.now)
        shown = await _shown(unit, deed.member.community, months)
        month = next((value for value in deed.act.values if value in shown), months[0])
        return Done(pulse_page.page(shown, month, self._catalog))

    async def told(self, _unit: Unit, _about: Act, _person: str, _receipt: str | None, _now: datetime) -> Letters:
        """Take note of nothing: it asks about no letter."""
        return ()

    async def due(self, unit: Unit, now: datetime) -> Letters:
        """Return the notes about the last month for communities that had none yet, where there is something to show."""
        if now.astimezone(UTC).day not in NOTE_DAYS:
            return ()
        (month,) = pulse.months_over(now, 1)
        counters = Counters.within(unit)
        await counters.forget(pulse.months_over(now, pulse.KEPT)[-1])
        letters = []
        for name, community in (await counters.unnoted(month, self._serves)).items():
            if await counters.note(name, month) and (figures := (await _shown(unit, name, (month,))).get(month)):
                letter = pulse_page.note(figures, month, self._catalog)
                letters.append((recipient(name), community.now.moderators_channel, letter))
        return letters


async def _shown(unit: Unit, community: str, months: tuple[str, ...]) -> dict[str, dict[str, int]]:
    return pulse.shown(community, await Counters.within(unit).counts(community, months), unit.number)
