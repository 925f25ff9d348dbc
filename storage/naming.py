"""Names of events: whoever has the database, and not the key, cannot tell whose they are or which."""

from collections.abc import Sequence
from hashlib import blake2b

SECRET_BYTES = 32

Range = tuple[str, str]


class EventNames:
    """Makes names of events with a secret of the database; all names of a person's events lie in one range."""

    def __init__(self, secret: bytes) -> None:
        """Take the secret."""
        self._secret = secret

    def name(self, person: str, event: str) -> str:
        """Return the name of an event of a person, in hexadecimal digits."""
        return self._begins(person) + self._digest(f"{person}\n{event}", 12)

    def of(self, people: Sequence[str]) -> list[Range]:
        """Return, for each person, the range of names of their events: from the first on, up to before the second."""
        return [(begin, f"{begin}g") for begin in map(self._begins, people)]

    def alias(self, person: str) -> str:
        """Return how a person is called in a log: the same each time, and in no row of the database."""
        return self._digest(f"log\n{person}", 6)

    def number(self, about: str, below: int) -> int:
        """Return a number from 0 on that belongs to a text for ever, and that nobody can tell without the secret."""
        drawn = blake2b(about.encode(), key=self._secret, digest_size=8, person=b"onward number").digest()
        return int.from_bytes(drawn) % below

    def _begins(self, person: str) -> str:
        return self._digest(person, 8)

    def _digest(self, text: str, size: int) -> str:
        return blake2b(text.encode("utf-8", "surrogatepass"), key=self._secret, digest_size=size).hexdigest()
