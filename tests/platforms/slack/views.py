"""Windows and pages: opened with a trigger, changed, published."""

from collections.abc import Mapping

from tests.platforms.slack import rules
from tests.platforms.slack.files import Files
from tests.platforms.slack.requests import Method
from tests.platforms.slack.world import TRIGGER_LASTS, Json, Team, World, refuse


class Views:
    """The methods about views."""

    def __init__(self, world: World, files: Files) -> None:
        """Serve what there is, with pictures that are among the files."""
        self._world = world
        self._files = files

    def methods(self) -> Mapping[str, Method]:
        """Return what is served."""
        return {
            "views.open": self._open,
            "views.publish": self._publish,
            "views.update": self._update,
        }

    def _open(self, _team: Team, body: Json) -> Json:
        trigger = self._world.triggers.get(body.get("trigger_id", ""))
        if trigger is None:
            refuse("invalid_trigger_id")
        if self._world.now() - trigger.began > TRIGGER_LASTS:
            refuse("expired_trigger_id")
        if trigger.used:
            refuse("exchanged_trigger_id")
        if wrong := [*rules.view(body["view"])]:
            refuse("; ".join(wrong))
        trigger.used, trigger.view = True, {**body["view"], "id": self._world.name("V")}
        self._world.windows[trigger.user] = trigger.view
        return {"view": trigger.view}

    def _update(self, _team: Team, body: Json) -> Json:
        user = next((one for one, view in self._world.windows.items() if view["id"] == body["view_id"]), None)
        if user is None:
            refuse("not_found")
        if wrong := [*rules.view(body["view"])]:
            refuse("; ".join(wrong))
        self._world.windows[user] = {**body["view"], "id": body["view_id"]}
        return {"view": self._world.windows[user]}

    def _publish(self, team: Team, body: Json) -> Json:
        user = self._world.users.get(body["user_id"])
        if user is None or user.team != team.id:
            refuse("user_not_found")
        if wrong := [*rules.view(body["view"])]:
            refuse("; ".join(wrong))
        self._files.check_pictures(team, body["view"]["blocks"])
        self._world.homes[user.id] = body["view"]
        return {"view": {**body["view"], "id": self._world.name("V")}}
