"""What Slack sends, as the people of the tests' own Slack make it."""

import asyncio
from collections.abc import Sequence
from functools import cache

from adapters.slack import controls, render
from adapters.slack import home as page
from adapters.slack.acting import Origin
from adapters.slack.controls import Asked
from adapters.slack.declared import COMMANDS, EVERYTHING, SCOPES
from adapters.slack.presses import Window
from dialogs.acts import Act
from dialogs.home import home
from dialogs.replies import Option, Pick, Press, Reply, Write
from tests.fuzz.real import CATALOG, LINES, NOON, replies, walked
from tests.fuzz.target import Json
from tests.platforms.slack.deliveries import Delivery
from tests.platforms.slack.people import Person
from tests.platforms.slack.server import Server
from tests.platforms.slack.world import Channel, Message, World

WRITTEN = {"text": "I got rejected", "cue": "they call", "will": "ask", "zone": "Europe/Berlin", "quiet": "22-8"}

CHOICE = Option(value="cv", label="CV"), Option(value="salary", label="Salary")
STAYING = Reply(
    text="Well?",
    keys=("x",),
    controls=(
        Press(act="mentor.accept:slack:T1/17", label="Yes", style="primary"),
        Pick(act="mentor.topics", label="Topics", options=CHOICE, picked=("cv",), most=2),
        Pick(act="mentor.most", label="How many", options=CHOICE, least=1),
        Write(act="wins.line", label="A line", title="A line", field="Your line"),
    ),
    named=("slack:T1/U1",),
)
"""A reply with everything that stays."""


class _Listening(Server):
    """A server that keeps what it would bring to the bot."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World(lambda: NOON)
        self.team = self.world.add_team("Job seekers", set(SCOPES), "xoxb-1")
        self.url = "https://hooks.test"
        self.brought: list[Json] = []

    def bring(self, kind: str, payload: Json, *, retried: bool = False) -> Delivery:
        """Keep a payload. retried: as the real one takes it."""
        self.brought.append(payload)
        return Delivery(str(retried), kind, payload)


@cache
def payloads() -> Sequence[tuple[str, Json]]:
    """Return Slack's payloads, each with its kind: "event", "command", "press", "window" or "shortcut"."""
    return asyncio.run(_brought())


async def _brought() -> list[tuple[str, Json]]:
    server = _Listening()
    person = Person.new(server, "ann")
    room = server.world.add_channel(server.team, {person.user.id, server.team.bot_user})
    found: list[tuple[str, Json]] = []

    def kept(kind: str) -> None:
        found.extend((kind, payload) for payload in server.brought)
        server.brought.clear()

    await _write(person, room)
    kept("event")
    for command in COMMANDS:
        await person.uses(command, "plan", room)
    for text in ("mentor find", "win", "pulse"):
        await person.uses(EVERYTHING, text, room)
    kept("command")
    for reply in (*replies(), STAYING):
        await _press(person, _shown(person, reply, person.direct, only_for=""))
        await _press(person, _shown(person, reply, room, only_for=person.user.id))
    await _press_home(person)
    kept("press")
    await _send(person, opened_by=found[-1][1])
    kept("window")
    await person.shortcut("Dear Ann, unfortunately", room)
    kept("shortcut")
    return found


async def _write(person: Person, room: Channel) -> None:
    for text in LINES:
        await person.writes(text)
    await person.writes("", files=[{"mimetype": "audio/mp4"}, {"mimetype": "application/pdf"}], thread="1.2")
    await person.mentions("I got rejected", room)
    await person.opens_home()


def _shown(person: Person, reply: Reply, where: Channel, only_for: str) -> Message:
    """Return a message with a reply, as it stands in a channel."""
    sent = (render.unseen if only_for else render.messages)(reply, CATALOG)[-1]
    world = person.server.world
    message = Message(world.ts(), where.id, person.team.bot_user, blocks=sent["blocks"], only_for=only_for)
    where.messages[message.ts] = message
    return message


async def _press(person: Person, message: Message) -> None:
    for element in message.elements:
        choice = element.get("options", [{"value": element["action_id"]}])[0]["value"]
        await person.presses(choice, message=message)


async def _press_home(person: Person) -> None:
    person.server.world.homes[person.user.id] = page.view(home(walked().journey, CATALOG), CATALOG)
    elements = [one for block in person.home["blocks"] for one in block.get("elements", ()) if "action_id" in one]
    for element in elements:
        await person.presses_home(element["action_id"], [one["text"]["text"] for one in element.get("options", ())[:1]])


async def _send(person: Person, opened_by: Json) -> None:
    private = Window.of(person.known_as, opened_by).kept()
    form = render.form("action", "7", CATALOG, private)
    assert form is not None
    kept = Origin.of(opened_by, person.known_as).kept()
    line = controls.form(Act(name="wins.line"), Asked(title="A line", field="Your line", longest=200), CATALOG, kept)
    for view in (form, line, render.write_form(CATALOG, private), page.settings_form(CATALOG, private)):
        await person.sends(view, **WRITTEN)
