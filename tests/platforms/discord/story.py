"""How a server is set up, and what its members do there with the bot and each other, as each of them sees it.

`python -m tests.platforms.discord.story` writes story.md anew.
"""

from collections.abc import Awaitable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.platforms import pages
from tests.platforms.discord.people import Person
from tests.platforms.discord.running import Bot, running
from tests.platforms.discord.server import served
from tests.platforms.discord.town import Town
from tests.platforms.discord.world import (
    CREATE_PRIVATE_THREADS,
    EPHEMERAL,
    SEND_MESSAGES,
    Channel,
    Interaction,
    Message,
)
from tests.platforms.story import Story

FILE = Path(__file__).with_name("story.md")

HEAD = """# A community in Discord

What each sees, on the server of the tests; `test_story.py` holds it to this page, and
`python -m tests.platforms.discord.story` writes it anew. Ada manages the server Job seekers, Mod moderates it, and Eve
manages another one. Ben, Cleo, Mia and Max are members of Job seekers; Mia and Max have its role of mentors, and Cleo
has closed her direct messages. `[ ]` can be pressed, `[ v]` is a menu, `( )` can no longer be pressed.
"""

NEWCOMERS = 30
"""So many other members come within the month: of fewer, the pulse shows nothing."""

DECEMBER = datetime(2026, 12, 3, 9, 0, tzinfo=UTC)


class Teller:
    """Has something done, and tells what everybody sees after it."""

    def __init__(self, bot: Bot, town: Town) -> None:
        """Begin the page."""
        self.bot = bot
        self.town = town
        self.page = Story(HEAD)

    async def tell(self, what: str, doing: Awaitable[Interaction]) -> Message | None:
        """Tell what somebody did; return the message that answers it."""
        done = await doing
        await self.bot.server.world.until(lambda: done.answered is not None)
        await self.bot.settled()
        self.page.tell(what, self.town.screens(done))
        return self.bot.server.world.channels[done.channel].messages.get(done.original or 0)

    async def steps(self, who: Person, message: Message | None, labels: Sequence[str]) -> None:
        """Tell what somebody presses in one message, one thing after another."""
        assert message is not None
        channel = self.bot.server.world.channels[message.channel]
        for label in labels:
            await self.tell(f"{who.user.name} presses: {label}", who.presses(label, channel, message))

    async def later(self, what: str, moment: datetime) -> None:
        """Tell what comes by itself until a moment."""
        self.bot.clock.move_to(moment)
        await self.bot.app.members.look()
        await self.bot.settled()
        nothing = Interaction(id=0, token="", user=self.town.ben.user.id, channel=0, began=0, kind=0)
        self.page.tell(what, self.town.screens(nothing))


async def told(folder: Path) -> str:
    """Have everything happen, and return the page."""
    async with served() as server:
        town = Town(server)
        async with running(server, folder) as bot:
            teller = Teller(bot, town)
            for chapter in CHAPTERS:
                await chapter(teller)
            return teller.page.text()


async def set_up(story: Teller) -> None:
    """Tell how Ada sets her server up."""
    town, ada, start, gateway = story.town, story.town.ada, story.town.start, story.bot.server.gateway
    story.page.chapter("Setting up")
    await story.tell("Ben uses /onward setup", town.ben.sets_up(start))
    await story.tell("Ada uses /onward setup", ada.sets_up(start))
    await story.tell("Ada presses: Post the panel", ada.presses("Post the panel", start))
    await gateway.forbid(start, SEND_MESSAGES | CREATE_PRIVATE_THREADS)
    await story.tell(
        "Ada chooses #start-here, where the bot may not write",
        ada.chooses("panel_channel", start.id, channel=start),
    )
    await gateway.forbid(start, CREATE_PRIVATE_THREADS)
    for what, value, called in (
        ("wins_channel", town.wins.id, "#wins"),
        ("moderators_channel", town.moderators.id, "#moderators"),
        ("mentors", town.mentors, "@mentors"),
    ):
        await story.tell(f"Ada chooses {called}", ada.chooses(what, value, channel=start))
    await story.tell("Ada presses: More choices", ada.presses("More choices", start))
    await story.tell("Ada chooses the United Kingdom", ada.chooses("country", "GB", channel=start))
    await story.tell("Ada presses: Undo", ada.presses("Undo", start))
    parts = "mentors", "wins", "pulse"
    await story.tell("Ada switches all parts on", ada.chooses("features", *parts, channel=start))
    await gateway.forbid(start, 0)
    await story.tell("Ada allows it, and presses: Post the panel", ada.presses("Post the panel", start))


def panel_of(town: Town) -> Message:
    """Return the panel."""
    return next(one for one in town.ben.sees(town.start) if not one.flags & EPHEMERAL)


async def panel(story: Teller) -> None:
    """Tell what members see who press the panel."""
    town, start = story.town, story.town.start
    story.page.chapter("The panel")
    await story.tell("Ben presses: I got rejected", town.ben.presses("rejected", start, panel_of(town)))
    await story.tell("Cleo presses: How does this work?", town.cleo.presses("about", start, panel_of(town)))
    for number in range(NEWCOMERS):
        pressed = await town.newcomer(number).presses("rejected", start, panel_of(town))
        await story.bot.took(pressed)
    await story.later(f"{NEWCOMERS} other members press it, too, and see the same as Ben", story.bot.clock.now())


async def introduced(story: Teller) -> None:
    """Tell how two who have never met are introduced, and how it ends."""
    town, ben, mia, start = story.town, story.town.ben, story.town.mia, story.town.start
    story.page.chapter("Two who have never met")
    await story.tell("Cleo, who has no role of mentors, uses /mentor offer", town.cleo.uses("mentor offer", start))
    page = await story.tell("Mia uses /mentor offer", mia.uses("mentor offer", start))
    topics = mia.picks("What you can help with", "CV", "Interview practice", channel=start, message=page)
    await story.tell("Mia picks: CV, Interview practice", topics)
    await story.steps(mia, page, ["I'm 18 or older: offer"])
    page = await story.tell("Ben uses /mentor find", ben.uses("mentor find", start))
    await story.steps(ben, page, ["Interview practice", "I'm 18 or older: look"])
    await story.steps(mia, mia.last(), ["Yes, I can"])
    await story.steps(ben, ben.last(), ["Yes, open a room"])
    await story.later("A week later", story.bot.clock.now() + timedelta(days=7, hours=1))
    asked = [one for one in ben.sees() if "Did it help?" in one.content]
    await story.steps(ben, asked[-1], [asked[-1].buttons[0]["label"]])
    page = await story.tell("Ben uses /mentor mine", ben.uses("mentor mine", start))
    await story.steps(ben, page, ["Open: Interview practice", "End it"])


async def refused(story: Teller) -> None:
    """Tell what else can come of looking for somebody."""
    town, ben, mia, max_, start = story.town, story.town.ben, story.town.mia, story.town.max, story.town.start
    story.page.chapter("When it does not come to it")
    page = await story.tell("Cleo uses /mentor find", town.cleo.uses("mentor find", start))
    await story.steps(town.cleo, page, ["Salary", "I'm younger"])
    page = await story.tell("Max uses /mentor offer in the direct messages", max_.uses("mentor offer"))
    page = await story.tell("Max uses it in #start-here", max_.uses("mentor offer", start))
    await story.tell("Max picks: CV", max_.picks("What you can help with", "CV", channel=start, message=page))
    await story.steps(max_, page, ["I'm 18 or older: offer"])
    page = await story.tell("Ben uses /mentor find in the direct messages", ben.uses("mentor find"))
    max_.user.reachable = False
    await story.steps(ben, page, ["CV", "I'm 18 or older: look"])
    max_.user.reachable = True
    request = mia.last()
    await story.steps(mia, request, ["Not this time"])
    await story.tell("Mia presses it again, in her old message", mia.presses_id(_act(town, "decline", 2), request))
    await story.steps(ben, page, ["Not any more", "Find a mentor", "Interview practice", "I'm 18 or older: look"])
    await story.steps(mia, mia.last(), ["Yes, I can"])
    await story.bot.server.gateway.forbid(start, CREATE_PRIVATE_THREADS)
    asked = ben.last()
    await story.tell(
        "Ben presses: Yes, open a room, and the bot lacks a permission", ben.presses("Yes, open a room", message=asked)
    )
    await story.bot.server.gateway.forbid(start, 0)


def _act(town: Town, name: str, number: int) -> str:
    return f"o:do:mentor.{name}:{town.id}/{number}"


async def reported(story: Teller) -> None:
    """Tell how somebody is reported, and what moderators can do."""
    town, cleo, mia, mod, start = story.town, story.town.cleo, story.town.mia, story.town.mod, story.town.start
    story.page.chapter("Somebody is reported")
    town.cleo.user.reachable = True
    page = await story.tell("Cleo, who takes direct messages now, uses /mentor find", cleo.uses("mentor find", start))
    await story.steps(cleo, page, ["Interview practice", "I'm 18 or older: look"])
    await story.steps(mia, mia.last(), ["Yes, I can"])
    await story.steps(cleo, cleo.last(), ["Yes, open a room"])
    page = await story.tell("Cleo uses /mentor mine", cleo.uses("mentor mine", start))
    await story.steps(cleo, page, ["Open: Interview practice", "Report", "Asks for money"])
    (report,) = mod.sees(town.moderators)
    bar = report.buttons[0]["custom_id"]
    await story.tell("Ben sends a copied press of the report", town.ben.presses_id(bar, panel_of(town)))
    form = await story.tell("Eve uses /onward setup in her own server", town.eve.sets_up(town.elsewhere))
    assert form is not None
    await story.tell("Eve sends a copied press of the report, too", town.eve.presses_id(bar, form))
    await story.steps(mod, report, ["No more introductions"])
    await story.tell("Mia uses /mentor offer", mia.uses("mentor offer", start))


async def won(story: Teller) -> None:
    """Tell how good news is shared, and taken back."""
    ben, start = story.town.ben, story.town.start
    story.page.chapter("Good news")
    page = await story.tell("Ben uses /win", ben.uses("win", start))
    opened = ben.presses("Add a line of my own", start, page)
    window: list[Interaction] = []
    await story.tell("Ben presses: Add a line of my own", _kept(opened, window))
    await story.tell("Ben writes: It took 40 tries.", ben.fills(window[0], text="It took 40 tries."))
    await story.steps(ben, page, ["Change", "With my name", "Share it", "Take it back"])


async def _kept(doing: Awaitable[Interaction], into: list[Interaction]) -> Interaction:
    into.append(await doing)
    return into[0]


async def counted(story: Teller) -> None:
    """Tell what admins see of a month."""
    town, start = story.town, story.town.start
    story.page.chapter("The pulse")
    await story.tell("Mod uses /onward pulse", town.mod.uses("onward pulse", start))
    await story.tell("Ada uses /onward pulse", town.ada.uses("onward pulse", start))
    await story.later("The month ends", DECEMBER)
    await story.tell("Ada uses /onward pulse", town.ada.uses("onward pulse", start))


async def copied(story: Teller) -> None:
    """Tell what else does not work."""
    town, ben, eve = story.town, story.town.ben, story.town.eve
    story.page.chapter("What does not work")
    press = ben.presses_id("o:setup:1:remove_yes", panel_of(town))
    await story.tell("Ben sends a copied press: Remove everything", press)
    press = eve.presses_id("o:setup:1:panel_channel", eve.last(town.elsewhere), [str(town.start.id)])
    await story.tell("Eve sends a copied press with the channel of Job seekers", press)
    await story.tell("Eve uses /mentor find in her own server", eve.uses("mentor find", town.elsewhere))
    await story.tell("Eve uses /onward pulse in her own server", eve.uses("onward pulse", town.elsewhere))
    town.max.leaves(town.start)
    await story.tell("Max has left the server, and uses /mentor find", town.max.uses("mentor find"))


async def ended(story: Teller) -> None:
    """Tell how everything is removed."""
    ada, ben, start = story.town.ada, story.town.ben, story.town.start
    story.page.chapter("The end")
    form = _form(ada, start)
    await story.steps(ada, form, ["Remove everything", "Yes, remove everything"])
    talk = next(
        one for one in ben.sees(start) if any(button["custom_id"].endswith(":evening") for button in one.buttons)
    )
    await story.tell("Ben goes on: This evening", ben.presses("evening", start, talk))
    await story.tell("Ben uses /mentor mine", ben.uses("mentor mine", start))


def _form(ada: Person, start: Channel) -> Message:
    return next(one for one in ada.sees(start) if "Set Onward up" in one.content)


CHAPTERS = (set_up, panel, introduced, refused, reported, won, counted, copied, ended)


if __name__ == "__main__":
    pages.write(FILE, told)
