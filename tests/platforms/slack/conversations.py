"""Conversations and who is in them, as far as the scopes of a workspace go."""

from collections.abc import Mapping

from tests.platforms.slack.requests import Method, check_scope
from tests.platforms.slack.world import Channel, Json, Team, World, refuse

MOST_IN_A_GROUP, MOST_AT_ONCE = 8, 999
"""People in a group direct message beside the bot, and accounts that `conversations.members` tells of at once."""

READ_BY = {"channel": "channels:read", "private": "groups:read", "im": "im:read", "mpim": "mpim:read"}
"""The scope with which the particulars of each kind of channel are read."""


class Conversations:
    """The methods about conversations and people. most_members: how many are told of at once."""

    def __init__(self, world: World) -> None:
        """Serve what there is."""
        self._world = world
        self.most_members = MOST_AT_ONCE

    def methods(self) -> Mapping[str, Method]:
        """Return what is served."""
        return {
            "conversations.open": self._open,
            "conversations.info": self._info,
            "conversations.members": self._members,
            "users.info": self._user,
        }

    def _open(self, team: Team, body: Json) -> Json:
        users = [self._world.users.get(one) for one in body["users"].split(",")]
        found = [one for one in users if one is not None and one.team == team.id]
        if len(found) < len(users):
            refuse("user_not_found")
        if len(found) > MOST_IN_A_GROUP:
            refuse("too_many_users")
        check_scope(team, "im:write" if len(found) == 1 else "mpim:write")
        # Direct messages that were shut can be opened all the same, as long as the account is there.
        if any(one.deleted or (len(found) == 1 and not one.reachable) for one in found):
            refuse("user_disabled")
        if len(found) == 1:
            return {"channel": {"id": self._world.direct(found[0].id).id}}
        return {"channel": {"id": self._world.group(team, {one.id for one in found}).id}}

    def _seen(self, team: Team, body: Json) -> Channel:
        """Return a channel whose particulars may be read: a public one from outside, too."""
        channel = self._world.channels.get(body["channel"])
        if channel is None or channel.team != team.id:
            refuse("channel_not_found")
        check_scope(team, READ_BY[channel.kind])
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

    def _user(self, team: Team, body: Json) -> Json:
        user = self._world.users.get(body["user"])
        if user is None or team.id not in {user.team, *user.seen_in}:
            refuse("user_not_found")
        locale = {"locale": user.locale} if body.get("include_locale") in {"1", "true", "True"} else {}
        profile = {"display_name": user.shown, "real_name": user.name}
        told = {"id": user.id, "team_id": user.team, "name": user.name, "tz": user.zone, "profile": profile, **locale}
        may = {"is_admin": user.admin or user.owner, "is_owner": user.owner}
        return {"user": {**told, **({"deleted": True} if user.deleted else may)}}
