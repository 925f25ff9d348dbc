"""Where replies go in Slack, as the outbox keeps it."""

from dialogs.private import Private


class Direct(Private, frozen=True):
    """The direct messages with a person. `channel` is "" when it still has to be looked up.

    thread: the message under which the talk goes on, "" for the channel itself.
    """

    channel: str = ""
    thread: str = ""

    def __str__(self) -> str:
        """Return the address as it is kept."""
        return f"dm/{self.channel}/{self.thread}" if self.thread else f"dm/{self.channel}"


class Unseen(Private, frozen=True):
    """The answer to a command or press in a channel, which only that person sees.

    url: Slack takes up to five messages there, for half an hour.
    https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
    """

    channel: str
    url: str

    def __str__(self) -> str:
        """Return the address as it is kept."""
        return f"u/{self.channel}/{self.url}"


Address = Direct | Unseen


def read(text: str) -> Address:
    """Return an address from how it is kept; what says nothing is the direct messages."""
    kind, _, rest = text.partition("/")
    channel, _, more = rest.partition("/")
    return Unseen(channel=channel, url=more) if kind == "u" else Direct(channel=channel, thread=more)
