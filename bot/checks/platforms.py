"""The platforms that are set up, and by how much their clocks differ from ours."""

import asyncio
from collections.abc import Iterator, Mapping

from adapters.findings import Findings
from bot.checks.result import Result, good, wrong
from bot.run import NOTHING_TO_RUN, connection
from bot.settings import Settings

DISCORD, SLACK, CLOCK = "discord", "slack", "clock"

APART = 60.0
"""By how many seconds this machine's clock may differ. From 300 on, requests that Slack has signed are refused."""


def ask_discord(settings: Settings) -> Findings:
    """Return what Discord says of the set-up. Raises DiscordError."""
    from adapters.discord.check import check  # noqa: PLC0415 - the library takes long, and may not be needed

    async def asked() -> Findings:
        opened = connection(settings.discord)
        try:
            return await check(opened, settings.discord.token)
        finally:
            await opened.close()

    return asyncio.run(asked())


def ask_slack(settings: Settings) -> Findings:
    """Return what Slack says of the set-up. Raises SlackError."""
    from bot.slack import SlackService  # noqa: PLC0415 - as above

    async def asked() -> Findings:
        service = SlackService(settings.slack, settings.listen, asyncio.sleep)
        try:
            return await service.check()
        finally:
            await service.close()

    return asyncio.run(asked())


def discord(settings: Settings, ahead: dict[str, float]) -> Iterator[Result]:
    """Tell what Discord says, and note how far ahead of its clock ours is. Raises DiscordError."""
    yield from _told(DISCORD, "Discord", ask_discord(settings), ahead)


def slack(settings: Settings, ahead: dict[str, float]) -> Iterator[Result]:
    """Tell what Slack says, and note how far ahead of its clock ours is. Raises SlackError."""
    yield from _told(SLACK, "Slack", ask_slack(settings), ahead)


def _told(topic: str, name: str, findings: Findings, ahead: dict[str, float]) -> Iterator[Result]:
    if findings.ahead is not None:
        ahead[name] = findings.ahead
    yield from (good(topic, line) for line in findings.told)
    yield from (wrong(topic, line) for line in findings.wrong)


def none() -> Result:
    """Return what to say where no platform is set up."""
    return wrong("platforms", NOTHING_TO_RUN)


def clock(ahead: Mapping[str, float]) -> Iterator[Result]:
    """Tell whether this machine's clock goes like those of the platforms."""
    for name, seconds in ahead.items():
        if abs(seconds) > APART:
            yield wrong(
                CLOCK,
                f"This machine's clock is {abs(seconds):,.0f} seconds {'ahead of' if seconds > 0 else 'behind'} "
                f"{name}'s: have it set over the network (by systemd-timesyncd or chrony, for example).",
            )
            return
    if ahead:
        yield good(CLOCK, "It goes like {}.".format(" and ".join(f"{name}'s" for name in ahead)))
