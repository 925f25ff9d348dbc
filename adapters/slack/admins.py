"""Who may set a workspace up: its admins and owners, as Slack says each time."""

from collections.abc import Mapping
from typing import Any

from adapters.slack import parse
from adapters.slack.api import Api
from adapters.slack.delivery import MOST_REMEMBERED


class Admins:
    """Asks Slack about accounts."""

    def __init__(self, api: Api) -> None:
        """Ask with these requests."""
        self._api = api
        self._known: dict[str, bool] = {}

    async def may_manage(self, person: str) -> bool:
        """Ask now whether somebody is an admin or owner. Raises what is in TROUBLE, and UndeliverableError."""
        workspace, user = parse.account(person)
        found = await self._api.read(workspace, "users.info", user=user)
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        self._known[person] = manages(found.get("user") or {}, workspace)
        return self._known[person]

    async def shown_as_admin(self, person: str, *, again: bool) -> bool:
        """Say whether somebody is shown what is for admins. again: ask, also when it was asked before. Raises as above.

        It decides what is shown, and nothing else.
        """
        return await self.may_manage(person) if again or person not in self._known else self._known[person]


def belongs(user: Mapping[str, Any], workspace: str) -> bool:
    """Say whether an account is one of a workspace, and not of another one that shares a channel with it.

    https://docs.slack.dev/reference/objects/user-object
    """
    enterprise = user.get("enterprise_user") or {}
    if workspace.startswith("E"):
        return enterprise.get("enterprise_id") == workspace
    return user.get("team_id") == workspace or workspace in (enterprise.get("teams") or ())


def manages(user: Mapping[str, Any], workspace: str) -> bool:
    """Say whether an account manages a workspace; of an organisation to all of which the app was added, likewise."""
    enterprise = user.get("enterprise_user") or {}
    if workspace.startswith("E"):
        return bool(enterprise.get("is_admin") or enterprise.get("is_owner"))
    return belongs(user, workspace) and bool(user.get("is_admin") or user.get("is_owner"))


def called(user: Mapping[str, Any]) -> str:
    """Return how an account is called where others see it."""
    profile = user.get("profile") or {}
    names = (profile.get("display_name"), profile.get("real_name"), user.get("real_name"), user.get("name"))
    return str(next(filter(None, names), ""))
