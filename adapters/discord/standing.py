"""Who somebody is in a server, and what they may do there, as Discord says at this moment."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import discord

from adapters.discord.rest import Rest
from dialogs.private import Private

FindGuild = Callable[[int], discord.Guild | None]
"""Returns a server that the bot is in, if this process knows it."""

NO_MEMBER, NO_SERVER = frozenset({10007, 10013}), frozenset({10004, 50001})
"""Error codes: nobody of that account is in the server; the bot itself is not."""


class NoServerError(Exception):
    """The bot is not in that server."""


class Standing(Private, frozen=True):
    """Somebody in a server. name: how they are called there. may: the number of their permissions.

    timed_out: whether moderators have taken their voice for now.
    """

    name: str
    roles: frozenset[int]
    may: int
    timed_out: bool = False

    @property
    def admin(self) -> bool:
        """Whether they may manage the server."""
        may = discord.Permissions(self.may)
        return may.manage_guild or may.administrator

    @property
    def moderator(self) -> bool:
        """Whether they may see to what members report of each other."""
        return self.admin or discord.Permissions(self.may).moderate_members


NOBODY = Standing(name="", roles=frozenset(), may=0)
"""Somebody who is not in a server, or has no voice there."""


async def standing(interaction: discord.Interaction, guild: int, rest: Rest, find: FindGuild) -> Standing | None:
    """Return who somebody is in a server, wherever they did something; None when they are not in it.

    Raises NoServerError, and what requests fail with.
    """
    if interaction.guild_id == guild and isinstance(interaction.user, discord.Member):
        if find(guild) is None:
            raise NoServerError  # somebody has the bot as an app of their own there
        user = interaction.user
        roles = frozenset(role.id for role in user.roles)
        may = interaction.permissions.value
        return Standing(name=user.display_name, roles=roles, may=may, timed_out=user.is_timed_out())
    try:
        member = await rest.member(guild, interaction.user.id)
        known = find(guild)
        server = _told(known) if known else await rest.guild(guild)
    except discord.HTTPException as error:
        if error.code in NO_MEMBER:
            return None
        if error.code in NO_SERVER:
            raise NoServerError from None
        raise
    return _standing(member, server, guild)


def _standing(member: Mapping[str, Any], server: Mapping[str, Any], guild: int) -> Standing:
    """Return who a member is. https://docs.discord.com/developers/topics/permissions#permission-hierarchy."""
    user = member["user"]
    roles = frozenset(int(one) for one in member["roles"])
    has = {guild, *roles}  # the role of everybody has the number of the server
    may = _all(int(one["permissions"]) for one in server["roles"] if int(one["id"]) in has)
    if str(server["owner_id"]) == str(user["id"]):
        may = discord.Permissions.all().value
    name = member.get("nick") or user.get("global_name") or user["username"]
    until = discord.utils.parse_time(member.get("communication_disabled_until"))
    timed_out = until is not None and until > discord.utils.utcnow()
    return Standing(name=name, roles=roles, may=may, timed_out=timed_out)


def _told(guild: discord.Guild) -> Mapping[str, Any]:
    roles = [{"id": role.id, "permissions": role.permissions.value} for role in guild.roles]
    return {"roles": roles, "owner_id": guild.owner_id}


def _all(permissions: Iterable[int]) -> int:
    found = 0
    for one in permissions:
        found |= one
    return found
