"""The part "mentor": members of a community who look for a mentor, and members who mentor, introduced to each other."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from adapters.port import DIRECT
from bot.members import Deed, Done, Letters
from bot.mentor import introduced, looking, moderating, offering
from bot.mentor.acting import Acting, Doing
from dialogs.acts import Act
from dialogs.catalog import Catalog
from dialogs.community import Community, recipient
from dialogs.introducing import Note
from dialogs.mentoring import A_DAY, State
from dialogs.mentoring_pages import Pages
from dialogs.replies import Press, Reply
from storage.mentoring import Mentoring
from storage.store import Unit

ACTS: Mapping[str, Doing] = {**offering.ACTS, **looking.ACTS, **introduced.ACTS, **moderating.ACTS}
"""Everything that can be done, by the names of the acts."""

COMMANDS = ("offer", "find", "mine")
"""What can be asked for without saying in which community."""


class Mentors:
    """Takes the acts of mentoring, and looks after what comes of them later."""

    def __init__(self, catalog: Catalog, serves: Sequence[str]) -> None:
        """Use these words. serves: for whom this process delivers, as the names of their communities begin."""
        self._catalog = catalog
        self._serves = tuple(serves)

    async def act(self, unit: Unit, deed: Deed) -> Done:
        """Do what a member asks for, or say why not."""
        name = deed.act.name.partition(".")[2]
        stored = unit.use(Mentoring)
        here = deed.member.community
        pages = Pages(self._catalog, here)
        if name not in ACTS:
            return Done(pages.line("over"))
        if not deed.act.about and name in COMMANDS:
            other = await self._others(stored, deed)
            if other:
                return Done(_which(pages, self._catalog, name, other))
        about, _, rest = deed.act.about.partition("/")
        if about not in {"", here} or (not about and name not in COMMANDS):
            return Done(pages.line("over"))
        board = await stored.board(here)
        board.left_alone(deed.now)
        sought = [at for at in deed.journey.sought if deed.now - at < A_DAY]
        acting = Acting(board, stored, pages, deed, rest, sought)
        shown = await ACTS[name](acting)
        board.settle(deed.now)
        await stored.keep(board)
        elsewhere = tuple(one for one in deed.journey.mentoring if one.community != here)
        mine = (*elsewhere, *board.mentored(deed.member.person, here))
        journey = replace(deed.journey, mentoring=mine, sought=tuple(acting.sought))
        return Done(shown, (*_letters(board.notes, pages, here, stored.settings), *acting.letters), journey)

    async def _others(self, stored: Mentoring, deed: Deed) -> dict[str, str]:
        """Return the communities among which somebody has to choose, by id; none where it can only be this one."""
        known = [one.community for one in deed.journey.settings.communities]
        names = await stored.names({*known, deed.member.community})
        return (
            {one: names[one] for one in reversed(known) if one in names} if set(names) - {deed.member.community} else {}
        )

    async def told(self, unit: Unit, about: Act, person: str, receipt: str | None, now: datetime) -> Letters:
        """Take note of a letter that was delivered, or never can be (None); return what is to be sent then."""
        community, _, rest = about.about.partition("/")
        number, _, reporter = rest.partition(".")
        stored, pages = unit.use(Mentoring), Pages(self._catalog, community)
        if about.name == "mentor.filed":
            lost = receipt is None and await stored.knows(reporter)
            return [(reporter, DIRECT, pages.line("not_filed"))] if lost else []
        board = await stored.board(community)
        board.left_alone(now)
        one = board.introductions.get(int(number))
        further: list[tuple[str, str, Reply]] = []
        if about.name == "mentor.reached":
            if receipt is None and one is not None and one.state is State.ASKED and one.mentor == person:
                board.unreachable(int(number), now)
        elif one is None and receipt is not None:
            further.append((recipient(community), stored.settings.now.panel_channel, pages.closing(receipt)))
        elif one is not None and one.state is State.AGREED:
            if receipt is None:
                board.end(int(number), "no_room")
            else:
                board.opened(int(number), receipt, now)
        board.settle(now)
        await stored.keep(board)
        return [*_letters(board.notes, pages, community, stored.settings), *further]

    async def due(self, unit: Unit, now: datetime) -> Letters:
        """Return what is to be sent because its time has come."""
        letters: list[tuple[str, str, Reply]] = []
        for community in sorted(await unit.use(Mentoring).due(now, self._serves)):
            stored = unit.use(Mentoring)
            board = await stored.board(community)
            board.left_alone(now)
            for number, one in list(board.introductions.items()):
                if one.due <= now:
                    board.due(number, now)
            board.settle(now)
            await stored.keep(board)
            letters += _letters(board.notes, Pages(self._catalog, community), community, stored.settings)
        return letters


def _letters(notes: Sequence[Note], pages: Pages, community: str, settings: Community) -> list[tuple[str, str, Reply]]:
    room = recipient(community), settings.now.panel_channel
    return [(*((note.person, DIRECT) if note.person else room), pages.note(note)) for note in notes]


def _which(pages: Pages, catalog: Catalog, name: str, communities: dict[str, str]) -> Reply:
    """Return the page on which is chosen which community is meant."""
    presses = [
        Press(act=f"mentor.{name}:{one}", label=called or catalog.plain("mentors.unnamed_community"))
        for one, called in communities.items()
    ]
    return pages.line("which", *presses)
