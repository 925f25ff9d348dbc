"""The files in docs/deploy, read."""

import json
import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent.parent
DEPLOY = ROOT / "docs" / "deploy"

Instruction = tuple[str, str]
"""A word in capitals, and what stands behind it."""


def stages() -> list[list[Instruction]]:
    """Return the instructions of the Dockerfile, stage by stage; each begins with its FROM."""
    text = re.sub(r"^#.*\n", "", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    found: list[list[Instruction]] = [[]]
    for line in text.replace("\\\n", " ").splitlines():
        if not line.strip():
            continue
        word, _, rest = line.strip().partition(" ")
        if word == "FROM":
            found.append([])
        found[-1].append((word, " ".join(rest.split())))
    return found[1:]


def told(stage: list[Instruction], word: str) -> list[str]:
    """Return what stands behind each instruction of a kind."""
    return [rest for one, rest in stage if one == word]


def health_check() -> list[str]:
    """Return the command that asks the bot for its health."""
    (line,) = told(stages()[-1], "HEALTHCHECK")
    command: list[str] = json.loads(line.partition("CMD ")[2])
    return command


def copied() -> list[str]:
    """Return what the Dockerfile takes from the project."""
    lines = [line.split() for stage in stages() for line in told(stage, "COPY") if not line.startswith("--from=")]
    return [source for *sources, _ in lines for source in sources]


def services() -> dict[str, Any]:
    """Return the services of compose.yaml."""
    read = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    found: dict[str, Any] = read["services"]
    return found


def unit() -> dict[str, list[str]]:
    """Return what the unit of systemd sets; a name may stand there several times."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(
        r"^(\w+)=(.*)$", (DEPLOY / "onward.service").read_text(encoding="utf-8"), re.MULTILINE
    ):
        found.setdefault(name, []).append(value)
    return found


def example() -> dict[str, str]:
    """Return what environment.example would set if nothing in it were commented out."""
    text = (DEPLOY / "environment.example").read_text(encoding="utf-8")
    return dict(re.findall(r"^#?([A-Z_]+)=(.*)$", text, re.MULTILINE))
