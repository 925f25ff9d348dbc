"""Who is in the story of a workspace, and what each of them sees."""

from collections.abc import Iterator

from tests.platforms.slack.server import Server
from tests.platforms.slack.square import Square
from tests.platforms.slack.world import Channel, Json, Message, read


class Town(Square):
    """The people and channels of a square, with the bot not in the first channel yet; and one of another workspace."""

    def __init__(self, server: Server) -> None:
        """Have a workspace with nothing set up."""
        super().__init__(server)
        self.start.members.discard(self.team.bot_user)
        self._known: dict[str, tuple[Channel, str]] = {}

    def screens(self) -> Iterator[dict[str, str]]:
        """Yield every message of the bot and every window, those that are gone too, with who sees it."""
        for channel in self.server.world.channels.values():
            for message in channel.messages.values():
                if message.user == self.team.bot_user:
                    self._known.setdefault(message.ts, (channel, self._who(channel, message)))
        for ts, (channel, who) in self._known.items():
            there = channel.messages.get(ts)
            yield {"id": ts, "who": who, "shows": self._named(shown(there.blocks)) if there else ""}
        for user, view in self.server.world.windows.items():
            shows = f"{view['title']['text']}\n\n{shown(view['blocks'])}"
            yield {
                "id": view["id"],
                "who": f"{self._names[user]} has a window open",
                "shows": self._named(shows),
            }

    @property
    def _names(self) -> dict[str, str]:
        return {user.id: user.name for user in self.server.world.users.values()}

    def _who(self, channel: Channel, message: Message) -> str:
        if message.only_for:
            return f"{self._names[message.only_for]} alone sees"
        people = " and ".join(sorted(self._names[one] for one in channel.members if one in self._names))
        match channel.kind:
            case "im":
                return f"{people} sees, in the direct messages with the bot"
            case "mpim":
                return f"{people} see, in a group direct message"
            case _:
                return self._named(f"Everybody in {channel.id} sees")

    def _named(self, text: str) -> str:
        """Put names in place of ids."""
        titles = {"panel_channel": "start-here", "wins_channel": "wins"}
        places = {channel.id: f"#{titles.get(what, what.partition('_')[0])}" for what, channel in self.channels.items()}
        for name, told in {**places, **self._names}.items():
            text = text.replace(name, told)
        return text


def shown(blocks: list[Json]) -> str:
    """Return blocks as they look, with their buttons and menus."""
    return "\n".join(filter(None, map(_block, blocks)))


def _block(block: Json) -> str:
    elements = [_element(one) for one in block.get("elements", ()) if "action_id" in one]
    if block["type"] == "input":
        return f"{block['label']['text']}: [              ]"
    if "accessory" in block:
        return f"{read(block)}: {_element(block['accessory'])}"
    return " ".join(elements) or read(block)


def _element(one: Json) -> str:
    if one["type"] == "button":
        return f"[{one['text']['text']}]"
    options = [*one.get("initial_options", ()), *filter(None, [one.get("initial_option")])]
    chosen = [option["text"]["text"] for option in options] or [one.get("initial_conversation")]
    return f"[{', '.join(filter(None, chosen)) or one['placeholder']['text']} v]"
