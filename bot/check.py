"""`onward check`: whether a platform is set up as it needs to be, in words."""

import asyncio
from collections.abc import Sequence

from bot import observability
from bot.run import NOTHING_TO_RUN, connection
from bot.settings import Settings, SettingsError


def check_discord(settings: Settings) -> tuple[Sequence[str], bool]:
    """Ask Discord; return lines to read, and whether nothing is missing. Raises SettingsError and DiscordError."""
    from adapters.discord.check import check  # noqa: PLC0415 - the library takes long, and only one of them is needed

    if not settings.discord.token:
        raise SettingsError(NOTHING_TO_RUN)

    async def asked() -> tuple[Sequence[str], bool]:
        opened = connection(settings.discord)
        try:
            found = await check(opened, settings.discord.token)
        finally:
            await opened.close()
        return found.lines, found.good

    observability.set_up(settings.log_level)
    return asyncio.run(asked())


def check_slack(settings: Settings) -> tuple[Sequence[str], bool]:
    """Ask Slack; return lines to read, and whether nothing is missing. Raises SettingsError and SlackError."""
    from bot.slack import SlackService  # noqa: PLC0415 - as above

    if not settings.slack.wanted:
        raise SettingsError(NOTHING_TO_RUN)

    async def asked() -> tuple[Sequence[str], bool]:
        service = SlackService(settings.slack, settings.listen, asyncio.sleep)
        try:
            found = await service.check()
        finally:
            await service.close()
        return found.lines, found.good

    observability.set_up(settings.log_level)
    return asyncio.run(asked())
