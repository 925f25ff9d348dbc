"""What platforms ask about what members of a community do with each other."""

from typing import Protocol

from dialogs.acts import Act, Member
from dialogs.replies import Reply


class TooManyError(Exception):
    """Somebody does more than people can, and was told so: nothing is done, and nothing is to be shown."""


class Members(Protocol):
    """Takes acts. What is said to others is posted to them; what the member is shown now is returned."""

    async def community_of(self, person: str, act: Act) -> str:
        """Return the community that an act is about when it was not done there, "" when there is none."""
        ...

    async def act(self, member: Member, act: Act, event: str) -> Reply | None:
        """Return what a member is shown after an act; None when the event was taken before.

        event: the platform's own id of it. Raises TooManyError, or what kept it from being done, a StorageError
        as a rule.
        """
        ...
