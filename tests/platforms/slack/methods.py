"""The methods of the Web API that the bot uses, as documented: https://docs.slack.dev/reference/methods."""

from collections.abc import Mapping
from secrets import token_hex

from adapters.slack.declared import METHODS
from tests.platforms.slack.conversations import Conversations
from tests.platforms.slack.files import Files
from tests.platforms.slack.messages import Messages
from tests.platforms.slack.requests import Method
from tests.platforms.slack.views import Views
from tests.platforms.slack.world import Json, Team, World, refuse

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

APP_TOKEN, CLIENT_ID, CLIENT_SECRET = "xapp-of-the-tests", "12.34", "client-secret"


class Methods:
    """Carries out requests on a world."""

    def __init__(self, world: World) -> None:
        """Begin with no connections asked for."""
        self.world = world
        self.files = Files(world)
        self.messages = Messages(world, self.files)
        self.conversations = Conversations(world)
        self.tickets: set[str] = set()
        self.codes: dict[str, Team] = {}
        self.lasts = 12 * 3600
        self.rotating = False
        self.url = ""
        self._by_name: Mapping[str, Method] = {
            "auth.test": self._auth_test,
            **self.messages.methods(),
            **self.conversations.methods(),
            **self.files.methods(),
            **Views(world, self.files).methods(),
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
