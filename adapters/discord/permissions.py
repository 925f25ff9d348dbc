"""What the bot may do in a channel, as the library knows it from the gateway."""

from collections.abc import Sequence

import discord

MISSING_CHANNEL, NO_ROOMS = "channel", "private_threads"
NEEDED = ("view_channel", "send_messages")
FOR_ROOMS = ("create_private_threads", "send_messages_in_threads")
"""What a message in a channel takes, and a private thread under it beside that, by the library's names.

The words for each are in community.toml.
"""


def may_manage(interaction: discord.Interaction) -> bool:
    """Say whether somebody may manage the server in which they did something, as Discord says with it."""
    may = interaction.permissions
    return interaction.guild_id is not None and (may.manage_guild or may.administrator)


def missing(guild: discord.Guild, channel: int, *, rooms: bool = False) -> Sequence[str]:
    """Return what keeps the bot from writing in a channel: names of permissions, or that there is no such channel.

    rooms: whether it is to open private threads there, too, which channels for announcements do not have.
    """
    found = guild.get_channel(channel)
    if found is None:
        return [MISSING_CHANNEL]
    if rooms and found.type is not discord.ChannelType.text:
        return [NO_ROOMS]
    may = found.permissions_for(guild.me)
    lacks = [name for name in (*NEEDED, *(FOR_ROOMS if rooms else ())) if not getattr(may, name)]
    return lacks[:1] if "view_channel" in lacks else lacks  # nothing else is to be had without it
