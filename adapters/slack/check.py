"""Is the bot set up as it needs to be? What Slack itself says about it, line by line."""

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.declared import SCOPES
from adapters.slack.errors import explained
from dialogs.private import Private


class Findings(Private, frozen=True):
    """What was found: lines to read, and whether nothing is missing."""

    lines: tuple[str, ...]
    good: bool


async def check(client: AsyncWebClient, token: str, app_token: str, *, signed: bool) -> Findings:
    """Ask Slack about the tokens. signed: whether a signing secret is set. Raises SlackError."""
    lines: list[str] = []
    wrong: list[str] = []
    if token:
        with explained("ONWARD_SLACK__TOKEN"):
            answer = await client.auth_test(token=token)
        lines.append(f"The bot's token is good: it is {answer['user']} in the workspace {answer['team']}.")
        headers = {name.lower(): value for name, value in answer.headers.items()}
        has = {scope.strip() for scope in str(headers.get("x-oauth-scopes", "")).split(",")} - {""}
        missing, spare = sorted(set(SCOPES) - has), sorted(has - set(SCOPES))
        if missing:
            wrong.append(
                f"It lacks the scopes {', '.join(missing)}: paste 'onward slack manifest' as the app's manifest again, "
                "and install it again."
            )
        else:
            lines.append(f"It has all {len(SCOPES)} scopes that it needs.")
        if spare:
            lines.append(f"It does not need the scopes {', '.join(spare)}: you can take them away.")
    if app_token:
        with explained("ONWARD_SLACK__APP_TOKEN"):
            await client.apps_connections_open(app_token=app_token)
        lines.append("The app-level token is good: Slack gives it a connection (Socket Mode).")
    if signed:
        lines.append("A signing secret is set; only a request from Slack can tell whether it is the right one.")
    return Findings(lines=(*lines, *wrong), good=not wrong)
