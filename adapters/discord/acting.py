"""What members of a community do: commands and controls become acts, and what comes of an act is shown where it was.

Who they are in the server that it is about is looked at with each of them. The id of a control may be copied and sent
from anywhere: it says what is wanted, and never that it is allowed.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any

import discord

from adapters.communities import Communities
from adapters.discord import controls, parse, render
from adapters.discord.address import Pressed
from adapters.discord.commands import ACTS
from adapters.discord.components import Payload, message
from adapters.discord.controls import Window
from adapters.discord.delivery import Pause, quietly, with_files
from adapters.discord.rest import DEFERRED_MESSAGE, DEFERRED_UPDATE, EXPIRED, MODAL, TROUBLE, Rest, translated
from adapters.discord.standing import NOBODY, FindGuild, NoServerError, Standing, standing
from adapters.members import Members, TooManyError
from adapters.port import TryLaterError
from dialogs import acts
from dialogs.acts import Act, Member
from dialogs.catalog import Catalog
from dialogs.community import Choices
from dialogs.replies import Reply

TRIES = 3
"""How often it is tried to show what came of an act."""

Write = Callable[[Payload, Sequence[render.File]], Awaitable[object]]

log = logging.getLogger(__name__)


class Acting:
    """Answers the commands of members, and controls."""

    def __init__(
        self,
        rest: Rest,
        catalog: Catalog,
        pause: Pause,
        communities: Communities,
        members: Members,
        guild: FindGuild,
    ) -> None:
        """Answer with these requests and words, and have what is done kept there."""
        self._rest = rest
        self._catalog = catalog
        self._pause = pause
        self._communities = communities
        self._members = members
        self._guild = guild

    @staticmethod
    def is_for(interaction: discord.Interaction) -> bool:
        """Say whether an interaction is one of these commands, or the use of a control."""
        return wanted(interaction) is not None

    async def handle(self, interaction: discord.Interaction) -> None:
        """Do what a member asks for, or open the window that it takes."""
        asked_for = wanted(interaction)
        if isinstance(asked_for, Window):
            window = controls.window(asked_for, _label(interaction), self._catalog)
            await quietly(self._rest.acknowledge(_place(interaction), MODAL, window))
        elif asked_for is not None and await self._acknowledged(interaction):
            await self._act(interaction, asked_for)

    async def _acknowledged(self, interaction: discord.Interaction) -> bool:
        """Give the first answer; say whether there can be another one.

        When another process has given it, either of them may do what is asked for: it is done once.
        """
        place = _place(interaction)
        try:
            if _in_place(interaction):
                await self._rest.acknowledge(place, DEFERRED_UPDATE)
            elif parse.own_channel(interaction):
                await self._rest.acknowledge(place, DEFERRED_MESSAGE)
            else:
                await self._rest.acknowledge_unseen(place)
        except TROUBLE as error:
            fields = {"error": type(error).__name__}
            if isinstance(error, discord.HTTPException) and error.code == EXPIRED:
                log.warning("what a member asked for came too late", extra={"fields": fields})
                return False
            log.info("what a member asked for was not acknowledged", extra={"fields": fields})
        return True

    async def _act(self, interaction: discord.Interaction, act: Act) -> None:
        try:
            await self._done(interaction, act)
        except Exception:
            log.exception("what a member asked for could not be done")
            told = message(self._catalog.plain("community.not_done"), [])
            if _in_place(interaction) and interaction.message is not None:
                del told["components"]  # what was pressed can be pressed again
                told["content"] = render.added_once(interaction.message.content, told["content"])
            await quietly(self._rest.edit_original(_place(interaction), told))

    async def _done(self, interaction: discord.Interaction, act: Act) -> None:
        """Find out about whoever acts, have it done, and show what came of it."""
        guild = await self._server(interaction, act)
        if guild is None:
            await self._show(interaction, self._plain("discord.no_server"))
            return
        try:
            who = await self._standing(interaction, guild)
        except NoServerError:
            await self._show(interaction, self._plain("discord.no_server"))
            return
        if (who is None or who.timed_out) and act.name not in acts.TAKING_BACK:
            await self._show(interaction, self._plain("discord.timed_out" if who else "discord.not_there"))
            return
        if who is None or who.timed_out:
            who = NOBODY
        found = await self._communities.read(parse.community(guild))
        choices = found.now if found else Choices()
        member = Member(
            person=parse.person(interaction.user.id),
            community=parse.community(guild),
            name=who.name,
            mentor=choices.mentors.isdecimal() and int(choices.mentors) in who.roles,
            moderator=who.moderator,
            admin=who.admin,
            left=who is NOBODY,
        )
        try:
            shown = await self._members.act(member, act, f"{parse.PLATFORM}/{interaction.id}")
        except TooManyError:
            if not _in_place(interaction):
                await quietly(self._rest.delete_original(_place(interaction)))  # nothing comes that was promised
            return
        if shown is not None:
            await self._show(interaction, shown, public=_is_report(interaction, choices, who))

    async def _server(self, interaction: discord.Interaction, act: Act) -> int | None:
        """Return the server of an act: the one it names, else where it was done, else the one they came through."""
        person = parse.person(interaction.user.id)
        if interaction.guild_id is not None and not acts.community(act, parse.PLATFORM):
            return interaction.guild_id
        return parse.server(await self._members.community_of(person, act))

    async def _standing(self, interaction: discord.Interaction, guild: int) -> Standing | None:
        """Return who somebody is in a server, after some tries if need be. Raises what `standing` does."""
        for seconds in range(1, TRIES):
            try:
                return await standing(interaction, guild, self._rest, self._guild)
            except TROUBLE as error:
                if not isinstance(translated(error), TryLaterError):
                    raise
            await self._pause(seconds)
        return await standing(interaction, guild, self._rest, self._guild)

    async def _show(self, interaction: discord.Interaction, reply: Reply, *, public: bool = False) -> None:
        """Show what came of an act in place of what was pressed, or as an answer of its own that nobody else sees.

        public: what was pressed is a message of the moderators, and changes for all of them.
        """
        place = _place(interaction)
        if reply.aside and _in_place(interaction):
            await self._shown(reply, partial(self._rest.follow_up, place))
            return
        if public and not reply.aside and interaction.message is not None and interaction.channel_id is not None:
            edit = partial(self._rest.edit, interaction.channel_id, interaction.message.id)
            if await self._shown(reply, edit):
                await quietly(self._rest.delete_original(place))
                return
        await self._shown(reply, partial(self._rest.edit_original, place))

    async def _shown(self, reply: Reply, write: Write) -> bool:
        """Show a reply, after some tries if need be; say whether that was possible."""
        payload, files = render.shown(reply, self._catalog)
        for seconds in range(1, TRIES + 1):
            try:
                await with_files(partial(write, payload), reply, files)
            except TROUBLE as error:
                if not isinstance(translated(error), TryLaterError):
                    log.info("what came of an act was not shown", extra={"fields": {"error": type(error).__name__}})
                    return False
                await self._pause(seconds)
            else:
                return True
        return False

    def _plain(self, key: str) -> Reply:
        return Reply(text=self._catalog.plain(key), keys=(key,))


def wanted(interaction: discord.Interaction) -> Act | Window | None:
    """Return what a member asks for; None for what is not for members of a community."""
    data: Mapping[str, Any] = interaction.data or {}
    custom_id = str(data.get("custom_id", ""))
    match interaction.type:
        case discord.InteractionType.application_command:
            parts = [str(one.get("name", "")) for one in data.get("options") or ()]
            name = ACTS.get((str(data.get("name", "")), parts[0] if parts else ""))
            return acts.read(name) if name else None
        case discord.InteractionType.component:
            return controls.pressed(custom_id, data.get("values") or ())
        case discord.InteractionType.modal_submit:
            return controls.submitted(custom_id, parse.fields(data.get("components") or ()))
        case _:
            return None


def _in_place(interaction: discord.Interaction) -> bool:
    """Say whether what was pressed is for one person, and holds nothing but controls: its answer takes its place.

    In a talk that goes on in the same message, or where others see it too, the answer is a message of its own.
    """
    pressed_in = interaction.message
    if pressed_in is None or not (pressed_in.flags.ephemeral or parse.own_channel(interaction)):
        return False
    return controls.alone(_rows(pressed_in))


def _is_report(interaction: discord.Interaction, choices: Choices, who: Standing) -> bool:
    """Say whether somebody who may see to reports has pressed something in a message to the moderators."""
    if interaction.message is None or choices.moderators_channel != str(interaction.channel_id):
        return False
    offered = bool(_label(interaction)) or interaction.type is discord.InteractionType.modal_submit
    return offered and who.moderator and not interaction.message.flags.ephemeral


def _label(interaction: discord.Interaction) -> str:
    """Return what stands on what was pressed, "" when it is not in the message."""
    data: Mapping[str, Any] = interaction.data or {}
    return controls.label(_rows(interaction.message), str(data.get("custom_id", "")))


def _rows(shown: discord.Message | None) -> Mapping[str, Any]:
    return {"components": [one.to_dict() for one in shown.components] if shown else []}


def _place(interaction: discord.Interaction) -> Pressed:
    return Pressed(id=interaction.id, token=interaction.token)
