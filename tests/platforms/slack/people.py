"""People who use the bot on the server: they write, press, use commands, and read what they can see."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.platforms.slack.deliveries import Delivery
from tests.platforms.slack.server import Server
from tests.platforms.slack.world import Channel, Json, Message, ResponseUrl, Team, Trigger, User, Value, read


@dataclass
class Person:
    """Somebody with an account, who is in the direct messages with the bot unless it is said where."""

    server: Server
    user: User

    @classmethod
    def new(cls, server: Server, name: str, team: Team | None = None) -> "Person":
        """Return somebody new."""
        return cls(server, server.world.add_user(team or server.team, name))

    @property
    def team(self) -> Team:
        """The workspace."""
        return self.server.world.teams[self.user.team]

    @property
    def known_as(self) -> str:
        """How the application knows this person."""
        return f"slack:{self.user.team}/{self.user.id}"

    @property
    def direct(self) -> Channel:
        """The direct messages with the bot."""
        return self.server.world.direct(self.user.id)

    @property
    def home(self) -> Json:
        """The Home tab."""
        return self.server.world.homes[self.user.id]

    def sees(self, channel: Channel | None = None) -> list[Message]:
        """Return what the bot wrote that this person sees in a channel."""
        channel = channel or self.direct
        seen = self.server.world.visible(channel, self.user.id) if self.may_see(channel) else []
        return [one for one in seen if one.user == self.team.bot_user]

    def may_see(self, channel: Channel) -> bool:
        """Say whether this person can look into a channel: whoever is not in an open one can, too."""
        return channel.kind == "channel" or self.user.id in channel.members

    @property
    def groups(self) -> list[Channel]:
        """The group direct messages in which this person is."""
        return [one for one in self.server.world.channels.values() if one.kind == "mpim" and self.may_see(one)]

    def last(self, channel: Channel | None = None) -> Message:
        """Return the last message of the bot with something to press in it."""
        return [one for one in self.sees(channel) if one.elements][-1]

    # Writing

    async def writes(self, text: str, thread: str = "", **more: Value) -> Delivery:
        """Write a direct message."""
        message = self.put(text, thread, **more)
        return self.tell(message)

    def put(self, text: str, thread: str = "", channel: Channel | None = None, **more: Value) -> Message:
        """Write a message of which nobody is told."""
        world, channel = self.server.world, channel or self.direct
        message = Message(world.ts(), channel.id, self.user.id, text=escaped(text), thread=thread, **more)
        channel.messages[message.ts] = message
        return message

    def tell(self, message: Message, **more: Value) -> Delivery:
        """Tell the bot of a message (again)."""
        told = {"channel": message.channel, "channel_type": "im", "team": self.user.team, **message.payload(), **more}
        return self.server.bring("events_api", self.event(told))

    def event(self, inner: Json, **more: Value) -> Json:
        """Return an event as it is brought."""
        team = self.team
        return {
            "token": "x",
            "team_id": team.id,
            "api_app_id": "A1",
            "event": inner,
            "type": "event_callback",
            "event_id": self.server.world.name("Ev"),
            "event_time": int(self.server.world.now()),
            "authorizations": [
                {
                    "enterprise_id": team.enterprise,
                    "team_id": team.id,
                    "user_id": team.bot_user,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            **more,
        }

    async def mentions(self, text: str, channel: Channel, **more: Value) -> Delivery:
        """Call the bot in a channel."""
        message = self.put("", channel=channel)
        message.text = f"<@{self.team.bot_user}> {escaped(text)}".strip()
        inner = {**message.payload(), "type": "app_mention", "channel": channel.id, **more}
        return self.server.bring("events_api", self.event(inner))

    async def opens_home(self) -> Delivery:
        """Look at the Home tab."""
        inner = {"type": "app_home_opened", "user": self.user.id, "channel": self.direct.id, "tab": "home"}
        return self.server.bring("events_api", self.event(inner))

    # Pressing

    async def uses(self, command: str, text: str = "", channel: Channel | None = None) -> Delivery:
        """Use a slash command."""
        channel = channel or self.direct
        payload = {
            "command": f"/{command}",
            "text": escaped(text),
            "user_id": self.user.id,
            "user_name": self.user.name,
            "team_id": self.user.team,
            "channel_id": channel.id,
            "channel_name": "directmessage" if channel.kind != "channel" else "general",
            "api_app_id": "A1",
            "is_enterprise_install": "false",
            "response_url": self._url(channel),
            "trigger_id": self._trigger(),
        }
        return self.server.bring("slash_commands", payload)

    async def presses(self, choice: str, channel: Channel | None = None, message: Message | None = None) -> Delivery:
        """Press the button, or choose the line of a menu, that a choice's id, a whole action id or a label names."""
        message = message or self.last(channel)
        return await self.acts(find(message.elements, choice), message)

    async def picks(
        self, label: str, *options: str, channel: Channel | None = None, message: Message | None = None
    ) -> Delivery:
        """Pick lines of a menu, all by their labels."""
        message = message or self.last(channel)
        menu = next(
            block["accessory"]
            for block in message.blocks
            if block["type"] == "section" and block["text"]["text"] == label
        )
        picked = [one for one in menu["options"] if one["text"]["text"] in options]
        assert len(picked) == len(options), "a line that is not there cannot be picked"
        several = menu["type"] == "multi_static_select"
        assert not several or len(picked) <= menu["max_selected_items"]
        chosen = {"selected_options": picked} if several else {"selected_option": picked[0]}
        return await self.acts({"type": menu["type"], "action_id": menu["action_id"], **chosen}, message)

    async def acts(self, action: Json, message: Message) -> Delivery:
        """Do something with an element of a message, whether it is still there or not."""
        channel = self.server.world.channels[message.channel]
        hidden = bool(message.only_for)
        payload = {
            **self._interaction("block_actions"),
            "actions": [{**action, "block_id": "b", "action_ts": self.server.world.ts()}],
            "container": {
                "type": "message",
                "message_ts": message.ts,
                "channel_id": message.channel,
                "is_ephemeral": hidden,
            },
            "channel": {"id": message.channel, "name": "x"},
            "response_url": self._url(channel, message.ts),
            # Of a message that only one person sees, Slack tells no blocks.
            **({} if hidden else {"message": message.payload()}),
        }
        return self.server.bring("interactive", payload)

    async def presses_home(self, choice: str, chosen: Sequence[str] = ()) -> Delivery:
        """Press a button on the Home tab, or tick the check boxes with these words."""
        elements = [one for block in self.home["blocks"] for one in block.get("elements", ()) if "action_id" in one]
        action = next(one for one in elements if choice in {one["action_id"], (one.get("text") or {}).get("text")})
        if action["type"] == "checkboxes":
            ticked = [option for option in action["options"] if option["text"]["text"] in chosen]
            action = {**action, "selected_options": ticked}
        return self.acts_at_home(action)

    def acts_at_home(self, action: Json) -> Delivery:
        """Do something with an element of the Home tab."""
        payload = {
            **self._interaction("block_actions"),
            "actions": [{**action, "block_id": "b", "action_ts": self.server.world.ts()}],
            "container": {"type": "view", "view_id": "V1"},
            "view": {"type": "home", "id": "V1"},
        }
        return self.server.bring("interactive", payload)

    # Setting a workspace up

    @property
    def window(self) -> Json:
        """The window that is open."""
        return self.server.world.windows[self.user.id]

    @property
    def window_text(self) -> str:
        """What stands in it."""
        return "\n".join(read(block) for block in self.window["blocks"])

    def element(self, what: str) -> Json:
        """Return what can be pressed or chosen from in the window, by the end of its id or its label."""
        blocks = self.window["blocks"]
        elements = [one for block in blocks for one in (*block.get("elements", ()), block.get("accessory") or {})]
        named = [one for one in elements if "action_id" in one]
        return next(
            one for one in named if what in {one["action_id"].split(":", 2)[-1], (one.get("text") or {}).get("text")}
        )

    def chooses(self, what: str, *values: str) -> Delivery:
        """Choose values in a menu of the window, or press a button of it."""
        element = self.element(what)
        kind, options = element["type"], [one for one in element.get("options", ()) if one["value"] in values]
        chosen: Json = {}
        if kind == "conversations_select":
            chosen = {"selected_conversation": values[0]}
        elif kind == "static_select":
            chosen = {"selected_option": options[0]}
        elif kind == "multi_static_select":
            chosen = {"selected_options": options}
        return self.acts_in_window({"type": kind, "action_id": element["action_id"], **chosen})

    def acts_in_window(self, action: Json, view: Json | None = None) -> Delivery:
        """Do something with an element of a window, whether it is there or not."""
        view = view or self.window
        payload = {
            **self._interaction("block_actions"),
            "actions": [{**action, "block_id": "b", "action_ts": self.server.world.ts()}],
            "container": {"type": "view", "view_id": view["id"]},
            "view": {**view, "type": "modal"},
        }
        return self.server.bring("interactive", payload)

    async def fills(self, opened: Delivery, **fields: str) -> Delivery:
        """Send the window that a press has opened."""
        view = self.server.world.triggers[opened.payload["trigger_id"]].view
        assert view is not None
        return await self.sends(view, **fields)

    async def sends(self, view: Json, **fields: str) -> Delivery:
        """Send a window."""
        names = [block["block_id"] for block in view["blocks"]]
        values = {name: {name: {"type": "plain_text_input", "value": fields.get(name) or None}} for name in names}
        payload = {**self._interaction("view_submission"), "view": {**view, "state": {"values": values}}}
        return self.server.bring("interactive", payload)

    async def shortcut(self, text: str, channel: Channel) -> Delivery:
        """Use the message shortcut on a message with this text."""
        payload = {
            **self._interaction("message_action"),
            "callback_id": "read_rejection",
            "channel": {"id": channel.id, "name": "x"},
            "message": {"type": "message", "user": "U0", "ts": self.server.world.ts(), "text": escaped(text)},
            "message_ts": "1.1",
            "response_url": self._url(channel),
        }
        return self.server.bring("interactive", payload)

    def _interaction(self, kind: str) -> Json:
        return {
            "type": kind,
            "team": {"id": self.user.team, "domain": "x"},
            "user": {"id": self.user.id, "username": self.user.name, "team_id": self.user.team},
            "api_app_id": "A1",
            "token": "x",
            "enterprise": None,
            "is_enterprise_install": False,
            "trigger_id": self._trigger(),
        }

    def _trigger(self) -> str:
        world = self.server.world
        name = world.name("trigger.")
        world.triggers[name] = Trigger(self.user.id, world.now())
        return name

    def _url(self, channel: Channel, message: str = "") -> str:
        world = self.server.world
        # As long as Slack's own.
        name = world.name("").rjust(60, "r")
        world.urls[name] = ResponseUrl(channel.id, self.user.id, world.now(), message)
        return f"{self.server.url}/respond/{name}"


def find(elements: Sequence[Json], choice: str) -> Json:
    """Return the action of pressing the button, or choosing the line of a menu, that a choice names."""
    for one in elements:
        options = [option for option in one.get("options", []) if choice in {option["value"], option["text"]["text"]}]
        if one["type"] == "static_select" and options:
            return {"type": "static_select", "action_id": one["action_id"], "selected_option": options[0]}
        if one["type"] == "multi_static_select" and options:
            return {"type": "multi_static_select", "action_id": one["action_id"], "selected_options": options}
        if one["type"] == "button" and choice in {
            one["action_id"],
            one["action_id"].split(":", 3)[-1],
            one["text"]["text"],
        }:
            return dict(one)
    raise LookupError(choice)


def escaped(text: str) -> str:
    """Return text as Slack brings it: https://docs.slack.dev/messaging/formatting-message-text#escaping."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
