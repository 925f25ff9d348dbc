"""Wins: an offer stands in a community's channel when somebody wants that, and for as long as they do."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from adapters.incoming import cleaned
from adapters.port import DIRECT
from bot.members import Deed, Done, Letters
from dialogs import filled, moments, waits, wins
from dialogs.acts import Act
from dialogs.catalog import LABEL_LIMIT, Catalog
from dialogs.community import Community, recipient
from dialogs.engine import advance
from dialogs.events import Said
from dialogs.journey import Standing
from dialogs.phrasing import phrase
from dialogs.replies import Removal, Reply
from dialogs.understanding import Danger, Meaning, Understanding
from storage.store import Unit
from storage.wins import Shared, Wins

MOST_LISTED = 10
"""So many of those that somebody has shared are listed, the newest."""

HELPLINES = "safety.helplines"

LONGEST_NUMBER = 18
"""Digits of a number: no database has longer ones."""

Doing = Callable[[Unit, Deed], Awaitable[Done]]


class Winning:
    """The part "wins": from the page that offers it to taking it back."""

    def __init__(self, catalog: Catalog, understanding: Understanding, serves: Sequence[str]) -> None:
        """Use these words, and what understands a line that somebody writes for the channel.

        serves: for whom this process delivers, as the names of their communities begin.
        """
        self._serves = tuple(serves)
        self._catalog = catalog
        self._pages = wins.Pages(catalog)
        self._understanding = understanding
        self._doings: Mapping[str, Doing] = {
            "wins.share": self._share,
            "wins.line": self._line,
            "wins.no_line": self._no_line,
            "wins.anonymous": self._anonymous,
            "wins.named": self._named,
            "wins.post": self._post,
            "wins.leave": self._leave,
            "wins.mine": self._mine,
            "wins.withdraw": self._withdraw,
        }

    async def act(self, unit: Unit, deed: Deed) -> Done:
        """Do what a member asks for, or say why not. Raises StorageError."""
        doing = self._doings.get(deed.act.name)
        if doing is None:
            return Done(self._pages.say("gone"))
        done = await doing(unit, deed)
        standing = _standing(await unit.use(Wins).of(deed.member.person))
        return done._replace(journey=replace(done.journey or deed.journey, standing=standing))

    async def told(self, unit: Unit, about: Act, person: str, receipt: str | None, now: datetime) -> Letters:  # noqa: ARG002 - as every part
        """Take note that something stands in its channel, or never will (None). Raises StorageError."""
        number, shared = _number(about.about), unit.use(Wins)
        if receipt is None:
            return await self._not_posted(unit, number, now)
        one = await shared.arrived(number, receipt)
        if one is None or one.person:
            return ()
        # It was taken back while it was on its way.
        return [_removal(one)] if await shared.remove(number) else ()

    async def due(self, unit: Unit, now: datetime) -> Letters:  # noqa: ARG002 - as every part
        """Take away what was of people who have erased everything. Raises StorageError."""
        return [_removal(one) for one in await unit.use(Wins).take_disowned(self._serves)]

    # What a member can do

    async def _share(self, unit: Unit, deed: Deed, note: str = "") -> Done:
        """Show what this is, or in which communities it can be done when it is none that it was asked from."""
        others = await self._others(unit, deed)
        if not deed.community.has("wins"):
            return Done(self._pages.choose(others) if others else self._pages.say("off"))
        win = wins.begun(deed.journey, deed.member.community, deed.now)
        has_some = bool(await unit.use(Wins).of(deed.member.person))
        shown = self._pages.start(win, deed.community, others, note, has_some=has_some)
        return Done(shown, journey=replace(deed.journey, win=win if win.line else None))

    async def _others(self, unit: Unit, deed: Deed) -> Mapping[str, Community]:
        """Return the other communities of a member that have a wins channel."""
        known = [one.community for one in deed.journey.settings.communities if one.community != deed.member.community]
        found = await unit.use(Wins).communities(known)
        return {one: found[one] for one in known if one in found and found[one].has("wins")}

    async def _line(self, unit: Unit, deed: Deed) -> Done:
        """Take a line of their own, and show what it would look like; unless it sounds like danger."""
        text = cleaned(deed.act.values[0] if deed.act.values else "")
        meaning = self._understanding.understand(text)
        if meaning.danger is not Danger.NONE:
            return self._in_private(deed, text, meaning)
        line = wins.one_line(text, wins.LONGEST_LINE)
        if wins.has_link(line):
            return await self._share(unit, deed, "no_link")
        return await self._preview(unit, deed, line=line, note="" if line else "no_line")

    def _in_private(self, deed: Deed, text: str, meaning: Meaning) -> Done:
        """Leave the channel be, and let the talk go on about what was said: it knows what to say."""
        turn = advance(replace(deed.journey, win=None), Said(text=text, meaning=meaning), deed.now)
        replies = phrase(turn, self._catalog)
        said = self._pages.say("in_private")
        # Direct messages may be closed: the numbers are shown here as well.
        numbers = [reply.text for reply in replies if HELPLINES in reply.keys]
        shown = replace(
            said, text="\n\n".join([said.text, *numbers]), keys=(*said.keys, *([HELPLINES] if numbers else []))
        )
        return Done(shown, [(deed.member.person, DIRECT, reply) for reply in replies], turn.journey)

    async def _no_line(self, unit: Unit, deed: Deed) -> Done:
        win = deed.journey.win
        without = replace(deed.journey, win=replace(win, line="") if win else None)
        return await self._share(unit, deed._replace(journey=without))

    async def _anonymous(self, unit: Unit, deed: Deed) -> Done:
        return await self._preview(unit, deed, name="")

    async def _named(self, unit: Unit, deed: Deed) -> Done:
        name = wins.one_line(cleaned(deed.member.name), wins.LONGEST_NAME)
        if wins.has_link(name):
            return await self._preview(unit, deed, name="", note="link_name")
        return await self._preview(unit, deed, name=name, note="" if name else "no_name")

    async def _preview(self, unit: Unit, deed: Deed, note: str = "", **changed: str) -> Done:
        if not deed.community.has("wins"):
            return await self._share(unit, deed)
        nth = await unit.use(Wins).count(deed.member.community)
        win = replace(wins.begun(deed.journey, deed.member.community, deed.now), nth=nth, **changed)
        return Done(self._pages.preview(win, deed.community, note), journey=replace(deed.journey, win=win))

    async def _post(self, unit: Unit, deed: Deed) -> Done:
        """Post what was shown above the button. A second press finds it posted, and shows how to take it back."""
        win, community, person = deed.journey.win, deed.member.community, deed.member.person
        if win is None or win.community != community or deed.now - win.at >= wins.DAY:
            return await self._mine(unit, deed)
        if not deed.community.has("wins"):
            return await self._share(unit, deed)
        if deed.act.about.rpartition("/")[2] != wins.mark(win, self._catalog):
            return await self._preview(unit, deed)
        today = [at for at in deed.journey.announced if deed.now - at < wins.DAY]
        if len(today) >= wins.MOST_A_DAY:
            return await self._listed(unit, deed, "too_many")
        number = await unit.use(Wins).add(community, person, deed.now)
        key = "wins.announce_named" if win.name else "wins.announce"
        letter = Reply(text=wins.announced(win, self._catalog), keys=(key,), about=f"wins.posted:{number}")
        left = replace(deed.journey, win=None, announced=(*today, deed.now))
        return Done(
            self._pages.posted(community, number),
            [(recipient(community), deed.community.now.wins_channel, letter)],
            left,
        )

    async def _leave(self, _unit: Unit, deed: Deed) -> Done:
        return Done(self._pages.say("left"), journey=replace(deed.journey, win=None))

    async def _mine(self, unit: Unit, deed: Deed) -> Done:
        return await self._listed(unit, deed, "mine")

    async def _listed(self, unit: Unit, deed: Deed, key: str) -> Done:
        """Show what somebody has shared, each with the button that takes it back."""
        shared = unit.use(Wins)
        mine = (await shared.of(deed.member.person))[:MOST_LISTED]
        known = await shared.communities({one.community for one in mine})
        zone = deed.journey.settings.zone
        presses = []
        for one in mine:
            day = filled.shown(moments.today(one.shared_at, zone), self._catalog)
            called = self._pages.called(known.get(one.community, Community()))
            hour = f"{one.shared_at.astimezone(ZoneInfo(zone)):%H:%M}"
            label = self._pages.say("press_withdraw_one", day=day, hour=hour, community=called).text
            presses.append(self._pages.withdraw(one.community, one.id, label[:LABEL_LIMIT]))
        return Done(self._pages.say(key if mine else "mine_none", *presses))

    async def _withdraw(self, unit: Unit, deed: Deed) -> Done:
        """Take one back, wherever it is: it needs no community to be on."""
        number, shared = _number(deed.act.about), unit.use(Wins)
        one = await shared.disown(number, deed.member.person)
        if one is None:
            return Done(self._pages.say("gone"))
        if not one.receipt:
            return Done(self._pages.say("withdrawn_soon"))
        await shared.remove(number)
        return Done(self._pages.say("withdrawn"), [_removal(one)])

    async def _not_posted(self, unit: Unit, number: int, now: datetime) -> Letters:
        """Forget what can never be posted, and tell whose it was, once."""
        shared = unit.use(Wins)
        person = await shared.whose(number)
        if not person:
            await shared.remove(number)
            return ()
        # Whoever acts is locked before what they have shared; they may be taking it back, or erasing everything.
        journey = (await unit.journeys([person]))[person]
        theirs = await shared.whose(number) == person
        known = await shared.remove(number)
        if journey.heard_at is None:
            unit.erased.add(person)  # nothing is to be left of having asked for them
            return ()
        if not known or not theirs:
            return ()
        journey = replace(journey, standing=_standing(await shared.of(person)))
        await unit.keep([(person, journey, waits.next_wake(journey, now))])
        return [(person, DIRECT, self._pages.say("not_posted"))]


def _standing(shared: Sequence[Shared]) -> tuple[Standing, ...]:
    """Return what stands as it is remembered of a person, the oldest first."""
    return tuple(Standing(community=one.community, since=one.shared_at) for one in reversed(shared))


def _removal(one: Shared) -> tuple[str, str, Reply]:
    return recipient(one.community), "", Reply(text="", keys=(), effect=Removal(receipt=one.receipt))


def _number(about: str) -> int:
    """Return the number that an act is about, behind the community, 0 for none, which is nobody's."""
    number = about.rpartition("/")[2]
    return int(number) if number.isascii() and number.isdecimal() and len(number) <= LONGEST_NUMBER else 0
