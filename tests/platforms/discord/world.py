"""What there is on the server: accounts, channels, messages, interactions, and who may see what of it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

EPOCH_MS = 1420070400000
"""https://docs.discord.com/developers/reference#snowflakes"""

DM, GUILD_TEXT, GROUP_DM, ANNOUNCEMENTS, PRIVATE_THREAD = 1, 0, 3, 5, 12
EPHEMERAL, LOADING = 1 << 6, 1 << 7

MANAGE_SERVER, VIEW_CHANNEL, SEND_MESSAGES, TIME_OUT_MEMBERS = 1 << 5, 1 << 10, 1 << 11, 1 << 40
CREATE_PRIVATE_THREADS, SEND_IN_THREADS = 1 << 36, 1 << 38
EVERYBODY_MAY = VIEW_CHANNEL | SEND_MESSAGES | 1 << 6 | 1 << 16 | CREATE_PRIVATE_THREADS | SEND_IN_THREADS
"""https://docs.discord.com/developers/topics/permissions"""

Json = dict[str, Any]


class ApiError(Exception):
    """An answer that refuses: an HTTP status and Discord's own code and message."""

    def __init__(self, status: int, code: int, message: str, errors: Json | None = None) -> None:
        """Keep what is answered."""
        super().__init__(message)
        self.status = status
        self.body: Json = {"code": code, "message": message, **({"errors": errors} if errors else {})}


@dataclass
class User:
    """An account. `reachable` is false when it takes no direct messages from the bot."""

    id: int
    name: str
    bot: bool = False
    reachable: bool = True

    def payload(self) -> Json:
        """Return the account as the API shows it."""
        return {
            "id": str(self.id),
            "username": self.name,
            "discriminator": "0",
            "global_name": self.name,
            "avatar": None,
            "bot": self.bot,
        }


@dataclass
class Channel:
    """A place for messages: direct ones with one account, or a channel of a server."""

    id: int
    type: int
    members: set[int]
    guild: int | None = None
    messages: dict[int, "Message"] = field(default_factory=dict)
    denied: int = 0
    """What everybody in a server may not do here."""
    private: bool = False
    """Whether only some in a server see it, of whom the bot is one."""
    name: str = "general"
    parent: int | None = None
    archived: bool = False
    locked: bool = False
    """The last three are of threads, of which the members are those who are in them."""

    def payload(self, world: "World") -> Json:
        """Return the channel as the API shows it."""
        found: Json = {"id": str(self.id), "type": self.type, "last_message_id": None, "flags": 0}
        if self.guild is None:
            others = [world.users[one].payload() for one in self.members if one != world.bot.id]
            return found | {"recipients": others, **({"name": None} if self.type == GROUP_DM else {})}
        if self.type == PRIVATE_THREAD:
            return found | self._thread(world)
        return found | {
            "guild_id": str(self.guild),
            "name": self.name,
            "position": 0,
            "permission_overwrites": self._overwrites(world),
            "nsfw": False,
            "topic": None,
            "rate_limit_per_user": 0,
            "parent_id": None,
            "permissions": "0",
        }

    def _overwrites(self, world: "World") -> list[Json]:
        hidden = VIEW_CHANNEL if self.private else 0
        everybody = {"id": str(self.guild), "type": 0, "allow": "0", "deny": str(self.denied | hidden)}
        seen = {"id": str(world.bot.id), "type": 1, "allow": str(hidden & ~self.denied), "deny": "0"}
        return [everybody, seen] if hidden else [everybody]

    def _thread(self, world: "World") -> Json:
        made = "2026-11-23T18:00:00.000000+00:00"
        state = {
            "archived": self.archived,
            "auto_archive_duration": 10080,
            "archive_timestamp": made,
            "locked": self.locked,
        }
        return {
            "guild_id": str(self.guild),
            "parent_id": str(self.parent),
            "owner_id": str(world.bot.id),
            "name": self.name,
            "rate_limit_per_user": 0,
            "thread_metadata": state | {"invitable": False, "create_timestamp": made},
            "member_count": len(self.members),
            "message_count": len(self.messages),
            "total_message_sent": len(self.messages),
        }


@dataclass
class Message:
    """A message. `only_for` is the one account that sees an ephemeral one."""

    id: int
    channel: int
    author: int
    content: str = ""
    components: list[Json] = field(default_factory=list)
    flags: int = 0
    type: int = 0
    only_for: int | None = None
    mentions: list[int] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    stickers: list[Json] = field(default_factory=list)
    snapshots: list[Json] = field(default_factory=list)
    reactions: list[str] = field(default_factory=list)
    webhook: int | None = None
    nonce: str | None = None

    def payload(self, world: "World") -> Json:
        """Return the message as the API shows it."""
        return {
            "id": str(self.id),
            "channel_id": str(self.channel),
            "author": world.users[self.author].payload(),
            "content": self.content,
            "timestamp": "2026-11-23T18:00:00.000000+00:00",
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [world.users[one].payload() for one in self.mentions],
            "mention_roles": [],
            "attachments": self.attachments,
            "embeds": [],
            "pinned": False,
            "type": self.type,
            "flags": self.flags,
            "components": self.components,
            **({"sticker_items": self.stickers} if self.stickers else {}),
            **({"message_snapshots": self.snapshots} if self.snapshots else {}),
            **({"webhook_id": str(self.webhook)} if self.webhook else {}),
            **({"nonce": self.nonce} if self.nonce else {}),
        }

    @property
    def buttons(self) -> list[Json]:
        """Everything in it that can be pressed or chosen from."""
        return [one for row in self.components for one in row["components"]]


@dataclass
class Interaction:
    """A press, a command or a form that was sent, and what was answered."""

    id: int
    token: str
    user: int
    channel: int
    began: float
    kind: int
    source: int | None = None
    answered: int | None = None
    original: int | None = None
    modal: Json | None = None
    acknowledged_after: float | None = None


class World:
    """Everything on the server, with a clock of its own that tests can move."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Begin with the bot's account."""
        self._clock = clock
        self.moved = 0.0
        self._numbers = count(1)
        self.users: dict[int, User] = {}
        self.channels: dict[int, Channel] = {}
        self.guilds: dict[int, str] = {}
        self.roles: dict[int, dict[int, str]] = {}
        self.permissions: dict[int, int] = {}
        self.held: dict[tuple[int, int], set[int]] = {}
        self.interactions: dict[str, Interaction] = {}
        self.most_threads = 1000
        self.timed_out: dict[tuple[int, int], str] = {}
        self.commands: list[Json] = []
        self.nonces: dict[tuple[int, str], tuple[float, int]] = {}
        self.files: dict[str, bytes] = {}
        self.typed: list[int] = []
        self.changed = asyncio.Condition()
        self.bot = self.add_user("onward", bot=True)

    def now(self) -> float:
        """Return the time in seconds since 1970."""
        return self._clock() + self.moved

    def snowflake(self) -> int:
        """Return a new id, which tells when it was made."""
        return (int(self.now() * 1000) - EPOCH_MS << 22) + next(self._numbers) % 4096 * 1

    def add_user(self, name: str, *, bot: bool = False) -> User:
        """Return a new account."""
        user = User(self.snowflake(), name, bot)
        self.users[user.id] = user
        return user

    def add_guild(self, name: str) -> int:
        """Return a new server, which the bot was added to."""
        guild = self.snowflake()
        self.guilds[guild] = name
        return guild

    def add_role(self, guild: int, name: str, may: int = 0) -> int:
        """Return a new role of a server, with which somebody may do something."""
        role = self.snowflake()
        self.roles.setdefault(guild, {})[role] = name
        self.permissions[role] = may
        return role

    def role(self, guild: int, name: str, may: int) -> int:
        """Return the role of that name of a server."""
        known = {called: role for role, called in self.roles.get(guild, {}).items()}
        return known.get(name) or self.add_role(guild, name, may)

    def may(self, guild: int, user: int) -> int:
        """Return what somebody may do in a server."""
        may = EVERYBODY_MAY
        for role in self.held.get((guild, user), ()):
            may |= self.permissions[role]
        return may

    def is_in(self, guild: int, user: int) -> bool:
        """Say whether somebody is in a server: they are in one of its channels."""
        return any(one.guild == guild and one.parent is None and user in one.members for one in self.channels.values())

    def member(self, guild: int, user: int) -> Json:
        """Return what a server knows of somebody."""
        roles = [str(role) for role in sorted(self.held.get((guild, user), ()))]
        told = {"roles": roles, "joined_at": "2026-01-01T00:00:00+00:00", "deaf": False, "mute": False, "flags": 0}
        told["communication_disabled_until"] = self.timed_out.get((guild, user))
        return told | {"nick": None, "avatar": None, "pending": False, "user": self.users[user].payload()}

    def direct(self, user: int) -> Channel:
        """Return the channel of the bot's direct messages with an account."""
        for channel in self.channels.values():
            if channel.type == DM and user in channel.members:
                return channel
        return self._add(Channel(self.snowflake(), DM, {user, self.bot.id}))

    def server_channel(self, guild: int, members: set[int]) -> Channel:
        """Return a new channel of a server."""
        return self._add(Channel(self.snowflake(), GUILD_TEXT, members | {self.bot.id}, guild))

    def private_thread(self, parent: Channel, name: str) -> Channel:
        """Return a new private thread of the bot's."""
        assert parent.guild is not None
        thread = Channel(self.snowflake(), PRIVATE_THREAD, {self.bot.id}, parent.guild, name=name, parent=parent.id)
        return self._add(thread)

    def group(self, members: set[int]) -> Channel:
        """Return a new group of direct messages, in which the bot is not."""
        return self._add(Channel(self.snowflake(), GROUP_DM, members))

    def _add(self, channel: Channel) -> Channel:
        self.channels[channel.id] = channel
        return channel

    def visible(self, channel: Channel, user: int) -> list[Message]:
        """Return what an account sees in a channel."""
        if user not in channel.members:
            return []
        return [one for one in channel.messages.values() if one.only_for in {None, user}]

    async def notify(self) -> None:
        """Tell those who wait that something has changed."""
        async with self.changed:
            self.changed.notify_all()

    async def until(self, what: Callable[[], bool], seconds: float = 20.0) -> None:
        """Return when something is so. Raises TimeoutError."""
        async with asyncio.timeout(seconds), self.changed:
            await self.changed.wait_for(what)
