"""The dashboard, the alerts and their page tell of what is really exported, and of all of it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from bot.metrics import Metrics
from tests.bot.test_metrics import ALLOWED

DOCS = Path(__file__).parent.parent / "docs"
NAME = re.compile(r"\b(?:onward|process|python)_[a-z_]+\b")
MATCHER = re.compile(r'(\w+)\s*(=~|!=|=)\s*"([^"]*)"')
GROUPED = re.compile(r"\bby \(([^)]*)\)")
PROMETHEUS_OWN = {"job", "instance", "le"}
"""Labels that are not ours."""


def rules() -> list[dict[str, Any]]:
    """Return the rules for alerts."""
    found = yaml.safe_load((DOCS / "deploy" / "alerts.yaml").read_text())
    return [rule for group in found["groups"] for rule in group["rules"]]


def panels() -> list[dict[str, Any]]:
    """Return what is on the dashboard."""
    found: list[dict[str, Any]] = json.loads((DOCS / "deploy" / "dashboard.json").read_text())["panels"]
    return found


def queries() -> list[str]:
    """Return everything that Prometheus is asked for."""
    shown = [target["expr"] for panel in panels() for target in panel["targets"]]
    return shown + [rule["expr"] for rule in rules()]


def exported() -> dict[str, dict[str, set[str]]]:
    """Return each series by its name, with its labels and their values."""
    found: dict[str, dict[str, set[str]]] = {}
    for family in text_string_to_metric_families(generate_latest(Metrics().registry).decode()):
        for one in family.samples:
            labels = found.setdefault(one.name, {})
            for label, value in one.labels.items():
                labels.setdefault(label, set()).add(value)
    return found


@pytest.mark.parametrize("query", queries())
def test_a_query_asks_for_what_there_is(query: str) -> None:
    """Names, labels and values: a query for something else would be empty for ever, and an alert silent."""
    there = exported()
    named = set(NAME.findall(query))
    assert named <= set(there)
    assert named or query == 'up{job="onward"} == 0'
    labels = {label for name in named for label in there[name]} | PROMETHEUS_OWN
    for grouped in GROUPED.findall(query):
        assert {label.strip() for label in grouped.split(",")} <= labels
    for label, _, value in MATCHER.findall(query):
        assert label in labels
        assert label in PROMETHEUS_OWN or set(value.split("|")) <= ALLOWED[label]


def test_each_metric_is_explained_and_shown_once() -> None:
    """Whoever adds one says what it means, and puts it where it is seen."""
    page = (DOCS / "operating.md").read_text()
    ours = {name for name in exported() if name.startswith("onward_")}
    families = {re.sub(r"_(?:bucket|sum|count)$", "", name) for name in ours}
    assert families == set(re.findall(r"\bonward_[a-z_]+\b", page.partition("## What is counted")[2]))
    asked = {re.sub(r"_(?:bucket|sum|count)$", "", name) for query in queries() for name in NAME.findall(query)}
    assert families <= asked


def test_each_alert_is_explained() -> None:
    """What it means and what to do stands in a row of its own, and in its own words in the rule."""
    page = (DOCS / "operating.md").read_text()
    assert re.findall(r"^\| `(Onward\w+)` \|", page, re.MULTILINE) == [rule["alert"] for rule in rules()]
    assert all(rule["annotations"]["summary"] and rule["labels"]["severity"] for rule in rules())


def test_the_dashboard_can_be_imported() -> None:
    """Each panel has a number, a place and the source that is chosen at the import."""
    found = panels()
    assert len({panel["id"] for panel in found}) == len(found)
    cells = [
        (x, y)
        for panel in found
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24
    sources = [panel["datasource"] for panel in found] + [one["datasource"] for p in found for one in p["targets"]]
    assert {source["uid"] for source in sources} == {"${datasource}"}
