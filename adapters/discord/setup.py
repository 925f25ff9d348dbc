"""`/onward setup`: admins set their server up. Whatever is pressed, the server is the one in which it was pressed.

Who may do that, Discord says with each interaction, and it is looked at each time: hiding the command hides it only.
"""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import discord

from adapters.communities import Communities, found, removed, replaced
from adapters.discord import panel, parse, permissions, setup_form
from adapters.discord.address import Pressed
from adapters.discord.commands import ADMIN
from adapters.discord.components import EPHEMERAL, Payload
from adapters.discord.delivery import quietly
from adapters.discord.rest import DEFERRED_UPDATE, MESSAGE, TROUBLE, Rest
from adapters.discord.setup_form import SetupForm
from adapters.discord.standing import FindGuild
from dialogs.catalog import Catalog
from dialogs.community import ChoiceError, Community, Panel, chosen, named, undone

FOR_SOME = frozenset({"moderators_channel", setup_form.ROLE})
"""What is chosen for some in a server, and cannot be what everybody has."""

log = logging.getLogger(__name__)


class Setup:
    """Answers the command and the form."""

    def __init__(self, rest: Rest, catalog: Catalog, communities: Communities, guild: FindGuild) -> None:
        """Answer with these requests and words, and keep what is chosen there."""
        self._rest = rest
        self._catalog = catalog
        self._form = SetupForm(catalog)
        self._communities = communities
        self._guild = guild

    @staticmethod
    def is_for(interaction: discord.Interaction) -> bool:
        """Say whether an interaction is the command or a press in the form."""
        data: Mapping[str, Any] = interaction.data or {}
        if interaction.type is discord.InteractionType.application_command:
            return str(data.get("name", "")) == ADMIN
        return setup_form.pressed(str(data.get("custom_id", ""))) is not None

    async def handle(self, interaction: discord.Interaction) -> None:
        """Do what an admin asks for, and refuse everybody else."""
        refusal = self._refusal(interaction)
        if refusal:
            await self._refuse(interaction, refusal)
            return
        guild = self._guild(interaction.guild_id or 0)
        try:
            await self._acknowledge(interaction)
        except TROUBLE as error:
            # Another process was quicker, or it is too late: the admin sees that it failed, and presses again.
            log.warning("a step of a set-up was not acknowledged", extra={"fields": {"error": type(error).__name__}})
            return
        try:
            shown = await self._done(interaction, guild) if guild else self._form.told("not_a_server")
        except Exception:
            log.exception("a step of a set-up could not be kept")
            shown = self._form.told("not_done")
            if interaction.message is not None:
                del shown["components"]  # what was pressed can be pressed again
        await quietly(self._rest.edit_original(_place(interaction), shown))

    def _refusal(self, interaction: discord.Interaction) -> str:
        if interaction.guild_id is None:
            return "not_a_server"
        return "" if permissions.may_manage(interaction) else "refused_discord"

    async def _refuse(self, interaction: discord.Interaction, name: str) -> None:
        """Say why not, in a message of its own: the one in which was pressed may be seen by everybody."""
        told = {**self._form.told(name), "flags": EPHEMERAL}
        await quietly(self._rest.acknowledge(_place(interaction), MESSAGE, told))

    async def _acknowledge(self, interaction: discord.Interaction) -> None:
        in_form = interaction.message is not None and interaction.message.flags.ephemeral
        if in_form:
            await self._rest.acknowledge(_place(interaction), DEFERRED_UPDATE)
        else:
            await self._rest.acknowledge_unseen(_place(interaction))

    async def _done(self, interaction: discord.Interaction, guild: discord.Guild) -> Payload:
        """Do what was asked for; return what the form shows then."""
        data: Mapping[str, Any] = interaction.data or {}
        step = setup_form.pressed(str(data.get("custom_id", ""))) or setup_form.Pressed(page=1, what="")
        community = parse.community(guild.id)
        match step.what:
            case setup_form.REMOVE:
                return self._form.sure(step.page)
            case setup_form.REMOVE_YES:
                return await self._remove(community)
            case setup_form.POST:
                note = await self._post(community, guild)
            case setup_form.UNDO:
                await self._communities.change(community, undone)
                note = "undone"
            case "" | setup_form.TURN | setup_form.REMOVE_NO:
                note = ""
            case what:
                note = await self._choose(community, guild, what, [str(one) for one in data.get("values") or ()])
        page = 3 - step.page if step.what == setup_form.TURN else step.page
        now = await self._called(community, guild.name)
        notes = [*([self._form.words(note)] if note else ()), *self._missing(guild, now)]
        return self._form.page(now, page, _gone(guild, now), notes)

    async def _called(self, community: str, name: str) -> Community:
        """Return how a server has set the bot up, with the name that it has now."""
        before = await self._communities.read(community)
        if before is None or before.name == name:
            return before or Community()
        return await self._communities.change(community, lambda now: named(now, name))

    async def _choose(self, community: str, guild: discord.Guild, what: str, values: Sequence[str]) -> str:
        """Keep a choice, and return the note on it."""
        if not all(_is_there(guild, what, value) for value in values):
            return "not_offered"
        if any(_is_everybodys(guild, what, int(value)) for value in values if what in FOR_SOME):
            return f"open_{what}"
        try:
            changed = await self._communities.change(community, lambda before: chosen(before, what, values))
        except ChoiceError:
            return "not_offered"
        return "moved" if what == "panel_channel" and changed.moved else "kept"

    async def _post(self, community: str, guild: discord.Guild) -> str:
        """Post the panel and take the one before it away, and return the note on it."""
        channel = (await found(self._communities, community)).now.panel_channel
        if not channel:
            return "choose_channel"
        if permissions.missing(guild, int(channel)):
            return ""  # what is missing is told in any case
        try:
            message = await self._rest.send(int(channel), panel.rendered(self._catalog))
        except TROUBLE as error:
            log.info("a panel was not posted", extra={"fields": {"error": type(error).__name__}})
            return "not_posted"
        new = Panel(channel=channel, message=str(message))
        await self._take_away(await replaced(self._communities, community, new))
        return "posted"

    async def _remove(self, community: str) -> Payload:
        await self._take_away(await removed(self._communities, community))
        return self._form.told("removed")

    async def _take_away(self, panel: Panel | None) -> None:
        """Delete a panel. One that cannot be deleted goes on working, as every panel does."""
        if panel is not None:
            await quietly(self._rest.delete(int(panel.channel), int(panel.message)))

    def _missing(self, guild: discord.Guild, community: Community) -> list[str]:
        """Return in words what the bot lacks in the channels that are chosen."""
        now = community.now
        channels = dict.fromkeys(value for what in setup_form.CHANNELS if (value := str(getattr(now, what))))
        rooms = now.panel_channel if community.has("mentors") else ""
        return [
            self._form.words(f"missing_{name}", channel=f"<#{channel}>")
            for channel in channels
            for name in permissions.missing(guild, int(channel), rooms=channel == rooms)
        ]


def _gone(guild: discord.Guild, community: Community) -> list[str]:
    """Return the places that were chosen and are not there any more."""
    places = [(what, str(getattr(community.now, what))) for what in (*setup_form.CHANNELS, setup_form.ROLE)]
    return [value for what, value in places if value and not _is_there(guild, what, value)]


def _is_there(guild: discord.Guild, what: str, value: str) -> bool:
    """Say whether a place that was chosen is one of this server, and no id that somebody has put in."""
    if what in setup_form.CHANNELS:
        return value.isdecimal() and guild.get_channel(int(value)) is not None
    if what == setup_form.ROLE:
        return value.isdecimal() and guild.get_role(int(value)) is not None
    return True


def _is_everybodys(guild: discord.Guild, what: str, value: int) -> bool:
    """Say whether everybody in a server sees a channel, or has a role."""
    everybody = guild.default_role
    channel = guild.get_channel(value)
    if what == setup_form.ROLE:
        return value == everybody.id
    return channel is not None and channel.permissions_for(everybody).view_channel


def _place(interaction: discord.Interaction) -> Pressed:
    return Pressed(id=interaction.id, token=interaction.token)
