"""How a workspace is set up, and what its members do there, as each of them sees it.

`python -m tests.platforms.slack.story` writes story.md anew.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from pathlib import Path

from tests.platforms import pages
from tests.platforms.slack.deliveries import Delivery
from tests.platforms.slack.people import Person
from tests.platforms.slack.running import Bot, running
from tests.platforms.slack.server import served
from tests.platforms.slack.town import Town
from tests.platforms.slack.world import Json
from tests.platforms.story import Story

FILE = Path(__file__).with_name("story.md")

HEAD = """# A community in Slack

What each sees, on the server of the tests; `test_story.py` holds it to this page, and
`python -m tests.platforms.slack.story` writes it anew. Ada is an admin of the workspace. Ben and Cleo are members, who
have never met Mia. Mia is in #mentors, and Max in #moderators; both are private channels. Eve is of another workspace.
"""

WEEK = timedelta(days=7, hours=1)


class Telling:
    """The story, while it happens."""

    def __init__(self, bot: Bot, town: Town) -> None:
        """Begin with nothing told."""
        self.bot = bot
        self.town = town
        self.story = Story(HEAD)

    async def tell(self, what: str, *done: Delivery) -> None:
        """Write down what came of something, when all of it is there."""
        for one in done:
            await self.bot.took(one)
        self.story.tell(what, self.town.screens())

    async def presses(self, person: Person, label: str) -> None:
        """Have somebody press a button of the last message in their direct messages with the bot."""
        await self.tell(f"{person.user.name} presses: {label}", await person.presses(label))

    async def passes(self, time: timedelta, what: str) -> None:
        """Let time pass."""
        self.bot.clock.move_to(self.bot.clock.now() + time)
        await self.bot.app.members.look()
        await self.bot.settled()
        await self.tell(what)


async def told(folder: Path) -> str:
    """Have everything happen, and return the page."""
    async with served() as server:
        town = Town(server)
        async with running(server, folder) as bot:
            telling = Telling(bot, town)
            for title, happens in CHAPTERS.items():
                telling.story.chapter(title)
                await happens(telling)
            return telling.story.text()


async def _set_up(telling: Telling) -> None:
    town, tell = telling.town, telling.tell
    ada, ben, start = town.ada, town.ben, town.start
    await tell("Ben uses /onward setup", await ben.uses("onward", "setup", start))
    await tell("Ada uses /onward setup", await ada.uses("onward", "setup", start))
    await tell("Ada presses: Post the panel", ada.chooses("Post the panel"))
    await tell("Ada chooses #start-here, where the bot is not", ada.chooses("panel_channel", start.id))
    start.members.add(town.team.bot_user)
    await tell("Ada invites the bot there, and chooses a country", ada.chooses("country", "GB"))
    await tell("Ada presses: Undo", ada.chooses("Undo"))
    await tell("Ada presses: Post the panel", ada.chooses("Post the panel"))
    await tell("Ada chooses #start-here for the moderators", ada.chooses("moderators_channel", start.id))
    for what in ("wins_channel", "mentors", "moderators_channel"):
        await telling.bot.took(ada.chooses(what, town.channels[what].id))
    chosen = ada.chooses("features", "mentors", "wins", "pulse")
    await tell("Ada chooses a channel for each, and the parts that are on", chosen)


async def _panel(telling: Telling) -> None:
    town, tell = telling.town, telling.tell
    panel = next(one for one in town.ben.sees(town.start) if not one.only_for)
    await tell("Ben presses: I got rejected", await town.ben.presses("rejected", town.start, panel))
    await tell("Cleo presses: How does this work?", await town.cleo.presses("about", town.start, panel))


async def _offering(telling: Telling) -> None:
    town, tell, mia = telling.town, telling.tell, telling.town.mia
    await tell("Ben uses /mentor offer in #start-here", await town.ben.uses("mentor", "offer", town.start))
    await tell("Mia uses /mentor offer, in the direct messages with the bot", await mia.uses("mentor", "offer"))
    await tell("Mia picks: CV, Salary", await mia.picks("What you can help with", "CV", "Salary"))
    await tell("Mia picks: 2", await mia.picks("How many people at a time", "2"))
    await telling.presses(mia, "I'm 18 or older: offer")


async def _looking(telling: Telling) -> None:
    town, tell, ben, cleo = telling.town, telling.tell, telling.town.ben, telling.town.cleo
    await tell("Cleo uses /mentor find", await cleo.uses("mentor", "find"))
    await telling.presses(cleo, "Salary")
    await telling.presses(cleo, "I'm younger")
    await tell("Ben uses /mentor find", await ben.uses("mentor", "find"))
    await telling.presses(ben, "CV")
    await telling.presses(ben, "I'm 18 or older: look")
    await telling.presses(town.mia, "Yes, I can")
    await telling.presses(ben, "Yes, open a room")
    (room,) = ben.groups
    town.mia.put("Hello Ben, tomorrow at six?", channel=room)
    await tell("Mia writes to Ben in their group direct message: Hello Ben, tomorrow at six?")


async def _declining(telling: Telling) -> None:
    cleo, mia = telling.town.cleo, telling.town.mia
    await telling.tell("Cleo uses /mentor find", await cleo.uses("mentor", "find"))
    await telling.presses(cleo, "Salary")
    await telling.presses(cleo, "I'm 18 or older: look")
    await telling.presses(mia, "Not this time")
    await telling.tell("Cleo uses /mentor mine", await cleo.uses("mentor", "mine"))
    await telling.presses(cleo, "Open: Salary")
    await telling.presses(cleo, "Not any more")


async def _later(telling: Telling) -> None:
    ben, mia = telling.town.ben, telling.town.mia
    await telling.passes(WEEK, "Seven days pass")
    await telling.presses(ben, "A little")
    await telling.presses(mia, "Still going")


async def _reporting(telling: Telling) -> None:
    town, tell, ben = telling.town, telling.tell, telling.town.ben
    await tell("Ben uses /mentor mine", await ben.uses("mentor", "mine"))
    await telling.presses(ben, "Open: CV")
    await telling.presses(ben, "Report")
    await telling.presses(ben, "Asks for money")
    report = town.max.last(town.moderators)
    barred = await town.max.presses("No more introductions", message=report)
    await tell("Max presses, in #moderators: No more introductions", barred)
    await tell("Mia uses /mentor offer", await town.mia.uses("mentor", "offer"))
    allowed = await town.max.presses("Allow them again", message=report)
    await tell("Max presses: Allow them again", allowed)


async def _blocking(telling: Telling) -> None:
    town, tell, cleo, mia = telling.town, telling.tell, telling.town.cleo, telling.town.mia
    await town.offers(telling.bot)
    await town.looks(telling.bot, cleo)
    await telling.bot.took(await mia.presses("Yes, I can"))
    await tell(
        "Mia offers once more, and says yes to Cleo, who presses: Yes, open a room",
        await cleo.presses("Yes, open a room"),
    )
    await tell("Cleo uses /mentor mine", await cleo.uses("mentor", "mine"))
    await telling.presses(cleo, "Open: CV")
    await telling.presses(cleo, "End it and block")
    await tell("Cleo uses /mentor find", await cleo.uses("mentor", "find"))
    await telling.presses(cleo, "CV")
    await telling.presses(cleo, "I'm 18 or older: look")


async def _sharing(telling: Telling) -> None:
    ben, tell = telling.town.ben, telling.tell
    await tell("Ben uses /win", await ben.uses("win"))
    opened = await ben.presses("Add a line of my own")
    await tell("Ben presses: Add a line of my own", opened)
    await tell("Ben writes: Third time lucky", await ben.fills(opened, text="Third time lucky"))
    await telling.presses(ben, "Change")
    await telling.presses(ben, "With my name")
    await telling.presses(ben, "Share it")
    await telling.presses(ben, "Take it back")


async def _pulse(telling: Telling) -> None:
    town, tell = telling.town, telling.tell
    await tell("Ben uses /onward pulse in #start-here", await town.ben.uses("onward", "pulse", town.start))
    await tell("Ada uses /onward pulse there", await town.ada.uses("onward", "pulse", town.start))


async def _refused(telling: Telling) -> None:
    town, tell, ben, start = telling.town, telling.tell, telling.town.ben, telling.town.start
    panel = next(one for one in ben.sees(start) if not one.only_for)
    copied = {"type": "button", "action_id": "o:setup:remove"}
    await tell("Ben sends a copied press: Remove everything", await ben.acts(copied, panel))
    await tell("Ben sends a copied press: No more introductions", await ben.acts(_button("mentor.bar:1"), panel))
    eve = Person.new(town.server, "Eve", town.server.world.add_team("Others", set()))
    eve.user.seen_in, eve.user.team = {town.team.id}, town.team.id
    pressed = await eve.acts(_button("mentor.find"), panel)
    eve.user.team = next(team.id for team in town.server.world.teams.values() if team is not town.team)
    await tell("Eve, in a channel that two workspaces share, sends one: Find a mentor", pressed)
    await tell("Mia uses /mentor without saying what", await town.mia.uses("mentor", "", start))
    await telling.bot.took(await town.mia.uses("mentor", "mine"))
    await telling.presses(town.mia, "Change what I offer")
    await telling.presses(town.mia, "Take it back")
    town.mentors.members.discard(town.mia.user.id)
    town.server.world.moved += WEEK.total_seconds()
    await tell("Mia, who has left #mentors, uses /mentor offer", await town.mia.uses("mentor", "offer", start))


def _button(act: str) -> Json:
    return {"type": "button", "action_id": f"o:do:{act}"}


async def _end(telling: Telling) -> None:
    ada, ben = telling.town.ada, telling.town.ben
    sure = ada.element("Remove everything")["confirm"]
    asked = f"{sure['text']['text']} [{sure['confirm']['text']}] [{sure['deny']['text']}]"
    await telling.tell(f"Ada presses: Remove everything. Slack asks: {asked}", ada.chooses("Remove everything"))
    await telling.tell("Ben goes on: This evening", await ben.presses("evening", telling.town.start))


CHAPTERS: Mapping[str, Callable[[Telling], Awaitable[None]]] = {
    "Setting up": _set_up,
    "The panel": _panel,
    "Offering to mentor": _offering,
    "Looking for a mentor": _looking,
    "A no, without a reason": _declining,
    "A week later": _later,
    "A report": _reporting,
    "Ending and blocking": _blocking,
    "Good news": _sharing,
    "The pulse": _pulse,
    "What does not work": _refused,
    "The end": _end,
}

if __name__ == "__main__":
    pages.write(FILE, told)
