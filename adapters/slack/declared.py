"""What the app is in Slack's eyes: commands, shortcut, events, scopes. The code and the manifest both read it here."""

from collections.abc import Mapping

EVERYTHING = "onward"
"""The command that takes whatever the terminal takes."""

SETUP = "setup"
"""The word behind it with which admins set a workspace up."""

TALK = (EVERYTHING, "rejected", "checkin", "plan", "progress")
"""Slash commands, without the slash; but for the first, the dialog knows them by the same names."""

ACTS: Mapping[str, Mapping[str, str]] = {
    "mentor": {"offer": "mentor.offer", "find": "mentor.find", "mine": "mentor.mine"},
    "win": {"": "wins.share"},
    "pulse": {"": "pulse.show"},
}
"""What members of a workspace do: words behind the command for everything, with the acts that they stand for."""

COMMANDS = (*TALK, "mentor", "win")
"""All slash commands: some of those words are commands of their own, too."""

READ_SHORTCUT = "read_rejection"
"""The callback id of the message shortcut."""

EVENTS: Mapping[str, str] = {
    "message.im": "what people write in their direct messages with the bot",
    "app_mention": "somebody calls it in a channel; it answers in private",
    "app_home_opened": "somebody looks at their Home tab",
    "app_uninstalled": "a workspace removes the app, and everything of it is erased",
    "tokens_revoked": "likewise, when a workspace takes the permission back",
}
"""Events that are subscribed to, with the reason for each. https://docs.slack.dev/reference/events"""

SCOPES: Mapping[str, str] = {
    "app_mentions:read": "to notice when somebody calls it in a channel",
    "chat:write": "to answer",
    "commands": "for the slash commands and the message shortcut",
    "files:write": "to show somebody's way as a picture and give them their data as a file; nobody's files are read",
    "groups:read": "to see who is in the channel of the mentors, and that this and the moderators' one are private",
    "im:history": "to read what people write to it, also what came while it was down",
    "im:write": "to open direct messages with somebody who called it elsewhere",
    "mpim:write": "to bring two people together who have both agreed to it; what they say there it cannot read",
    "users:read": "for time zone and language, so that nobody is written to at night, and to see who may set it up",
}
"""Scopes of the bot token, with the reason for each; there are no others. https://docs.slack.dev/reference/scopes"""

METHODS: Mapping[str, tuple[str, ...]] = {
    "auth.test": (),
    "chat.delete": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.history": ("im:history",),
    "conversations.info": ("groups:read",),
    "conversations.members": ("groups:read",),
    "conversations.open": ("im:write", "mpim:write"),
    "conversations.replies": ("im:history",),
    "files.completeUploadExternal": ("files:write",),
    "files.getUploadURLExternal": ("files:write",),
    "users.info": ("users:read",),
    "views.open": (),
    "views.publish": (),
    "views.update": (),
}
"""Every method that is called with the bot token, with the scopes that it needs: of several, the one for the kind of
channel. https://docs.slack.dev/reference/methods"""

APP_SCOPES = ("connections:write",)
"""Scopes of the app-level token, which only Socket Mode needs."""

EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH = "/slack/events", "/slack/install", "/slack/oauth_redirect"
"""Where the server takes requests over HTTP."""
