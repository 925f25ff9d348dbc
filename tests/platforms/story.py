"""A story with several people, written down as each of them sees it, to be read and compared."""

from collections.abc import Iterable, Mapping


class Story:
    """What people do, and what each sees of it."""

    def __init__(self, head: str) -> None:
        """Begin with a heading."""
        self._parts = [head.strip()]
        self._seen: dict[str, str] = {}

    def chapter(self, title: str) -> None:
        """Begin a chapter."""
        self._parts.append(f"## {title}")

    def tell(self, what: str, screens: Iterable[Mapping[str, str]]) -> None:
        """Write down what somebody did, and the messages that changed: each has an "id", "who" sees it, and "shows"."""
        self._parts.append(f"**{what}**")
        changed = []
        for screen in screens:
            shows = screen["shows"]
            if self._seen.get(screen["id"], "") != shows:
                self._seen[screen["id"]] = shows
                changed.append(f"{screen['who']}:\n\n```text\n{shows or '(it is gone)'}\n```")
        self._parts += changed or ["Nobody sees anything."]

    def text(self) -> str:
        """Return the page."""
        return "\n\n".join(self._parts) + "\n"
