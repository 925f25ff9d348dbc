"""What is said fits every platform: the rules of the tests' own Discord and Slack hold for it."""

import json

import msgspec

from adapters.discord import render as discord
from adapters.slack import home as slack_home
from adapters.slack import render as slack
from adapters.terminal import render as terminal
from dialogs.catalog import Catalog
from dialogs.home import home as home_of
from dialogs.journey import Turn
from dialogs.phrasing import phrase
from dialogs.replies import Reply
from tests.fuzz.target import Json, declared, fits, holds
from tests.platforms.discord import rules as discord_rules
from tests.platforms.slack import rules as slack_rules

LETTER = 7
MOST_CACHED = 2000
"""The rules remember every block that they have seen; there are many here."""


def fit(turn: Turn, catalog: Catalog, *, home: bool) -> None:
    """Check the replies of a turn on every platform. home: whether the Home tab is looked at as well."""
    replies = phrase(turn, catalog)
    holds(not any(reply.buttons for reply in replies[:-1]), "a question is asked before the end of a turn")
    window: Json = {}
    for number, reply in enumerate(replies, LETTER):
        _anywhere(reply)
        window = _discord(reply, catalog, window, number)
        _slack(reply, catalog)
    if home:
        view = slack_home.view(home_of(turn.journey, catalog), catalog)
        fits(slack_rules.view(view), "Slack, of the Home tab,")
    if slack_rules.by_models.cache_info().currsize > MOST_CACHED:
        slack_rules.by_models.cache_clear()


def _anywhere(reply: Reply) -> None:
    declared(reply, Reply)
    holds(reply.text.strip(), "a reply says nothing")
    holds(msgspec.json.decode(msgspec.json.encode(reply), type=Reply) == reply, "a reply does not come back as stored")
    holds(terminal.plain(reply).strip(), "the terminal shows nothing")


def _discord(reply: Reply, catalog: Catalog, window: Json, letter: int) -> Json:
    """Check a reply in direct messages, and added to the window of a server; return the window."""
    for part, payload in enumerate(discord.messages(reply, catalog)):
        sent = {**payload, "nonce": discord.nonce(letter, part, payload), "enforce_nonce": True}
        fits(discord_rules.message(sent, new=True), "Discord")
    if reply.form:
        form = discord.form(reply.form.name, str(reply.asked), catalog)
        fits(discord_rules.modal(form or {}), "Discord, of a form,")
    added = discord.window(window, letter, reply, catalog)
    if added is None:
        holds(False, "Discord's window does not take a new letter")  # noqa: FBT003 - it never holds here
        return window
    payload, files = added
    fits(discord_rules.message(discord.attached(payload, files), new=True), "Discord, of a window,")
    return payload


def _slack(reply: Reply, catalog: Catalog) -> None:
    for payload in slack.messages(reply, catalog):
        fits(slack_rules.message(slack.marked(payload, slack.mark(LETTER, 0, payload))), "Slack")
        json.dumps(payload)
    for payload in slack.unseen(reply, catalog):
        fits(slack_rules.message(payload), "Slack, of what one person sees,")
    if reply.form:
        form = slack.form(reply.form.name, str(reply.asked), catalog, "x")
        fits(slack_rules.view(form or {}), "Slack, of a form,")
