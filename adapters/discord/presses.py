"""Presses, slash commands and forms: acknowledged first, and shown as taken only when the turn is committed."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol

import discord

from adapters.communities import Communities, place_of
from adapters.discord import parse, render
from adapters.discord.address import Pressed
from adapters.discord.delivery import Delivery, Pause, quietly
from adapters.discord.panel import on_panel
from adapters.discord.rest import ACKNOWLEDGED, DEFERRED_UPDATE, MODAL, TROUBLE, Rest, translated
from adapters.port import Arrival, Outcome, TryLaterError
from dialogs.catalog import Catalog
from dialogs.events import Event, Filled, Tapped

Take = Callable[[Arrival], Awaitable[Outcome | None]]
"""Has a turn made; returns what became of it, and None when it could not be kept."""


class Special(Protocol):
    """Answers interactions that are no part of somebody's talk."""

    def is_for(self, interaction: discord.Interaction) -> bool:
        """Say whether an interaction is one of these."""
        ...

    async def handle(self, interaction: discord.Interaction) -> None:
        """Answer one of these."""
        ...


TRIES = 3
"""How often it is tried to show what was chosen."""

log = logging.getLogger(__name__)


class Presses:
    """Answers interactions."""

    def __init__(
        self,
        rest: Rest,
        delivery: Delivery,
        catalog: Catalog,
        take: Take,
        pause: Pause,
        communities: Communities,
        special: Sequence[Special],
    ) -> None:
        """Answer with these requests and words. special: what is asked first."""
        self._communities = communities
        self._special = special
        self._pause = pause
        self._rest = rest
        self._delivery = delivery
        self._catalog = catalog
        self._take = take

    async def handle(self, interaction: discord.Interaction) -> None:
        """Take an interaction, or open the window that it asks for."""
        for special in self._special:
            if special.is_for(interaction):
                await special.handle(interaction)
                return
        meant = parse.pressed(interaction)
        if isinstance(meant, parse.OpenForm):
            await self._open(interaction, meant)
        elif meant is not None:
            await self._pressed(interaction, meant)

    async def _open(self, interaction: discord.Interaction, asked_for: parse.OpenForm) -> None:
        """Open a window. It is found by its name alone, so the press is answered at once."""
        catalog = self._catalog
        form = render.form(asked_for.name, asked_for.asked, catalog) if asked_for.name else render.write_form(catalog)
        if form is None:
            await self._pressed(interaction, parse.OLD)
        else:
            await quietly(self._rest.acknowledge(_place(interaction), MODAL, form))

    async def _pressed(self, interaction: discord.Interaction, event: Event) -> None:
        outcome: Outcome | None = None
        self._delivery.hold(interaction.id)
        try:
            await self._acknowledge(interaction)
            arrival = Arrival(
                id=f"{parse.PLATFORM}/{interaction.id}",
                person=parse.person(interaction.user.id),
                event=event,
                address=str(parse.address(interaction)),
                place=await self._where(interaction.guild_id),
            )
            outcome = await self._take(arrival)
            if outcome is None:
                await quietly(self._say_broken(interaction))
            elif outcome.fresh:
                await self._show_taken(interaction, event, outcome.asked)
        finally:
            self._delivery.release(interaction.id, ready=outcome is None or outcome.fresh)

    async def _where(self, guild: int | None) -> Mapping[str, str]:
        return {} if guild is None else await place_of(self._communities, parse.community(guild))

    async def _acknowledge(self, interaction: discord.Interaction) -> None:
        """Give the first answer within the three seconds that Discord leaves for it, before anything else is done."""
        place = _place(interaction)
        try:
            if interaction.message is None or on_panel(interaction):
                await self._rest.acknowledge_unseen(place)
            else:
                await self._rest.acknowledge(place, DEFERRED_UPDATE)
        except TROUBLE as error:
            # Another process that serves the same shard was quicker; or it is too late, and the answer goes elsewhere.
            code = getattr(error, "code", None)
            if code != ACKNOWLEDGED:
                # In an answer that is not Discord's, anything may stand for the code.
                fields = {"error": type(error).__name__, "code": code if isinstance(code, int) else None}
                log.warning("an interaction was not acknowledged", extra={"fields": fields})

    async def _show_taken(self, interaction: discord.Interaction, event: Event, asked: int) -> None:
        """Show in the message what was chosen in it; take back the promise of an answer that comes as a message.

        When the question is still the open one (`asked`), it can be pressed again.
        """
        for seconds in range(1, TRIES + 1):
            try:
                if interaction.message is not None and isinstance(event, Tapped | Filled):
                    await self._show_choice(interaction, still_open=event.asked == asked)
                elif interaction.message is None and parse.own_channel(interaction):
                    await self._rest.delete_original(_place(interaction))
            except TROUBLE as error:
                if not isinstance(translated(error), TryLaterError):
                    return
                await self._pause(seconds)
            else:
                return

    async def _show_choice(self, interaction: discord.Interaction, *, still_open: bool) -> None:
        place = _place(interaction)
        message = await self._rest.original(place)
        data: Mapping[str, Any] = interaction.data or {}
        choice = str(data.get("custom_id", "")), [str(value) for value in data.get("values") or ()]
        payload = render.chosen(message, *choice, still_open=still_open)
        if not parse.own_channel(interaction):
            payload["content"] = render.shown_choice(message, *choice)
        await self._rest.edit_original(place, payload)

    async def _say_broken(self, interaction: discord.Interaction) -> None:
        """Say that it did not work. A message with buttons keeps them, so that they can be pressed again."""
        place, sorry = _place(interaction), render.sorry(self._catalog)
        if interaction.message is None:
            await self._rest.edit_original(place, sorry)
        elif parse.own_channel(interaction) and interaction.channel_id is not None:
            await self._rest.send(interaction.channel_id, sorry)
        else:
            before = await self._rest.original(place)
            await self._rest.edit_original(
                place, {"content": render.added(before.get("content", ""), sorry["content"])}
            )


def _place(interaction: discord.Interaction) -> Pressed:
    return Pressed(id=interaction.id, token=interaction.token)
