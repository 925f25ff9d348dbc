"""Slack's parser with payloads that are not what Slack sends."""

from collections.abc import Mapping
from random import Random
from typing import Any

from msgspec.structs import replace

from adapters.port import Arrival
from adapters.slack import address, controls, parse, render
from adapters.slack.acting import Origin
from adapters.slack.address import Direct, Unseen
from adapters.slack.controls import Asked
from adapters.slack.parse import OpenForm, OpenSettings, Place
from adapters.slack.presses import SENSIBLE, Shown, Window
from dialogs.acts import Act
from dialogs.events import Commanded, Filled, Said, Tapped
from tests.fuzz.heard import heard
from tests.fuzz.mutators import mutated
from tests.fuzz.real import CATALOG
from tests.fuzz.real_slack import payloads
from tests.fuzz.target import Json, Made, Target, declared, holds
from tests.fuzz.texts import nasty

ME = "U000000002"
PLACE = Place(workspace="T1", user="U1", channel="D1")


class Slack(Target):
    """Events, commands, presses, windows and shortcuts: each means something, or nothing."""

    name = "slack"

    def make(self, random: Random) -> Made:
        """Return the kind of a payload, and a real one of that kind with changes in it."""
        kind, payload = random.choice(payloads())
        return [kind, payload if random.random() < 0.02 else mutated(random, payload), nasty(random)]

    def check(self, made: Made) -> None:
        """Check what a payload means, and what is kept of it."""
        kind, payload, text = made
        if isinstance(payload, Mapping):
            self.reached.add(self._heard(kind, payload))
        window = Window.read(text)
        declared(window, Window)
        declared(address.read(text), Direct | Unseen)
        for sensible in SENSIBLE.values():
            sensible(text)

    def _heard(self, kind: str, payload: Mapping[str, Any]) -> str:
        match kind:
            case "event":
                return _event(payload.get("event") or {})
            case "command":
                _where(payload)
                declared(parse.act(payload), Act | None)
                return heard(parse.command(payload), Said | Commanded | None)
            case "shortcut":
                _where(payload)
                return heard(parse.shortcut(payload), Said | Commanded | None)
            case "press":
                return _pressed(payload)
            case _:
                return _submitted(payload.get("view") or {})


def _event(message: Json) -> str:
    events = parse.said(message, me=ME)
    told = [heard(event, Said | Commanded) for event in events]
    arrivals = parse.arrivals(message, events, PLACE, {})
    holds(len(arrivals) == len(events), "an event got lost")
    for arrival in arrivals:
        declared(arrival, Arrival)
        declared(address.read(arrival.address), Direct)
        declared(parse.read_cursor(arrival.cursor), tuple)
    return " ".join(told)


def _pressed(payload: Mapping[str, Any]) -> str:
    meant = parse.press(payload)
    told = heard(meant, Tapped | Commanded | OpenForm | OpenSettings)
    _where(payload)
    window = Window.of(PLACE.person, payload)
    declared(window, Window)
    kept = Window.read(window.kept())
    holds(kept in (window, replace(window, shown=Shown())), "a window is not kept as it is")
    declared(Origin.of(payload, PLACE.person), Origin)
    action: Json = next(iter(payload.get("actions") or ()), {})
    act = controls.act_of(action)
    declared(act, Act | None)
    asked = controls.asked(action)
    declared(asked, Asked | None)
    if act is not None and asked is not None:
        declared(controls.form(act, asked, CATALOG, ""), dict)
    label = parse.label(payload)
    declared(label, str)
    if isinstance(meant, Tapped) and label:
        declared(render.chosen(window.shown.blocks, label, still_open=True), dict)
    return told


def _submitted(view: Json) -> str:
    if isinstance(view, Mapping):
        kept = str(view.get("private_metadata") or "")
        declared(Window.read(kept), Window)
        declared(Origin.read(kept), Origin)
        declared(controls.written(view), Act | None)
    return heard(parse.submitted(view), Said | Filled | Commanded | Tapped)


def _where(payload: Mapping[str, Any]) -> None:
    where = parse.where(payload)
    declared(where, Direct | Unseen)
    declared(address.read(str(where)), Direct | Unseen)
