"""Who is shown the figures, and of which months."""

from datetime import UTC, datetime

from dialogs.acts import Act, Member
from dialogs.events import Commanded
from dialogs.replies import Pick
from tests.bot.pulse.places import FEBRUARY, HERE, Place, people, switch
from tests.databases import KEY


async def test_an_admin_can_pick_an_earlier_month_and_no_other(place: Place) -> None:
    """Of what can be shown; everything else leads to the last month."""
    await place.come(people(40))
    place.clock.move_to(FEBRUARY)
    await place.come(people(40), Commanded(name="help"))
    place.clock.move_to(datetime(2026, 3, 2, tzinfo=UTC))
    last = await place.asked()
    assert last.text.startswith("Pulse of February 2026")
    (menu,) = last.controls
    assert isinstance(menu, Pick)
    assert [one.value for one in menu.options] == ["2026-02", "2026-01"]
    assert (await place.asked("2026-01")).text.startswith("Pulse of January 2026")
    for strange in ("2026-03", "2025-01", "", "canary"):
        assert await place.asked(strange) == last


async def test_nobody_but_an_admin_is_shown_anything_and_only_of_their_own(place: Place) -> None:
    """Nor what has no meaning, nor where it is off."""
    await place.come(people(40))
    place.clock.move_to(FEBRUARY)
    assert (await place.asked(admin=False)).keys == ("pulse.refused",)
    assert (await place.asked(community="discord:78")).keys == ("pulse.off",)
    await switch(place.store, "pulse", community="discord:78")
    assert (await place.asked(community="discord:78")).keys == ("pulse.nothing",)
    member = Member(person="discord:1", community=HERE, admin=True)
    strange = await place.members.act(member, Act(name="pulse.everything"), "strange")
    assert strange is not None
    assert strange.keys == ("anywhere.unknown_command",)


async def test_figures_stay_the_same_under_another_key_of_the_host(place: Place) -> None:
    """The secret behind them is the database's own."""
    await place.come(people(40))
    place.clock.move_to(FEBRUARY)
    before = await place.asked()
    old, new = KEY, bytes(range(1, 33))
    place.store._seal._take((new, old))  # noqa: SLF001 - as a host does it with a file of keys
    await place.store.rotate(new)
    assert await place.asked() == before
