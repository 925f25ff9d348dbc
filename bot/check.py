"""`onward check`: whether everything is set up as it needs to be, in words."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bot import observability
from bot.checks import address, configuration, database, machine, platforms
from bot.checks.configuration import examine
from bot.checks.result import Result, Verdict, counted, guarded, text
from bot.failures import FAILED, MISUSED
from bot.run import NOTHING_TO_RUN
from bot.settings import Settings, SettingsError


def check_discord(settings: Settings) -> tuple[Sequence[str], bool]:
    """Ask Discord; return lines to read, and whether nothing is missing. Raises SettingsError and DiscordError."""
    if not settings.discord.token:
        raise SettingsError(NOTHING_TO_RUN)
    observability.set_up(settings.log_level, form=settings.log_format)
    found = platforms.ask_discord(settings)
    return found.lines, found.good


def check_slack(settings: Settings) -> tuple[Sequence[str], bool]:
    """Ask Slack; return lines to read, and whether nothing is missing. Raises SettingsError and SlackError."""
    if not settings.slack.wanted:
        raise SettingsError(NOTHING_TO_RUN)
    observability.set_up(settings.log_level, form=settings.log_format)
    found = platforms.ask_slack(settings)
    return found.lines, found.good


def check_everything(
    environ: Mapping[str, str], file: Path | None, tell: Callable[[str], object], width: int | None
) -> int:
    """Tell line by line how everything is set up, and return the exit code. width: of the lines, None for any.

    file: the database, where it is not that of the settings.
    """
    settings, unread = examine(environ, file)
    observability.set_up(settings.log_level, form=settings.log_format)
    to_mend = 0
    for result in _everything(environ, settings, unread):
        tell(text(result, width))
        to_mend += result.verdict is Verdict.WRONG
    tell("")
    tell(f"{counted(to_mend, 'thing')} to mend, marked MEND above." if to_mend else "All is well.")
    return MISUSED if unread else FAILED if to_mend else 0


def _everything(environ: Mapping[str, str], settings: Settings, unread: Mapping[str, str]) -> Iterator[Result]:
    """Look at everything, in the order in which it would be mended. unread: which settings are not known."""
    now = datetime.now(UTC)
    yield from guarded("program", machine.program())
    yield from guarded("limits", machine.limits())
    yield from guarded("settings", configuration.look(environ, unread))
    if "ONWARD_DATABASE_URL" not in unread:
        yield from guarded(database.DATABASE, database.look(settings, now))
    yield from _platforms(settings, unread)
    yield from guarded("words", machine.words(now))
    yield from guarded("models", machine.models())
    yield from guarded("pictures", machine.pictures())


def _platforms(settings: Settings, unread: Mapping[str, str]) -> Iterator[Result]:
    """Look at what is between this machine and the platforms."""
    ahead: dict[str, float] = {}
    if settings.discord.token:
        yield from guarded(platforms.DISCORD, platforms.discord(settings, ahead))
    if settings.slack.wanted:
        yield from guarded(platforms.SLACK, platforms.slack(settings, ahead))
    for name, listen in ((address.SETTING, settings.listen), (address.METRICS, settings.metrics_listen)):
        if listen is not None and name not in unread:
            yield from guarded(address.HTTP, address.look(name, listen))
    if not (settings.discord.token or settings.slack.wanted or unread.keys() & set(configuration.GROUPS)):
        yield platforms.none()
    yield from guarded(platforms.CLOCK, platforms.clock(ahead))
    yield from guarded(platforms.CLOCK, machine.zones())
