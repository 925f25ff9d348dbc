"""Every target by its name."""

from collections.abc import Callable, Mapping

from tests.fuzz.codec import Codec
from tests.fuzz.command_line import CommandLine
from tests.fuzz.discord import Discord
from tests.fuzz.engine import Engine
from tests.fuzz.settings import Environments
from tests.fuzz.slack import Slack
from tests.fuzz.target import Target
from tests.fuzz.terminal import Terminal
from tests.fuzz.understanding import Understood

Targets = Mapping[str, Callable[[], Target]]

TARGETS: Targets = {
    target.name: target for target in (Engine, Understood, Discord, Slack, Terminal, Codec, Environments, CommandLine)
}
