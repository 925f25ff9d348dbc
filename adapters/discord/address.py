"""Where replies go in Discord, as the outbox keeps it."""

from dialogs.private import Private


class Direct(Private, frozen=True):
    """The direct messages with a person. `channel` is None when that channel still has to be opened."""

    channel: int | None = None

    def __str__(self) -> str:
        """Return the address as it is kept."""
        return f"dm/{self.channel or ''}"


class Pressed(Private, frozen=True):
    """The answer to an interaction, which only the person who pressed sees. Discord keeps it open for 15 minutes.

    id: of the interaction. token: what answering takes.
    """

    id: int
    token: str

    def __str__(self) -> str:
        """Return the address as it is kept."""
        return f"i/{self.id}/{self.token}"


Address = Direct | Pressed


def read(text: str) -> Address:
    """Return an address from how it is kept; what says nothing is the direct messages."""
    kind, _, rest = text.partition("/")
    if kind == "i":
        number, _, token = rest.partition("/")
        return Pressed(id=int(number), token=token)
    return Direct(channel=int(rest) if rest else None)
