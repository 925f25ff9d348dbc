"""`python -m tests.licences`: writes docs/licences.md, every package that runs with the bot and its licence."""

import re
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "licences.md"
LOCK = ROOT / "requirements.lock"
PROJECT = "onward"

PERMISSIVE = frozenset(
    {
        *("0BSD", "Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "MIT", "MIT-0", "MIT-CMU", "PSF-2.0"),
        "Zlib",
    }
)
"""Licences that ask for nothing but their notice. "BSD" is what packages say that do not name the variant."""

SAID_AS = {
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "MIT License": "MIT",
    "Python Software Foundation License": "PSF-2.0",
}
"""Names of licences as packages say them without SPDX."""

ELSEWHERE: Mapping[str, str] = {"audioop-lts": "PSF-2.0"}
"""Packages that only other versions of Python need: where they are installed, what they say counts."""

HEAD = """# Licences

Every package of the lock that Onward needs to run, with the licence that it declares itself; `python -m tests.licences`
writes this page, and a test says when one comes in that asks for more than its notice. What only development needs is
not listed. Onward itself is under the [MIT licence](../LICENSE).

Packages for one kind of machine may bring compiled libraries with licences of their own, which stand in the package:
numpy's for Linux have libgfortran (GPL with the exception that lets everybody use it) and libquadmath (LGPL) in them.

| package | version | licence |
| --- | --- | --- |
"""


def pinned(lock: str) -> dict[str, str]:
    """Return the versions of each package in the lock; several where that depends on the Python."""
    found: dict[str, list[str]] = {}
    for line in re.findall(r"^([\w.-]+==[^\\\n]+)", lock, re.MULTILINE):
        pin = Requirement(line.strip())
        found.setdefault(canonicalize_name(pin.name), []).append(str(pin.specifier).removeprefix("=="))
    return {name: " or ".join(versions) for name, versions in found.items()}


def installed(name: str) -> Distribution | None:
    """Return a package as it is installed here, None where this Python does not need it."""
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def needed(name: str, extras: frozenset[str], locked: Mapping[str, str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield what a package needs by itself on any machine that the lock is for, and with which extras."""
    package = installed(name)
    for told in (package.requires if package else None) or ():
        one = Requirement(told)
        optional = one.marker is not None and "extra" in str(one.marker)
        if optional and not any(one.marker and one.marker.evaluate({"extra": extra}) for extra in extras):
            continue
        if canonicalize_name(one.name) in locked:
            yield canonicalize_name(one.name), frozenset(one.extras)


def run_with(locked: Mapping[str, str]) -> list[str]:
    """Return the packages that requirements of the project lead to, its extra for PostgreSQL included."""
    found: set[tuple[str, frozenset[str]]] = set()
    waiting = [(PROJECT, frozenset({"postgres"}))]
    while waiting:
        name, extras = waiting.pop()
        new = set(needed(name, extras, locked)) - found
        found |= new
        waiting += new
    return sorted({name for name, _ in found})


def licences(name: str) -> Sequence[str]:
    """Return the licences that a package declares; all of them hold, but for a choice, of which the first is taken."""
    package = installed(name)
    if package is None:
        return (ELSEWHERE.get(name, "unknown"),)
    if expression := _told(package, "License-Expression"):
        return [re.split(r"\s+OR\s+", one)[0].strip("() ") for one in re.split(r"\s+AND\s+", expression[0])]
    short = [SAID_AS.get(one, one) for one in _told(package, "License")]
    if short and short[0] in PERMISSIVE:
        return short
    classifiers = [one for one in _told(package, "Classifier") if one.startswith("License ::")]
    return [SAID_AS.get(one, one) for one in (each.rpartition(" :: ")[2] for each in classifiers)] or ("unknown",)


def _told(package: Distribution, field: str) -> list[str]:
    """Return what the metadata of a package says under a name."""
    return [str(one).strip() for one in package.metadata.get_all(field) or () if str(one).strip()]


def text() -> str:
    """Return the page."""
    locked = pinned(LOCK.read_text(encoding="utf-8"))
    rows = [f"| {name} | {locked[name]} | {', '.join(licences(name))} |" for name in run_with(locked)]
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
