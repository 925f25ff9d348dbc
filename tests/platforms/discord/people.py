"""People who use the bot on the server: they write, press, use commands, and read what they can see."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from secrets import token_hex

from tests.platforms.discord.gateway import DIRECT_MESSAGES, GUILD_MESSAGES, MANAGERS, MODERATORS
from tests.platforms.discord.requests import Value
from tests.platforms.discord.server import Server
from tests.platforms.discord.world import (
    DM,
    MANAGE_SERVER,
    PRIVATE_THREAD,
    TIME_OUT_MEMBERS,
    Channel,
    Interaction,
    Json,
    Message,
    User,
)

GUILD, BOT_DM, PRIVATE_CHANNEL = 0, 1, 2
COMMAND, COMPONENT, FORM = 2, 3, 5
BUTTON, SELECT = 2, 3


@dataclass
class Person:
    """Somebody with an account, who is in the direct messages with the bot unless it is said where."""

    server: Server
    user: User
    drop: bool = field(default=False)

    @classmethod
    def new(cls, server: Server, name: str) -> "Person":
        """Return somebody new."""
        return cls(server, server.world.add_user(name))

    @property
    def direct(self) -> Channel:
        """The direct messages with the bot."""
        return self.server.world.direct(self.user.id)

    def sees(self, channel: Channel | None = None) -> list[Message]:
        """Return what the bot wrote that this person sees in a channel."""
        channel = channel or self.direct
        bot = self.server.world.bot.id
        return [one for one in self.server.world.visible(channel, self.user.id) if one.author == bot and not one.type]

    def last(self, channel: Channel | None = None) -> Message:
        """Return the last message of the bot with something to press in it."""
        return [one for one in self.sees(channel) if one.buttons][-1]

    # Writing

    async def writes(self, text: str, channel: Channel | None = None, **more: Value) -> Message:
        """Write a message; in a server the bot gets its text only when it is mentioned in it."""
        world, channel = self.server.world, channel or self.direct
        mention = f"<@{world.bot.id}>"
        message = Message(
            id=world.snowflake(),
            channel=channel.id,
            author=self.user.id,
            content=text.replace("@onward", mention),
            mentions=[world.bot.id] if "@onward" in text else [],
            **more,
        )
        channel.messages[message.id] = message
        await self.tell(message, channel)
        return message

    async def tell(self, message: Message, channel: Channel | None = None) -> None:
        """Have the gateway tell the bot of a message (again)."""
        world, channel = self.server.world, channel or self.direct
        payload = message.payload(world)
        if channel.guild is not None:
            payload |= {"guild_id": str(channel.guild), "member": world.member(channel.guild, self.user.id)}
            if world.bot.id not in message.mentions:
                payload |= {"content": "", "attachments": [], "embeds": [], "components": []}
        intent = DIRECT_MESSAGES if channel.type == DM else GUILD_MESSAGES
        if world.bot.id in channel.members:
            await self.server.gateway.dispatch("MESSAGE_CREATE", payload, guild=channel.guild, intent=intent)
        await world.notify()

    # Pressing

    async def uses(self, name: str, channel: Channel | None = None, **options: str) -> Interaction:
        """Use a slash command from the menu; what there is of one stands behind its name, as in "mentor find"."""
        channel = channel or self.direct
        name, _, part = name.partition(" ")
        offered = next(one for one in self.server.world.commands if one["name"] == name)
        assert context_of(channel) in offered["contexts"], "Discord does not show it here"
        assert {part, *options} - {""} <= {option["name"] for option in offered["options"]}
        given = [{"name": option, "type": 3, "value": value} for option, value in options.items()]
        given += [{"name": part, "type": 1, "options": []}] if part else []
        data: Json = {"id": "1", "name": name, "type": 1, "options": given}
        return await self._interacts(COMMAND, data, channel)

    async def presses(self, choice: str, channel: Channel | None = None, message: Message | None = None) -> Interaction:
        """Press the button, or choose the line of a menu, that a choice's id, a whole custom id or a label names."""
        message = message or self.last(channel)
        button, values = find(message, choice)
        return await self.presses_id(button["custom_id"], message, values, kind=button["type"])

    async def picks(
        self, label: str, *values: str, channel: Channel | None = None, message: Message | None = None
    ) -> Interaction:
        """Pick lines of the menu with this label, by their values or labels."""
        message = message or self.last(channel)
        menu = next(one for one in message.buttons if one.get("placeholder") == label)
        picked = [one["value"] for one in menu["options"] if {one["value"], one["label"]} & set(values)]
        assert len(picked) == len(values)
        assert menu["min_values"] <= len(picked) <= menu["max_values"]
        return await self.presses_id(menu["custom_id"], message, picked, kind=menu["type"])

    async def presses_id(
        self, custom_id: str, message: Message, values: Sequence[str] = (), kind: int = BUTTON
    ) -> Interaction:
        """Press whatever has this custom id in a message, whether it is still there or not."""
        data: Json = {
            "custom_id": custom_id,
            "component_type": kind,
            **({"values": list(values)} if values or kind != BUTTON else {}),
        }
        return await self._interacts(COMPONENT, data, self.server.world.channels[message.channel], message)

    # Setting a server up

    def manages(self, channel: Channel) -> "Person":
        """Get the permission Manage Server in the server of a channel."""
        return self._allowed(channel, MANAGERS, MANAGE_SERVER)

    def moderates(self, channel: Channel) -> "Person":
        """Get the permission Timeout Members in the server of a channel."""
        return self._allowed(channel, MODERATORS, TIME_OUT_MEMBERS)

    def _allowed(self, channel: Channel, name: str, may: int) -> "Person":
        assert channel.guild is not None
        return self.has(channel, self.server.world.role(channel.guild, name, may))

    def has(self, channel: Channel, role: int) -> "Person":
        """Get a role in the server of a channel."""
        assert channel.guild is not None
        self.server.world.held.setdefault((channel.guild, self.user.id), set()).add(role)
        return self

    def loses(self, channel: Channel, role: int) -> None:
        """Lose a role in the server of a channel."""
        assert channel.guild is not None
        self.server.world.held[channel.guild, self.user.id].discard(role)

    def leaves(self, channel: Channel) -> None:
        """Leave the server of a channel."""
        self.server.world.held.pop((channel.guild or 0, self.user.id), None)
        for one in self.server.world.channels.values():
            if one.guild == channel.guild:
                one.members.discard(self.user.id)

    def threads(self) -> list[Channel]:
        """Return the private threads that this person is in, the oldest first."""
        everywhere = self.server.world.channels.values()
        return [one for one in everywhere if one.type == PRIVATE_THREAD and self.user.id in one.members]

    async def sets_up(self, channel: Channel) -> Interaction:
        """Use /onward setup, as somebody can who sees it."""
        data: Json = {"id": "1", "name": "onward", "type": 1, "options": [{"type": 1, "name": "setup", "options": []}]}
        return await self._interacts(COMMAND, data, channel)

    async def chooses(
        self, what: str, *values: object, channel: Channel, message: Message | None = None
    ) -> Interaction:
        """Choose values in the menu whose id ends so; none at all empties it."""
        message = message or self.last(channel)
        menu = next(one for one in message.buttons if one["custom_id"].endswith(f":{what}"))
        assert menu["min_values"] <= len(values) <= menu["max_values"]
        return await self.presses_id(menu["custom_id"], message, [str(one) for one in values], kind=menu["type"])

    async def fills(self, interaction: Interaction, **fields: str) -> Interaction:
        """Send the form that an interaction has opened."""
        assert interaction.modal is not None
        given = [
            {"type": 18, "id": number, "component": {"type": 4, "custom_id": name, "value": value}}
            for number, (name, value) in enumerate(fields.items())
        ]
        data = {"custom_id": interaction.modal["custom_id"], "components": given}
        world = self.server.world
        channel = world.channels[interaction.channel]
        return await self._interacts(FORM, data, channel, channel.messages.get(interaction.source or 0))

    async def _interacts(self, kind: int, data: Json, channel: Channel, message: Message | None = None) -> Interaction:
        world = self.server.world
        interaction = Interaction(
            id=world.snowflake(),
            # As long as Discord's own.
            token="aW50ZXJhY3Rpb246" + token_hex(100),
            user=self.user.id,
            channel=channel.id,
            began=world.now(),
            kind=kind,
            source=message.id if message else None,
        )
        world.interactions[interaction.token] = interaction
        await self.tell_of(interaction, data)
        return interaction

    async def tell_of(self, interaction: Interaction, data: Json) -> None:
        """Have the gateway tell the bot of an interaction."""
        world = self.server.world
        channel = world.channels[interaction.channel]
        message = channel.messages.get(interaction.source or 0)
        whose: Json = {"user": self.user.payload()}
        if channel.guild is not None:
            may = world.may(channel.guild, self.user.id)
            whose = {"member": world.member(channel.guild, self.user.id) | {"permissions": str(may)}}
            whose |= {
                "guild_id": str(channel.guild),
                "guild": {"id": str(channel.guild), "locale": "en-US", "features": []},
            }
        payload = {
            "id": str(interaction.id),
            "application_id": str(world.bot.id),
            "type": interaction.kind,
            "data": data,
            "channel": channel.payload(world),
            "channel_id": str(channel.id),
            "token": interaction.token,
            "version": 1,
            "app_permissions": "0",
            "locale": "en-US",
            "entitlements": [],
            "authorizing_integration_owners": {},
            "context": context_of(channel),
            "attachment_size_limit": 10485760,
            **whose,
            **({"message": message.payload(world)} if message else {}),
        }
        await self.server.gateway.dispatch("INTERACTION_CREATE", payload, guild=channel.guild, intent=0)
        await world.notify()


def context_of(channel: Channel) -> int:
    """Return what kind of place a channel is for whoever uses a command there."""
    return GUILD if channel.guild is not None else BOT_DM if channel.type == DM else PRIVATE_CHANNEL


def find(message: Message, choice: str) -> tuple[Json, list[str]]:
    """Return the button or menu of a message that a choice names, and what is chosen in it."""
    for one in message.buttons:
        options = [option["value"] for option in one.get("options", []) if choice in {option["value"], option["label"]}]
        if one["type"] == SELECT and options:
            return one, options
        if choice in {one["custom_id"], one["custom_id"].split(":", 3)[-1], one.get("label")}:
            assert not one.get("disabled"), f"{choice} can no longer be pressed"
            return one, []
    raise LookupError(choice)
