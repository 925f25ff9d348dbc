"""Messages as the Web API sends, shows, changes and deletes them."""

from collections.abc import Mapping

from tests.platforms.slack import rules
from tests.platforms.slack.files import Files
from tests.platforms.slack.requests import Method, channel_of
from tests.platforms.slack.world import Channel, Json, Message, Team, World, refuse


class Messages:
    """The methods about messages. apart: seconds between two in a channel; what comes earlier is refused."""

    def __init__(self, world: World, files: Files) -> None:
        """Serve what there is, with pictures that are among the files."""
        self._world = world
        self._files = files
        self.posted: dict[str, float] = {}
        self.apart = 0.0

    def methods(self) -> Mapping[str, Method]:
        """Return what is served."""
        return {
            "chat.delete": self._delete,
            "chat.postMessage": self._post,
            "chat.postEphemeral": self._post_ephemeral,
            "chat.update": self._update,
            "conversations.history": self._history,
            "conversations.replies": self._replies,
        }

    def _post(self, team: Team, body: Json) -> Json:
        channel = channel_of(self._world, team, body["channel"])
        people = [self._world.users[one] for one in channel.members if one in self._world.users]
        if channel.kind == "im" and not all(user.reachable and not user.deleted for user in people):
            refuse("user_disabled")
        now = self._world.now()
        if now - self.posted.get(channel.id, 0) < self.apart:
            refuse("ratelimited")
        self.posted[channel.id] = now
        message = self._written(team, channel, body)
        channel.messages[message.ts] = message
        return {"channel": channel.id, "ts": message.ts, "message": message.payload()}

    def _post_ephemeral(self, team: Team, body: Json) -> Json:
        channel = channel_of(self._world, team, body["channel"])
        if body["user"] not in channel.members:
            refuse("user_not_in_channel")
        message = self._written(team, channel, body)
        message.only_for = body["user"]
        channel.messages[message.ts] = message
        return {"message_ts": message.ts}

    def _written(self, team: Team, channel: Channel, body: Json) -> Message:
        if wrong := [*rules.message(body)]:
            refuse("; ".join(wrong))
        self._files.check_pictures(team, body.get("blocks") or [])
        return Message(
            ts=self._world.ts(),
            channel=channel.id,
            user=team.bot_user,
            bot_id=team.bot_id,
            text=body["text"],
            blocks=body.get("blocks") or [],
            metadata=body.get("metadata"),
            thread=body.get("thread_ts", ""),
        )

    def _update(self, team: Team, body: Json) -> Json:
        channel = channel_of(self._world, team, body["channel"])
        found = channel.messages.get(body["ts"])
        if found is None or found.only_for:
            refuse("message_not_found")
        if found.user != team.bot_user:
            refuse("cant_update_message")
        changed = self._written(team, channel, body)
        found.text, found.blocks = changed.text, changed.blocks
        return {"channel": channel.id, "ts": found.ts, "text": found.text}

    def _delete(self, team: Team, body: Json) -> Json:
        channel = channel_of(self._world, team, body["channel"])
        found = channel.messages.get(body["ts"])
        if found is None or found.user != team.bot_user:
            refuse("message_not_found" if found is None else "cant_delete_message")
        del channel.messages[found.ts]
        return {"channel": channel.id, "ts": found.ts}

    def _history(self, team: Team, body: Json) -> Json:
        channel = channel_of(self._world, team, body["channel"])
        if channel.kind != "im":
            refuse("missing_scope")
        found = [one for one in channel.messages.values() if not one.thread or one.thread == one.ts]
        return self._page(found, body, newest_first=True)

    def _replies(self, team: Team, body: Json) -> Json:
        channel = channel_of(self._world, team, body["channel"])
        return self._page([one for one in channel.messages.values() if body["ts"] in {one.ts, one.thread}], body)

    def _page(self, found: list[Message], body: Json, *, newest_first: bool = False) -> Json:
        oldest, most = body.get("oldest", "0"), int(body.get("limit", 100))
        whole = body.get("include_all_metadata") in {"1", "true", "True"}
        seen = sorted((one for one in found if one.ts > oldest and not one.only_for), key=lambda one: one.ts)
        # With an oldest one given, a page begins there; otherwise with the newest.
        cut = seen[:most] if oldest != "0" or not newest_first else seen[-most:]
        told = [one.payload(metadata=whole) for one in (reversed(cut) if newest_first else cut)]
        return {"messages": told, "has_more": len(seen) > len(cut)}
