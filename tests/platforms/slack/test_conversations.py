"""Every transcript, said and tapped in Slack, comes out as it does in the terminal and in Discord."""

from pathlib import Path

import pytest

from adapters.port import Arrival
from adapters.slack import controls, render
from dialogs.events import Commanded, Event, Woke
from dialogs.journey import Turn
from dialogs.place import placed
from dialogs.replies import Reply
from tests.conversations import on_engine
from tests.conversations.script import Script, scripts
from tests.platforms.played import Played, Shown
from tests.platforms.slack.people import Person
from tests.platforms.slack.running import HTTP, SOCKET, running
from tests.platforms.slack.server import served
from tests.platforms.slack.world import Json, Message, Value

SCRIPTS = scripts()
SENT_AS: dict[str, dict[str, Value]] = {
    "file": {"subtype": "file_share", "files": [{"id": "F1", "mimetype": "image/png"}]},
    "voice": {"subtype": "file_share", "files": [{"id": "F1", "mimetype": "audio/mp4"}]},
}
"""What somebody sends whom the dialog hears as one of these commands."""

HERE = {"overseen": "yes", "zone": "UTC", "locale": "en"}
"""What Slack knows of where the person is."""


class Player(on_engine.Player):
    """The conversation on the engine alone, in a work chat."""

    def happen(self, event: Event) -> Turn:
        """Let one event happen, where Slack says that it does."""
        if not isinstance(event, Woke):
            self.journey = placed(self.journey, HERE)
        return super().happen(event)


class Conversation(Played):
    """One person's conversation in the direct messages."""

    async def tap(self, choice: str) -> None:
        """Choose, also what was never offered."""
        asked = (await self._bot.store.journey(self._person.known_as)).asked
        asking = [one for one in self._person.sees() if any(not controls.act_of(element) for element in one.elements)]
        message = asking[-1] if asking else self._person.sees()[-1]
        try:
            pressed = await self._person.presses(choice, message=message)
        except LookupError:
            # A choice that was never offered, or one of before: somebody else's client may send anything.
            action = {"type": "button", "action_id": f"o:tap:{asked}:{choice}", "text": {"text": choice}}
            pressed = await self._person.acts(action, message)
        await self._bot.took(pressed)
        journey = await self._bot.store.journey(self._person.known_as)
        assert bool(message.elements) is (journey.asked == asked), "only an open question is pressed"
        assert "\N{CHECK MARK} " in message.shown

    async def command(self, name: str, argument: str = "") -> None:
        """Use a command as somebody finds it here."""
        if name in SENT_AS:
            await self._bot.took(await self._person.writes("", **SENT_AS[name]))
        elif name in {"checkin", "plan", "progress", "rejected"}:
            await self._bot.took(await self._person.uses(name, argument))
        elif name in {"help", "export", "settings", "skip", "back", "erase"}:
            await self._bot.took(await self._person.uses("onward", f"{name} {argument}".strip()))
        else:
            # Words and buttons lead there, and the transcript tests that the dialog knows it.
            number = len(self._bot.host.taken)
            event = Commanded(name=name, argument=argument)
            arrival = Arrival(id=f"x{number}", person=self._person.known_as, event=event, place=HERE)
            await self._bot.host.take(arrival)
            await self._bot.settled()

    def shown(self, message: Message) -> Shown:
        """Return what is read in a message."""
        return _shown(message)


def _shown(message: Message) -> Shown:
    return message.shown or " ".join(file["name"] for file in message.files), _labels(message.elements)


def _labels(elements: list[Json]) -> tuple[str, ...]:
    options = [option["text"]["text"] for one in elements for option in one.get("options", [])]
    return tuple(options + [one["text"]["text"] for one in elements if one["type"] == "button"])


def _expected(reply: Reply, player: Player) -> list[Shown]:
    messages = [
        Message("1", "D1", "U1", blocks=payload["blocks"]) for payload in render.messages(reply, player.catalog)
    ]
    assert "".join(one.shown for one in messages).split() == reply.text.split(), "every word of a reply is shown"
    labels = [button.label for button in reply.buttons] + ([reply.form.open] if reply.form else [])
    labels += [control.label for control in reply.controls]
    assert _labels(messages[-1].elements) == tuple(labels)
    shared = [Message("1", "D1", "U1", files=[{"name": reply.file.name}])] if reply.file else []
    return [_shown(one) for one in (*messages, *shared)]


@pytest.mark.no_cover  # it holds the same lines as other tests do, and counting them takes half as long again
@pytest.mark.parametrize("mode", [SOCKET, HTTP])
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.path.stem)
async def test_a_transcript_comes_out_the_same_in_slack(script: Script, mode: str, tmp_path: Path) -> None:
    """Over Socket Mode and over HTTP, through the database and the Web API, word for word, with the same choices."""
    on_its_own = Player()
    async with served() as server, running(server, tmp_path, mode) as bot:
        played = Conversation(bot, Person.new(server, "ann"))
        for beat in script.beats:
            on_its_own.play(beat)
            expected = [shown for reply in on_its_own.replies for shown in _expected(reply, on_its_own)]
            # No comparison of texts that a failure would print.
            assert (await played.play(beat)) == expected, f"{script.path.name}:{beat.line}"
        assert await bot.store.pending() == []
