"""The base of every value that may hold what a person wrote."""

from msgspec import Struct


class Private(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An immutable value whose repr names the type and nothing else.

    A log line, an exception or a failed assertion that shows such a value can therefore never show a person's words.
    Fields that still have their default are left out when it is encoded, which keeps stored states small.
    """

    def __repr__(self) -> str:
        """Return the type's name, and none of the contents."""
        return f"<{type(self).__name__}>"
