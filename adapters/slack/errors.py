"""What stops Slack for good, in one sentence for whoever hosts the bot."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from slack_sdk.errors import SlackApiError

from adapters.port import PlatformError
from adapters.slack.api import TROUBLE, error_of, status_of

TOKENS: Mapping[str, str] = {
    "xoxb-": "ONWARD_SLACK__TOKEN",
    "xapp-": "ONWARD_SLACK__APP_TOKEN",
}
WRONG = frozenset({"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"})


class SlackError(PlatformError):
    """Slack cannot be served. The message is one sentence that says why and what to do."""


@contextmanager
def explained(setting: str) -> Iterator[None]:
    """Turn errors of the library and the network into SlackError. setting: which token the requests were made with."""
    try:
        yield
    except TROUBLE as error:
        raise sentence(error, setting) from None


def sentence(error: BaseException, setting: str) -> SlackError:
    """Return the sentence for an error of the library or the network."""
    name = error_of(error)
    if name in WRONG:
        page = "Basic Information, App-Level Tokens" if setting.endswith("APP_TOKEN") else "OAuth & Permissions"
        return SlackError(
            f"Slack does not accept the token in {setting} ({name}): copy it again from api.slack.com/apps ({page}). "
            "Nothing is lost; what was not delivered is sent after the next start."
        )
    if name == "not_allowed_token_type":
        return SlackError(f"The token in {setting} is of another kind: it has to begin with {_begin(setting)}.")
    if name == "missing_scope":
        return SlackError(f"The token in {setting} lacks a scope: add the app again with 'onward slack manifest'.")
    if isinstance(error, SlackApiError):
        return SlackError(f"Slack refused the bot ({name or status_of(error.response)}).")
    reason = getattr(error, "strerror", None) or type(error).__name__
    return SlackError(f"Slack cannot be reached ({reason}): check the network, and ONWARD_SLACK__API_URL.")


def _begin(setting: str) -> str:
    return next(begin for begin, name in TOKENS.items() if name == setting)
