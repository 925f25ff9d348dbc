"""What Slack says of the credentials of an app that many workspaces may add."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.findings import Findings
from adapters.slack.check import check
from adapters.slack.errors import SlackError
from tests.platforms.slack.deliveries import SECRET
from tests.platforms.slack.methods import CLIENT_ID, CLIENT_SECRET
from tests.platforms.slack.requests import Fault
from tests.platforms.slack.server import Server


async def asked(server: Server, client_secret: str = CLIENT_SECRET, signing_secret: str = SECRET) -> Findings:
    """Return what is found."""
    client = AsyncWebClient(base_url=f"{server.api_url}/", retry_handlers=[])
    return await check(client, "", "", (CLIENT_ID, client_secret), signing_secret)


async def test_good_credentials(server: Server) -> None:
    """They are tried without adding the app anywhere; and the clock is compared."""
    found = await asked(server)
    assert found.good
    assert found.told[0] == "The client id and secret are good: workspaces can add the app."
    assert found.ahead is not None
    assert abs(found.ahead) < 60


async def test_a_wrong_client_secret(server: Server) -> None:
    """It says where both are to be copied from."""
    found = await asked(server, client_secret="other")
    assert not found.good
    assert found.wrong[0].startswith("Slack does not accept ONWARD_SLACK__CLIENT_ID and ONWARD_SLACK__CLIENT_SECRET (")


async def test_what_is_no_signing_secret(server: Server) -> None:
    """Something else was copied: it has another shape."""
    for other in (SECRET[:24], SECRET.upper(), CLIENT_SECRET):
        found = await asked(server, signing_secret=other)
        assert found.wrong[0].startswith("ONWARD_SLACK__SIGNING_SECRET cannot be right")
        assert other not in found.wrong[0]


async def test_a_refusal_for_another_reason(server: Server) -> None:
    """That is no verdict on the credentials."""
    server.faults.append(Fault("503", 1, "/oauth.v2.access"))
    with pytest.raises(SlackError, match="Slack refused the bot"):
        await asked(server)
