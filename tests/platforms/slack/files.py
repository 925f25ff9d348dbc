"""Files, and pictures made of them: asked for, uploaded, completed, shared."""

import re
from collections.abc import Mapping, Sequence

from tests.platforms.slack.requests import Method, channel_of
from tests.platforms.slack.world import File, Json, Message, Team, World, refuse

CHANNEL = re.compile(r"[CGDZ][A-Z0-9]{8,}")
"""What `channel_id` has to look like; Slack says so in its refusal. https://github.com/slackapi/bolt-js/issues/2115"""


class Files:
    """The methods about files. url: where their bytes are uploaded."""

    def __init__(self, world: World) -> None:
        """Serve what there is."""
        self._world = world
        self.url = ""

    def methods(self) -> Mapping[str, Method]:
        """Return what is served."""
        return {
            "files.getUploadURLExternal": self._ask_to_upload,
            "files.completeUploadExternal": self._uploaded,
        }

    def check_pictures(self, team: Team, blocks: Sequence[Json]) -> None:
        """Refuse pictures that are not there (yet), as Slack does with a file that it is still taking in."""
        for block in blocks:
            if block["type"] == "image":
                file = self._world.files.get(block["slack_file"]["id"])
                if file is None or file.team != team.id or not file.complete:
                    refuse("invalid_blocks: there is no such file")
                if file.slow > 0:
                    file.slow -= 1
                    refuse("invalid_blocks")

    def _ask_to_upload(self, team: Team, body: Json) -> Json:
        if not body.get("filename") or not int(body.get("length", 0)):
            refuse("invalid_arguments: a name and a length are needed")
        name = self._world.name("F")
        known = {"team": team.id, "name": body["filename"], "length": int(body["length"])}
        self._world.files[name] = File(**known, slow=self._world.slow_files)
        return {"file_id": name, "upload_url": f"{self.url}/{name}"}

    def _uploaded(self, team: Team, body: Json) -> Json:
        for one in body["files"]:
            file = self._world.files.get(one["id"])
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
        channel = channel_of(self._world, team, body["channel_id"])
        files = [
            {"id": one["id"], "name": self._world.files[one["id"]].name, "title": one.get("title", "")}
            for one in body["files"]
        ]
        message = Message(
            ts=self._world.ts(),
            channel=channel.id,
            user=team.bot_user,
            bot_id=team.bot_id,
            text=body.get("initial_comment", ""),
            thread=body.get("thread_ts", ""),
            files=files,
        )
        channel.messages[message.ts] = message
