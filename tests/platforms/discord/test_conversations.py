"""Every transcript, said and tapped in Discord, comes out as it does in the terminal."""

from pathlib import Path

import pytest

from adapters.discord import controls, render
from adapters.port import Arrival
from dialogs.events import Commanded
from dialogs.replies import Reply
from tests.conversations import on_engine
from tests.conversations.script import Script, scripts
from tests.platforms.discord.people import Person
from tests.platforms.discord.requests import Value
from tests.platforms.discord.running import running
from tests.platforms.discord.server import served
from tests.platforms.discord.world import Message
from tests.platforms.played import Played, Shown

SCRIPTS = scripts()
SENT_AS: dict[str, dict[str, Value]] = {
    "file": {"attachments": [{"id": "1", "filename": "a.png", "size": 1, "url": "", "proxy_url": ""}]},
    "sticker": {"stickers": [{"id": "1", "name": "sad", "format_type": 1}]},
    "voice": {"flags": 1 << 13},
}
"""What somebody sends whom the dialog hears as one of these commands."""


class Conversation(Played):
    """One person's conversation in the direct messages."""

    async def tap(self, choice: str) -> None:
        """Choose, also what was never offered."""
        asking = [one for one in self._person.sees() if any(not controls.is_control(button) for button in one.buttons)]
        message = asking[-1]
        try:
            pressed = await self._person.presses(choice, message=message)
        except LookupError:
            # A choice that was never offered: somebody else's client may send anything.
            asked = message.buttons[0]["custom_id"].split(":")[2]
            pressed = await self._person.presses_id(f"o:tap:{asked}:{choice}", message)
        await self._bot.took(pressed)
        assert pressed.answered == 6
        asked = (await self._bot.store.journey(f"discord:{self._person.user.id}")).asked
        still_open = asked == int(message.buttons[0]["custom_id"].split(":")[2])
        assert all(button["disabled"] is not still_open for button in message.buttons), (
            "only an open question is pressed"
        )

    async def command(self, name: str, argument: str = "") -> None:
        """Use a command as somebody finds it here."""
        offered = {one["name"]: one for one in self._bot.server.world.commands}
        if name in SENT_AS:
            await self._bot.took(await self._person.writes("", **SENT_AS[name]))
        elif name in offered and not argument:
            await self._bot.took(await self._person.uses(name))
        elif name in offered and "=" in argument:
            await self._bot.took(
                await self._person.uses(name, None, **dict(one.split("=") for one in argument.split()))
            )
        else:
            # Not in the menu: words and buttons lead there, and the transcript tests that the dialog knows it.
            who, number = f"discord:{self._person.user.id}", len(self._bot.host.taken)
            event = Commanded(name=name, argument=argument)
            await self._bot.host.take(Arrival(id=f"x{number}", person=who, event=event, address="dm/"))
            await self._bot.settled()

    def shown(self, message: Message) -> Shown:
        """Return what is read in a message."""
        return _shown(message)


def _shown(message: Message) -> Shown:
    labels = [option["label"] for one in message.buttons for option in one.get("options", [])]
    return message.content, tuple(labels or [one["label"] for one in message.buttons])


def _expected(reply: Reply, player: on_engine.Player) -> list[Shown]:
    labels = [button.label for button in reply.buttons] + ([reply.form.open] if reply.form else [])
    labels += [control.label for control in reply.controls]
    *first, last = [payload["content"] for payload in render.messages(reply, player.catalog)]
    return [*((content, ()) for content in first), (last, tuple(labels))]


@pytest.mark.no_cover  # it holds the same lines as other tests do, and counting them takes half as long again
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.path.stem)
async def test_a_transcript_comes_out_the_same_in_discord(script: Script, tmp_path: Path) -> None:
    """Through the gateway, the database and the REST API, word for word, with the same choices."""
    on_its_own = on_engine.Player()
    async with served() as server, running(server, tmp_path) as bot:
        player = Conversation(bot, Person.new(server, "ann"))
        for beat in script.beats:
            on_its_own.play(beat)
            expected = [shown for reply in on_its_own.replies for shown in _expected(reply, on_its_own)]
            # No comparison of texts that a failure would print.
            assert (await player.play(beat)) == expected, f"{script.path.name}:{beat.line}"
        assert await bot.store.pending() == []
