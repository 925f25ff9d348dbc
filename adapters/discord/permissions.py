"""What the bot may do in a channel, as the library knows it from the gateway."""

from collections.abc import Sequence

import discord

MISSING_CHANNEL = "channel"
NEEDED = ("view_channel", "send_messages")
"""What a message in a channel takes, by the library's names; the words for each are in community.toml."""


def may_manage(interaction: discord.Interaction) -> bool:
    """Say whether somebody may manage the server in which they did something, as Discord says with it."""
    may = interaction.permissions
    return interaction.guild_id is not None and (may.manage_guild or may.administrator)


def missing(guild: discord.Guild, channel: int) -> Sequence[str]:
    """Return what keeps the bot from writing in a channel: names of permissions, or that there is no such channel."""
    found = guild.get_channel(channel)
    if found is None:
        return [MISSING_CHANNEL]
    may = found.permissions_for(guild.me)
    return [name for name in NEEDED if not getattr(may, name)]
