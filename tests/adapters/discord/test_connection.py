"""What the connection adds to the library's own."""

import pytest
from discord.http import Ratelimit

from adapters.discord import connection
from adapters.discord.connection import Connection

MANY = 2000


async def test_many_presses_do_not_make_each_request_slower(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each has limits of its own for some minutes; they are looked through now and then, and forgotten in the end."""
    looked_at = 0

    def rested(_: Ratelimit) -> bool:
        nonlocal looked_at
        looked_at += 1
        return looked_at > MANY

    monkeypatch.setattr(Ratelimit, "is_inactive", rested)
    http = Connection().http
    for number in range(MANY):
        http.get_ratelimit(f"{number}")
    assert looked_at < MANY
    looked_at = MANY
    monkeypatch.setattr(connection, "LOOKED_THROUGH_EVERY", 0)
    http.get_ratelimit("one more")
    assert len(http._buckets) == 0  # noqa: SLF001 - where the library keeps them
