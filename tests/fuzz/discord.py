"""Discord's parser with payloads that are not what Discord sends."""

from collections.abc import Callable
from contextlib import suppress
from random import Random
from typing import Any

import discord

from adapters.discord import address, parse, render
from adapters.discord.address import Direct, Pressed
from adapters.discord.connection import Connection
from adapters.port import Arrival
from dialogs.events import Commanded, Filled, Said, Tapped
from tests.fuzz.heard import heard
from tests.fuzz.mutators import mutated
from tests.fuzz.real import CATALOG
from tests.fuzz.real_discord import bot, payloads
from tests.fuzz.target import Made, Target, declared, holds
from tests.fuzz.texts import nasty

Taken = Callable[[Any], None]


class Discord(Target):
    """Messages and interactions: each means something, or nothing. What the library refuses never gets to us."""

    name = "discord"

    def __init__(self) -> None:
        """Prepare the library's own reading of what comes in."""
        super().__init__()
        self._came: list[tuple[str, Any]] = []
        self._state = Connection()._connection  # noqa: SLF001 - what comes in begins there
        self._state.user = discord.ClientUser(
            state=self._state,
            data={"id": str(bot()), "username": "onward", "discriminator": "0", "avatar": None, "global_name": None},
        )
        self._state.dispatch = lambda event, *args: self._came.append((event, args[0] if args else None))

    def make(self, random: Random) -> Made:
        """Return the name of an event, and real data of it with changes in them."""
        event, payload = random.choice(payloads())
        return [event, payload if random.random() < 0.02 else mutated(random, payload), nasty(random)]

    def check(self, made: Made) -> None:
        """Check what an event means, and where it would be answered."""
        event, payload, text = made
        self._came.clear()
        with suppress(Exception):  # the library's own mistakes
            self._state.parsers[event](payload)
        for kind, came in self._came:
            if kind == "message":
                self.reached.add(_message(came, text))
            elif kind == "interaction":
                self.reached.add(_interaction(came))
        if not self._came:
            self.reached.add("refused by the library")


def _message(message: discord.Message, text: str) -> str:
    declared(parse.readable_file(message), discord.Attachment | None)
    told = []
    for file in (None, text):
        events = parse.said(message, me=bot(), file=file)
        told = [heard(event, Said | Commanded) for event in events]
        for direct in (False, True):
            arrivals = parse.arrivals(message, events, direct=direct)
            holds(len(arrivals) == len(events), "an event got lost")
            for arrival in arrivals:
                declared(arrival, Arrival)
                declared(address.read(arrival.address), Direct)
                holds(not direct or parse.read_cursor(arrival.cursor), "there is no place to read on from")
    return " ".join(told)


def _interaction(interaction: discord.Interaction) -> str:
    meant = parse.pressed(interaction)
    if isinstance(meant, parse.OpenForm):
        form = render.form(meant.name, meant.asked, CATALOG) if meant.name else render.write_form(CATALOG)
        declared(form, dict | None)
    if meant is not None:
        where = parse.address(interaction)
        declared(where, Direct | Pressed)
        holds(address.read(str(where)) == where, "an address is not kept as it is")
    return heard(meant, Tapped | Filled | Said | Commanded | parse.OpenForm | None)
