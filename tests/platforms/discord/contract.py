"""Discord's published description of its API, where it lies beside the checkout; requests are held against it too."""

import importlib.util
import warnings
from functools import cache
from pathlib import Path
from types import ModuleType

FOLDER = Path(__file__).parents[4] / "shared" / "discord"

KNOWN = ("tts",)
"""What the library always sends and the description calls superfluous: harmless."""


@cache
def _checker() -> ModuleType | None:
    path = FOLDER / "contract.py"
    if not (FOLDER / "openapi.json").exists() or not path.exists():
        return None
    spec = importlib.util.spec_from_file_location("discord_contract", path)
    if spec is None or spec.loader is None:
        return None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # it reads the description without closing the file
        module.find("GET", "/gateway/bot")
    return module


def available() -> bool:
    """Say whether the description is there."""
    return _checker() is not None


def wrong(method: str, path: str, body: object) -> list[str]:
    """Return what the description says against a request; nothing when it is not there."""
    checker = _checker()
    if checker is None:
        return []
    told = [*checker.check_request(method, path, body, lenient_ids=True), *checker.check_documented(method, path, body)]
    return [str(one) for one in told]


def answered_wrong(method: str, path: str, status: int, body: object) -> list[str]:
    """Return what the description says against our own server's answer."""
    checker = _checker()
    return [] if checker is None else [str(one) for one in checker.check_response(method, path, status, body)]
