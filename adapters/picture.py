"""A picture as a PNG, drawn when it is sent."""

import asyncio
import logging
import threading

from dialogs.pictures import Picture

_one_at_a_time = threading.Lock()


log = logging.getLogger(__name__)


async def drawn(picture: Picture | None) -> bytes | None:
    """Return a picture as a PNG, drawn beside the event loop; None for what cannot be drawn: the text says it all."""
    return None if picture is None else await asyncio.to_thread(_draw, picture)


def _draw(picture: Picture) -> bytes | None:
    # The library takes most of a second and 40 MB, and many a process never draws. It knows no threads.
    with _one_at_a_time:
        from adapters.card import CannotDrawError, png  # noqa: PLC0415 - see above

        try:
            return png(picture)
        except CannotDrawError as error:
            log.info("a picture was not drawn: %s", error)
            return None
