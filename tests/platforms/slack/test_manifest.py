"""The manifest and the code say the same."""

import re
from pathlib import Path

import pytest
import yaml

import adapters.slack
from adapters.slack.declared import ACTS, COMMANDS, EVENTS, EVERYTHING, METHODS, READ_SHORTCUT, SCOPES, TALK
from adapters.slack.manifest import manifest
from dialogs.catalog import Catalog
from dialogs.commands import COMMANDS as KNOWN
from tests.bot.running import run

CODE = "\n".join(path.read_text() for path in Path(adapters.slack.__file__).parent.glob("*.py"))


def test_it_prints_the_manifest_with_the_reasons() -> None:
    """YAML that is what the code declares, and every scope with why."""
    ran = run("slack", "manifest")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert yaml.safe_load(ran.stdout) == manifest(Catalog.load())
    assert all(f"#   {name}: {reason}" in ran.stdout for name, reason in {**SCOPES, **EVENTS}.items())


def test_everything_that_is_declared_is_used_and_nothing_else() -> None:
    """Methods, events, commands and the shortcut."""
    called = set(re.findall(r'"((?:chat|conversations|files|users|views)\.\w+)"', CODE))
    assert called == set(METHODS) - {"auth.test"}
    assert {scope for needed in METHODS.values() for scope in needed} | {"app_mentions:read", "commands"} == set(SCOPES)
    handled = set(re.findall(r'"(app_\w+|tokens_revoked)"', CODE))
    assert {event for event in EVENTS if event != "message.im"} <= handled
    told = manifest(Catalog.load())
    assert [one["command"] for one in told["features"]["slash_commands"]] == [f"/{name}" for name in COMMANDS]
    assert set(TALK) - {EVERYTHING} <= set(KNOWN)
    assert set(COMMANDS) - set(TALK) <= set(ACTS)
    assert not set(ACTS) & set(KNOWN), "the same word would mean two things"
    assert [one["callback_id"] for one in told["features"]["shortcuts"]] == [READ_SHORTCUT]
    assert told["features"]["app_home"]["home_tab_enabled"]


def test_over_http_everything_has_an_address() -> None:
    """And over Socket Mode nothing has."""
    told = yaml.safe_load(run("slack", "manifest", "--url", "https://onward.example.org/").stdout)
    assert told["settings"]["event_subscriptions"]["request_url"] == "https://onward.example.org/slack/events"
    assert told["settings"]["interactivity"]["request_url"] == "https://onward.example.org/slack/events"
    assert told["oauth_config"]["redirect_urls"] == ["https://onward.example.org/slack/oauth_redirect"]
    assert not told["settings"]["socket_mode_enabled"]
    assert "url" not in str(manifest(Catalog.load()))


@pytest.mark.parametrize("address", ["http://onward.example.org", "onward", "https://", "https://x.org/path"])
def test_an_address_that_slack_cannot_reach_is_told(address: str) -> None:
    """In one sentence, with exit code 2."""
    ran = run("slack", "manifest", "--url", address)
    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (2, "", 1)
    assert "is no address that Slack can reach" in ran.stderr


def test_the_texts_keep_the_limits_of_the_manifest() -> None:
    """https://docs.slack.dev/reference/app-manifest: name 35, description 140, long description 174 to 4,000."""
    shown = manifest(Catalog.load())["display_information"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert 174 <= len(shown["long_description"]) <= 4000
