"""What Slack needs of the application."""

from typing import Protocol

from adapters import host
from dialogs.home import Home


class Host(host.Host, Protocol):
    """The application, as Slack sees it."""

    @property
    def shared(self) -> bool:
        """Whether other processes may serve the same people."""
        ...

    async def home(self, person: str) -> Home:
        """Return what is on somebody's page."""
        ...

    async def purge(self, workspace: str) -> None:
        """Erase everything of a workspace, and of everybody in it."""
        ...
