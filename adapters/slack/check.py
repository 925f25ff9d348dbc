"""Is the bot set up as it needs to be? What Slack itself says about it, line by line."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.findings import Findings, seconds_ahead
from adapters.slack.api import error_of
from adapters.slack.declared import SCOPES
from adapters.slack.errors import explained

SECRET = re.compile(r"[0-9a-f]{32}")
"""What a signing secret looks like."""

NO_CODE = "invalid_code"
"""How Slack refuses a code that it never gave, after it has found the client id and secret to be good."""

NO_CLIENT = frozenset({"invalid_client_id", "bad_client_secret"})


class _Asked:
    """What was found so far."""

    def __init__(self, client: AsyncWebClient) -> None:
        self.client = client
        self.told: list[str] = []
        self.wrong: list[str] = []
        self.ahead: float | None = None

    def look_at_clock(self, headers: Mapping[str, str]) -> None:
        self.ahead = seconds_ahead(_header(headers, "date"), datetime.now(UTC))

    async def ask_about_bot(self, token: str) -> None:
        with explained("ONWARD_SLACK__TOKEN"):
            answer = await self.client.auth_test(token=token)
        self.look_at_clock(answer.headers)
        self.told.append(f"The bot's token is good: it is {answer['user']} in the workspace {answer['team']}.")
        has = {scope.strip() for scope in _header(answer.headers, "x-oauth-scopes").split(",")} - {""}
        missing, spare = sorted(set(SCOPES) - has), sorted(has - set(SCOPES))
        if missing:
            self.wrong.append(
                f"It lacks the scopes {', '.join(missing)}: paste 'onward slack manifest' as the app's manifest again, "
                "and install it again."
            )
        else:
            self.told.append(f"It has all {len(SCOPES)} scopes that it needs.")
        if spare:
            self.told.append(f"It does not need the scopes {', '.join(spare)}: you can take them away.")

    async def ask_about_app_token(self, token: str) -> None:
        with explained("ONWARD_SLACK__APP_TOKEN"):
            await self.client.apps_connections_open(app_token=token)
        self.told.append("The app-level token is good: Slack gives it a connection (Socket Mode).")

    async def ask_about_client(self, number: str, secret: str) -> None:
        """Add the app with a code that nobody was given: how that is refused tells whether id and secret are good."""
        with explained("ONWARD_SLACK__CLIENT_SECRET"):
            try:
                await self.client.oauth_v2_access(client_id=number, client_secret=secret, code="none")
            except SlackApiError as error:
                name = error_of(error)
                self.look_at_clock(error.response.headers)
                if name == NO_CODE:
                    self.told.append("The client id and secret are good: workspaces can add the app.")
                elif name in NO_CLIENT:
                    self.wrong.append(
                        f"Slack does not accept ONWARD_SLACK__CLIENT_ID and ONWARD_SLACK__CLIENT_SECRET ({name}): "
                        "copy both again from api.slack.com/apps (Basic Information, App Credentials)."
                    )
                else:
                    raise

    def look_at_signing_secret(self, secret: str) -> None:
        if SECRET.fullmatch(secret):
            self.told.append("A signing secret is set; only a request from Slack can tell whether it is the right one.")
        else:
            self.wrong.append(
                "ONWARD_SLACK__SIGNING_SECRET cannot be right, as one has 32 characters, 0-9 and a-f: copy it again "
                "from api.slack.com/apps (Basic Information, App Credentials, Signing Secret)."
            )


async def check(
    client: AsyncWebClient, token: str, app_token: str, app: tuple[str, str] | None, signing_secret: str
) -> Findings:
    """Ask Slack about the tokens, each "" when it is not set; app: the client id and secret. Raises SlackError."""
    asked = _Asked(client)
    if token:
        await asked.ask_about_bot(token)
    if app:
        await asked.ask_about_client(*app)
    if app_token:
        await asked.ask_about_app_token(app_token)
    if signing_secret:
        asked.look_at_signing_secret(signing_secret)
    return Findings(told=tuple(asked.told), wrong=tuple(asked.wrong), ahead=asked.ahead)


def _header(headers: Mapping[str, str], name: str) -> str:
    return next((str(value) for key, value in headers.items() if key.lower() == name), "")
