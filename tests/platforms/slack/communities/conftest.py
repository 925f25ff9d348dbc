"""An admin of the workspace."""

import pytest

from tests.platforms.slack.communities.set_up import admin_of
from tests.platforms.slack.people import Person
from tests.platforms.slack.server import Server
from tests.platforms.slack.world import Channel


@pytest.fixture
def ada(server: Server, town: Channel) -> Person:
    """Give an admin of the workspace."""
    return admin_of(server, town)
