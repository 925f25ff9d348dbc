"""The methods of the Web API that the bot uses, as documented: https://docs.slack.dev/reference/methods."""

import re
from collections.abc import Callable, Mapping, Sequence
from secrets import token_hex

from adapters.slack.declared import METHODS
from tests.platforms.slack import rules
from tests.platforms.slack.world import TRIGGER_LASTS, Channel, File, Json, Message, Team, World, refuse

READS = frozenset(
    {
        "auth.test",
        "conversations.history",
        "conversations.info",
        "conversations.members",
        "conversations.replies",
        "files.getUploadURLExternal",
        "users.info",
    }
)
"""Methods that take no JSON."""

CHANNEL = re.compile(r"[CGDZ][A-Z0-9]{8,}")
"""What `channel_id` has to look like; Slack says so in its refusal. https://github.com/slackapi/bolt-js/issues/2115"""

APP_TOKEN, CLIENT_ID, CLIENT_SECRET = "xapp-of-the-tests", "12.34", "client-secret"

MOST_IN_A_GROUP, MOST_AT_ONCE = 8, 999
"""People in a group direct message beside the bot, and accounts that `conversations.members` tells of at once."""

READ_BY = {"channel": "channels:read", "private": "groups:read", "im": "im:read", "mpim": "mpim:read"}
"""The scope with which the particulars of each kind of channel are read."""

Method = Callable[[Team, Json], Json]


class Methods:
    """Carries out requests on a world."""

    def __init__(self, world: World) -> None:
        """Begin with no connections asked for."""
        self.world = world
        self.tickets: set[str] = set()
        self.codes: dict[str, Team] = {}
        self.posted: dict[str, float] = {}
        self.apart = 0.0
        self.most_members = MOST_AT_ONCE
        self.lasts = 12 * 3600
        self.rotating = False
        self.url = self.upload_url = ""
        self._by_name: Mapping[str, Method] = {
            "auth.test": self._auth_test,
            "chat.delete": self._delete,
            "chat.postMessage": self._post,
            "chat.postEphemeral": self._post_ephemeral,
            "chat.update": self._update,
            "conversations.open": self._open,
            "conversations.history": self._history,
            "conversations.info": self._info,
            "conversations.members": self._members,
            "conversations.replies": self._replies,
            "files.getUploadURLExternal": self._ask_to_upload,
            "files.completeUploadExternal": self._uploaded,
            "users.info": self._user,
            "views.open": self._open_view,
            "views.publish": self._publish,
            "views.update": self._update_view,
        }

    def call(self, method: str, token: str, body: Json) -> Json:
        """Return the answer of a method. Raises ApiError."""
        if method == "apps.connections.open":
            return self._connect(token)
        if method == "oauth.v2.access":
            return self._access(body)
        team = self.world.team_of(token)
        if not token:
            refuse("not_authed")
        if token.startswith("xapp-"):
            refuse("not_allowed_token_type")
        if team is None:
            refuse("invalid_auth")
        if team.refused:
            refuse(team.refused)
        if METHODS[method] and not team.scopes.intersection(METHODS[method]):
            refuse("missing_scope", needed=",".join(METHODS[method]))
        return self._by_name[method](team, body)

    def _connect(self, token: str) -> Json:
        if token != APP_TOKEN:
            refuse("not_allowed_token_type" if token.startswith("xoxb-") else "invalid_auth")
        ticket = token_hex(8)
        self.tickets.add(ticket)
        return {"url": f"{self.url}?ticket={ticket}"}

    def _access(self, body: Json) -> Json:
        if (body.get("client_id"), body.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            refuse("bad_client_secret")
        if body.get("grant_type") == "refresh_token":
            team = next((one for one in self.world.teams.values() if body.get("refresh_token") == one.renews), None)
            if team is None:
                refuse("invalid_refresh_token")  # it is good once
        else:
            team = self.codes.pop(str(body.get("code")), None)
        if team is None:
            refuse("invalid_code")
        if self.rotating:
            team.token, team.renews = f"xoxe.xoxb-{token_hex(80)}", f"xoxe-1-{token_hex(20)}"
        expiring = {"refresh_token": team.renews, "expires_in": self.lasts} if self.rotating else {}
        return {
            "app_id": "A1",
            "token_type": "bot",
            "access_token": team.token,
            "scope": ",".join(sorted(team.scopes)),
            "bot_user_id": team.bot_user,
            "team": {"id": team.id, "name": team.name},
            "enterprise": None,
            "is_enterprise_install": False,
            "authed_user": {"id": "UADMIN"},
            **expiring,
        }

    def _auth_test(self, team: Team, _body: Json) -> Json:
        return {
            "url": "https://x.slack.com/",
            "team": team.name,
            "user": "onward",
            "team_id": team.id,
            "user_id": team.bot_user,
            "bot_id": team.bot_id,
            "is_enterprise_install": False,
        }

    def _channel(self, team: Team, name: str) -> Channel:
        channel = self.world.channels.get(name)
        if channel is None or channel.team != team.id:
            refuse("channel_not_found")
        if team.bot_user not in channel.members:
            refuse("not_in_channel" if channel.kind in {"channel", "private"} else "channel_not_found")
        if channel.refuses:
            refuse(channel.refuses)
        return channel

    def _written(self, team: Team, channel: Channel, body: Json) -> Message:
        if wrong := [*rules.message(body)]:
            refuse("; ".join(wrong))
        self._check_pictures(team, body.get("blocks") or [])
        return Message(
            ts=self.world.ts(),
            channel=channel.id,
            user=team.bot_user,
            bot_id=team.bot_id,
            text=body["text"],
            blocks=body.get("blocks") or [],
            metadata=body.get("metadata"),
            thread=body.get("thread_ts", ""),
        )

    def _ask_to_upload(self, team: Team, body: Json) -> Json:
        if not body.get("filename") or not int(body.get("length", 0)):
            refuse("invalid_arguments: a name and a length are needed")
        name = self.world.name("F")
        known = {"team": team.id, "name": body["filename"], "length": int(body["length"])}
        self.world.files[name] = File(**known, slow=self.world.slow_files)
        return {"file_id": name, "upload_url": f"{self.upload_url}/{name}"}

    def _uploaded(self, team: Team, body: Json) -> Json:
        for one in body["files"]:
            file = self.world.files.get(one["id"])
            # An upload is completed once: what was not told then can be told no more.
            if file is None or file.team != team.id or not file.data or file.complete:
                refuse("file_not_found")
            file.complete = True
        if "channel_id" in body:
            self._share(team, body)
        return {"files": [{"id": one["id"], "title": one.get("title", "")} for one in body["files"]]}

    def _share(self, team: Team, body: Json) -> None:
        """Show files as a message, in a channel that is named by its id, and not by somebody's."""
        if not CHANNEL.fullmatch(body["channel_id"]):
            refuse("invalid_arguments: a file is shared into a channel")
        channel = self._channel(team, body["channel_id"])
        files = [
            {"id": one["id"], "name": self.world.files[one["id"]].name, "title": one.get("title", "")}
            for one in body["files"]
        ]
        message = Message(
            ts=self.world.ts(),
            channel=channel.id,
            user=team.bot_user,
            bot_id=team.bot_id,
            text=body.get("initial_comment", ""),
            thread=body.get("thread_ts", ""),
            files=files,
        )
        channel.messages[message.ts] = message

    def _check_pictures(self, team: Team, blocks: Sequence[Json]) -> None:
        """Refuse pictures that are not there (yet), as Slack does with a file that it is still taking in."""
        for block in blocks:
            if block["type"] == "image":
                file = self.world.files.get(block["slack_file"]["id"])
                if file is None or file.team != team.id or not file.complete:
                    refuse("invalid_blocks: there is no such file")
                if file.slow > 0:
                    file.slow -= 1
                    refuse("invalid_blocks")

    def _post(self, team: Team, body: Json) -> Json:
        channel = self._channel(team, body["channel"])
        people = [self.world.users[one] for one in channel.members if one in self.world.users]
        if channel.kind == "im" and not all(user.reachable and not user.deleted for user in people):
            refuse("user_disabled")
        now = self.world.now()
        if now - self.posted.get(channel.id, 0) < self.apart:
            refuse("ratelimited")
        self.posted[channel.id] = now
        message = self._written(team, channel, body)
        channel.messages[message.ts] = message
        return {"channel": channel.id, "ts": message.ts, "message": message.payload()}

    def _post_ephemeral(self, team: Team, body: Json) -> Json:
        channel = self._channel(team, body["channel"])
        if body["user"] not in channel.members:
            refuse("user_not_in_channel")
        message = self._written(team, channel, body)
        message.only_for = body["user"]
        channel.messages[message.ts] = message
        return {"message_ts": message.ts}

    def _delete(self, team: Team, body: Json) -> Json:
        channel = self._channel(team, body["channel"])
        found = channel.messages.get(body["ts"])
        if found is None or found.user != team.bot_user:
            refuse("message_not_found" if found is None else "cant_delete_message")
        del channel.messages[found.ts]
        return {"channel": channel.id, "ts": found.ts}

    def _update(self, team: Team, body: Json) -> Json:
        channel = self._channel(team, body["channel"])
        found = channel.messages.get(body["ts"])
        if found is None or found.only_for:
            refuse("message_not_found")
        if found.user != team.bot_user:
            refuse("cant_update_message")
        changed = self._written(team, channel, body)
        found.text, found.blocks = changed.text, changed.blocks
        return {"channel": channel.id, "ts": found.ts, "text": found.text}

    def _open(self, team: Team, body: Json) -> Json:
        users = [self.world.users.get(one) for one in body["users"].split(",")]
        found = [one for one in users if one is not None and one.team == team.id]
        if len(found) < len(users):
            refuse("user_not_found")
        if len(found) > MOST_IN_A_GROUP:
            refuse("too_many_users")
        _check_scope(team, "im:write" if len(found) == 1 else "mpim:write")
        # Direct messages that were shut can be opened all the same, as long as the account is there.
        if any(one.deleted or (len(found) == 1 and not one.reachable) for one in found):
            refuse("user_disabled")
        if len(found) == 1:
            return {"channel": {"id": self.world.direct(found[0].id).id}}
        return {"channel": {"id": self.world.group(team, {one.id for one in found}).id}}

    def _seen(self, team: Team, body: Json) -> Channel:
        """Return a channel whose particulars may be read: a public one from outside, too."""
        channel = self.world.channels.get(body["channel"])
        if channel is None or channel.team != team.id:
            refuse("channel_not_found")
        _check_scope(team, READ_BY[channel.kind])
        if channel.kind != "channel" and team.bot_user not in channel.members:
            refuse("channel_not_found")
        return channel

    def _info(self, team: Team, body: Json) -> Json:
        channel = self._seen(team, body)
        return {"channel": {"id": channel.id, "is_channel": True, "is_private": channel.kind != "channel"}}

    def _members(self, team: Team, body: Json) -> Json:
        """Return who is in a channel, a page at a time."""
        most = min(int(body.get("limit", 100)), self.most_members)
        if int(body.get("limit", 100)) > MOST_AT_ONCE:
            refuse("invalid_limit: at most 999")
        everybody = sorted(self._seen(team, body).members)
        begin = everybody.index(body["cursor"]) if body.get("cursor") else 0
        rest = everybody[begin + most :]
        return {
            "members": everybody[begin : begin + most],
            "response_metadata": {"next_cursor": rest[0] if rest else ""},
        }

    def _history(self, team: Team, body: Json) -> Json:
        channel = self._channel(team, body["channel"])
        if channel.kind != "im":
            refuse("missing_scope")
        found = [one for one in channel.messages.values() if not one.thread or one.thread == one.ts]
        return self._page(found, body, newest_first=True)

    def _replies(self, team: Team, body: Json) -> Json:
        channel = self._channel(team, body["channel"])
        return self._page([one for one in channel.messages.values() if body["ts"] in {one.ts, one.thread}], body)

    def _page(self, found: list[Message], body: Json, *, newest_first: bool = False) -> Json:
        oldest, most = body.get("oldest", "0"), int(body.get("limit", 100))
        whole = body.get("include_all_metadata") in {"1", "true", "True"}
        seen = sorted((one for one in found if one.ts > oldest and not one.only_for), key=lambda one: one.ts)
        # With an oldest one given, a page begins there; otherwise with the newest.
        cut = seen[:most] if oldest != "0" or not newest_first else seen[-most:]
        told = [one.payload(metadata=whole) for one in (reversed(cut) if newest_first else cut)]
        return {"messages": told, "has_more": len(seen) > len(cut)}

    def _user(self, team: Team, body: Json) -> Json:
        user = self.world.users.get(body["user"])
        if user is None or team.id not in {user.team, *user.seen_in}:
            refuse("user_not_found")
        locale = {"locale": user.locale} if body.get("include_locale") in {"1", "true", "True"} else {}
        profile = {"display_name": user.shown, "real_name": user.name}
        told = {"id": user.id, "team_id": user.team, "name": user.name, "tz": user.zone, "profile": profile, **locale}
        may = {"is_admin": user.admin or user.owner, "is_owner": user.owner}
        return {"user": {**told, **({"deleted": True} if user.deleted else may)}}

    def _open_view(self, _team: Team, body: Json) -> Json:
        trigger = self.world.triggers.get(body.get("trigger_id", ""))
        if trigger is None:
            refuse("invalid_trigger_id")
        if self.world.now() - trigger.began > TRIGGER_LASTS:
            refuse("expired_trigger_id")
        if trigger.used:
            refuse("exchanged_trigger_id")
        if wrong := [*rules.view(body["view"])]:
            refuse("; ".join(wrong))
        trigger.used, trigger.view = True, {**body["view"], "id": self.world.name("V")}
        self.world.windows[trigger.user] = trigger.view
        return {"view": trigger.view}

    def _update_view(self, _team: Team, body: Json) -> Json:
        user = next((one for one, view in self.world.windows.items() if view["id"] == body["view_id"]), None)
        if user is None:
            refuse("not_found")
        if wrong := [*rules.view(body["view"])]:
            refuse("; ".join(wrong))
        self.world.windows[user] = {**body["view"], "id": body["view_id"]}
        return {"view": self.world.windows[user]}

    def _publish(self, team: Team, body: Json) -> Json:
        user = self.world.users.get(body["user_id"])
        if user is None or user.team != team.id:
            refuse("user_not_found")
        if wrong := [*rules.view(body["view"])]:
            refuse("; ".join(wrong))
        self._check_pictures(team, body["view"]["blocks"])
        self.world.homes[user.id] = body["view"]
        return {"view": {**body["view"], "id": self.world.name("V")}}


def _check_scope(team: Team, scope: str) -> None:
    """Refuse what a workspace has not allowed."""
    if scope not in team.scopes:
        refuse("missing_scope", needed=scope)
