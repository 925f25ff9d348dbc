"""The Home tab: everything about a person on one page, which nobody else sees."""

from collections.abc import Mapping, Sequence

from adapters.slack import richtext
from adapters.slack.controls import DO
from adapters.slack.elements import Payload, actions, button, plain, short, text_input, window
from dialogs.catalog import Catalog
from dialogs.home import Home, Point

TICK, COMMAND, SETTINGS = "o:tick", "o:command", "o:settings"
"""How the ids of its elements begin; behind the second stands the name of a command."""

MOST_TASKS, MOST_IN_A_GROUP = 50, 10
"""Slack takes ten check boxes in a group. https://docs.slack.dev/reference/block-kit/block-elements/checkboxes-element"""

LONGEST_TASK, LONGEST_SETTING = 150, 40
MARKS = {"past": "\N{BLACK CIRCLE}", "here": "\N{FISHEYE}", "ahead": "\N{WHITE CIRCLE}"}
LINE = " \N{BOX DRAWINGS LIGHT HORIZONTAL}\N{BOX DRAWINGS LIGHT HORIZONTAL} "
SETTINGS_SHOWN = ("zone", "country", "hour", "quiet")
ACTS: Mapping[str, Sequence[str]] = {"mentors": ("mentor.find", "mentor.offer"), "wins": ("wins.share",)}
"""What members can do with each part that is on."""

BUTTONS = ("helpline", "export", "erase")
"""Commands with a button; the one that may be needed at once comes first."""


def view(home: Home, catalog: Catalog) -> Payload:
    """Return the page.

    https://docs.slack.dev/surfaces/app-home
    """

    def words(name: str) -> str:
        return catalog.plain(f"home.{name}")

    blocks: list[Payload] = []
    if home.path:
        blocks += [_header(words("path")), _drawn(home.path)]
    else:
        blocks += [richtext.line(words("begin")), actions([button(f"{COMMAND}:rejected", words("start"))])]
    if home.tasks:
        blocks += [_header(words("tasks")), *_tasks(home)]
    (rest, *_) = richtext.blocks(home.rest)
    settings = button(SETTINGS, words("set"))
    commands = [button(f"{COMMAND}:{name}", words(name)) for name in BUTTONS]
    blocks += [{"type": "divider"}, *rest, actions([settings]), {"type": "divider"}, actions(commands)]
    return {"type": "home", "blocks": blocks}


def for_members(features: Sequence[str], catalog: Catalog) -> list[Payload]:
    """Return what stands on the page of members of a workspace in which these parts are on, under everything else."""
    buttons = [
        button(f"{DO}:{act}", catalog.plain(f"slack.{act.replace('.', '_')}"))
        for feature, offered in ACTS.items()
        if feature in features
        for act in offered
    ]
    return [{"type": "divider"}, actions(buttons)] if buttons else []


def settings_form(catalog: Catalog, private: str) -> Payload:
    """Return the window in which time zone, country and hours are changed; what is left empty stays as it is."""

    def words(name: str) -> str:
        return catalog.plain(f"slack.{name}")

    fields = [text_input(name, words(name), LONGEST_SETTING) for name in SETTINGS_SHOWN]
    return window(SETTINGS, words("settings_title"), fields, catalog, private)


def _drawn(path: tuple[Point, ...]) -> Payload:
    """Draw the path: a line of stations, with the one in bold where the person is."""
    parts: list[Payload] = []
    for number, point in enumerate(path):
        text = f"{LINE if number else ''}{MARKS[point.when]} {point.label}"
        parts.append({"type": "text", "text": text, **({"style": {"bold": True}} if point.when == "here" else {})})
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": parts}]}


def _tasks(home: Home) -> list[Payload]:
    """Return the plan in groups of check boxes. The id of a group names the actions that are in it."""
    groups = []
    for begin in range(0, min(len(home.tasks), MOST_TASKS), MOST_IN_A_GROUP):
        tasks = home.tasks[begin : begin + MOST_IN_A_GROUP]
        options = [{"text": plain(short(task.text, LONGEST_TASK)), "value": str(task.number)} for task in tasks]
        done = [option for option, task in zip(options, tasks, strict=True) if task.done]
        element = {
            "type": "checkboxes",
            "action_id": f"{TICK}:{'.'.join(str(task.number) for task in tasks)}",
            "options": options,
            **({"initial_options": done} if done else {}),
        }
        groups.append({"type": "actions", "elements": [element]})
    return groups


def _header(text: str) -> Payload:
    return {"type": "header", "text": plain(text)}
