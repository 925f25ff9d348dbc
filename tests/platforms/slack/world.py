"""What there is on the server: workspaces, accounts, channels, messages, windows, and who may see what of it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from secrets import token_hex
from typing import Any, NoReturn

Json = dict[str, Any]
Value = Any
"""Whatever JSON holds."""

TRIGGER_LASTS, URL_LASTS, URL_USES = 3.0, 30 * 60.0, 5
"""https://docs.slack.dev/interactivity/handling-user-interaction: seconds, seconds, messages."""


class ApiError(Exception):
    """An answer that refuses, by Slack's name of the error; and the scope that is needed, where one is missing."""

    def __init__(self, name: str, needed: str = "") -> None:
        """Keep what is answered."""
        super().__init__(name)
        self.body: Json = {"ok": False, "error": name, **({"needed": needed} if needed else {})}


def refuse(name: str, needed: str = "") -> NoReturn:
    """Refuse by Slack's name of the error. Raises ApiError."""
    raise ApiError(name, needed)


@dataclass
class Team:
    """A workspace, and the bot in it. `token` is None when the app is not installed (any more).

    renews: what a new token is given for, once.
    """

    id: str
    name: str
    bot_user: str
    bot_id: str
    token: str
    scopes: set[str]
    enterprise: str | None = None
    refused: str = ""
    renews: str = ""


@dataclass
class User:
    """An account. shown: how others see it called. deleted: deactivated. seen_in: workspaces that share a channel."""

    id: str
    team: str
    name: str
    zone: str = "UTC"
    locale: str = "en-US"
    reachable: bool = True
    admin: bool = False
    owner: bool = False
    shown: str = ""
    deleted: bool = False
    seen_in: set[str] = field(default_factory=set)


@dataclass
class File:
    """A file of the bot's. slow: how often it is still being taken in when it is first looked for."""

    team: str
    name: str
    length: int
    data: bytes = b""
    complete: bool = False
    slow: int = 0


@dataclass
class Message:
    """A message. `only_for` is the one account that sees an ephemeral one."""

    ts: str
    channel: str
    user: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    thread: str = ""
    subtype: str = ""
    files: list[Json] = field(default_factory=list)
    bot_id: str = ""
    only_for: str = ""

    def __post_init__(self) -> None:
        """Note what it said when it was written, whatever becomes of it."""
        self.told = self.shown

    def payload(self, *, metadata: bool = False) -> Json:
        """Return the message as Slack tells of it."""
        return {
            "type": "message",
            "ts": self.ts,
            "user": self.user,
            "text": self.text,
            **({"blocks": self.blocks} if self.blocks else {}),
            **({"thread_ts": self.thread} if self.thread else {}),
            **({"subtype": self.subtype} if self.subtype else {}),
            **({"files": self.files} if self.files else {}),
            **({"bot_id": self.bot_id} if self.bot_id else {}),
            **({"metadata": self.metadata} if metadata and self.metadata else {}),
        }

    @property
    def elements(self) -> list[Json]:
        """Everything in it that can be pressed or chosen from."""
        rows = [block["elements"] for block in self.blocks if block["type"] == "actions"]
        beside = [[block["accessory"]] for block in self.blocks if "accessory" in block]
        return [one for row in (*rows, *beside) for one in row]

    @property
    def shown(self) -> str:
        """What somebody reads in it."""
        return "\n".join(filter(None, map(read, self.blocks))) or self.text


@dataclass
class Channel:
    """A place for messages.

    kind: "im" for the direct ones of an account with the bot, "mpim" for those of several, "channel" for an open
    channel, "private" for another one; "private im" for direct messages in which the bot is not.
    """

    id: str
    team: str
    kind: str
    members: set[str]
    messages: dict[str, Message] = field(default_factory=dict)
    refuses: str = ""
    """What is answered to whoever wants to write there."""


@dataclass
class ResponseUrl:
    """Where a press or command is answered."""

    channel: str
    user: str
    began: float
    message: str = ""
    uses: int = 0


@dataclass
class Trigger:
    """What lets a window be opened, for a moment."""

    user: str
    began: float
    view: Json | None = None
    used: bool = False


class World:
    """Everything on the server, with a clock of its own that tests can move."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Begin with one workspace that has the app."""
        self._clock = clock
        self._numbers = count(1)
        self.moved = 0.0
        self.teams: dict[str, Team] = {}
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.homes: dict[str, Json] = {}
        self.urls: dict[str, ResponseUrl] = {}
        self.files: dict[str, File] = {}
        self.slow_files = 0
        self.triggers: dict[str, Trigger] = {}
        self.windows: dict[str, Json] = {}
        """The windows that are open, by the account that sees them."""
        self.changed = asyncio.Condition()

    def now(self) -> float:
        """Return the time in seconds since 1970."""
        return self._clock() + self.moved

    def name(self, kind: str) -> str:
        """Return a new id."""
        return f"{kind}{next(self._numbers):09X}"

    def ts(self) -> str:
        """Return the id of a message that is written now."""
        return f"{int(self.now())}.{next(self._numbers):06d}"

    def add_team(self, name: str, scopes: set[str], token: str = "") -> Team:
        """Return a new workspace that has the app."""
        team = Team(self.name("T"), name, self.name("U"), self.name("B"), token or f"xoxb-{token_hex(12)}", set(scopes))
        self.teams[team.id] = team
        return team

    def add_user(self, team: Team, name: str) -> User:
        """Return a new account in a workspace."""
        user = User(self.name("U"), team.id, name)
        self.users[user.id] = user
        return user

    def direct(self, user: str) -> Channel:
        """Return the channel of the bot's direct messages with an account."""
        for channel in self.channels.values():
            if channel.kind == "im" and user in channel.members:
                return channel
        team = self.teams[self.users[user].team]
        return self.add_channel(team, {user, team.bot_user}, kind="im")

    def group(self, team: Team, users: set[str]) -> Channel:
        """Return the one group direct message of these accounts with the bot."""
        everybody = {*users, team.bot_user}
        known = [one for one in self.channels.values() if one.kind == "mpim" and one.members == everybody]
        return known[0] if known else self.add_channel(team, everybody, kind="mpim")

    def add_channel(self, team: Team, members: set[str], kind: str = "channel") -> Channel:
        """Return a new channel."""
        begins = {"im": "D", "private im": "D", "mpim": "G"}.get(kind, "C")
        channel = Channel(self.name(begins), team.id, kind, members)
        self.channels[channel.id] = channel
        return channel

    def team_of(self, token: str) -> Team | None:
        """Return the workspace of a token."""
        return next((team for team in self.teams.values() if token and team.token == token), None)

    def visible(self, channel: Channel, user: str) -> list[Message]:
        """Return what an account sees in a channel."""
        return [one for one in channel.messages.values() if one.only_for in {"", user}]

    async def notify(self) -> None:
        """Tell those who wait that something has changed."""
        async with self.changed:
            self.changed.notify_all()

    async def until(self, what: Callable[[], bool], seconds: float = 20.0) -> None:
        """Return when something is so. Raises TimeoutError."""
        async with asyncio.timeout(seconds), self.changed:
            await self.changed.wait_for(what)


def read(block: Json) -> str:
    """Return the words of a block as they stand on the screen."""
    if block["type"] == "rich_text":
        return "\n".join(_rich(element) for element in block["elements"])
    if block["type"] == "context":
        return "".join(element["text"] for element in block["elements"])
    return str((block.get("text") or {}).get("text", "")) if block["type"] in {"header", "section"} else ""


def _rich(element: Json) -> str:
    inside = element["elements"]
    if element["type"] == "rich_text_list":
        return "\n".join(f"\N{BULLET} {_rich(item)}" for item in inside)
    return "".join(f"@{part['user_id']}" if part["type"] == "user" else _inline(part) for part in inside)


def _inline(part: Json) -> str:
    return str(part.get("text") or part.get("fallback", ""))
