"""The order of the tests: the long ones first, so that the workers end at about the same time."""

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put long tests first, and leave the order of all others."""
    items.sort(key=lambda item: not any(item.iter_markers("long")) and not any(item.iter_markers("faults")))
