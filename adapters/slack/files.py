"""Files on their way to Slack: uploaded in three steps, and shared by the last of them."""

from collections.abc import Iterable, Mapping
from typing import Any

from adapters.slack.api import Api
from adapters.slack.elements import Payload


async def uploaded(
    api: Api, workspace: str, name: str, data: bytes, *, title: str, share: Payload | None = None
) -> str:
    """Upload a file and return its id. share: the channel, and the thread in it, where it is shown as a message.

    Raises what `Api` raises. https://docs.slack.dev/messaging/working-with-files#uploading_files
    """
    asked = await api.read(workspace, "files.getUploadURLExternal", filename=name, length=len(data))
    await api.upload(str(asked["upload_url"]), data)
    file = str(asked["file_id"])
    payload = {"files": [{"id": file, "title": title}], **(share or {})}
    await api.write(workspace, "files.completeUploadExternal", payload)
    return file


def names(messages: Iterable[Mapping[str, Any]]) -> set[str]:
    """Return the names of the files that are shared in messages."""
    return {str(file.get("name", "")) for message in messages for file in message.get("files") or ()}
