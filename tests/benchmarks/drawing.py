"""How long a picture takes to draw, and how large it is."""

from dataclasses import dataclass
from statistics import median
from time import perf_counter

from dialogs.pictures import Picture
from tests.conversations import on_engine
from tests.conversations.script import scripts

TIMES = 5


@dataclass(frozen=True)
class Drawn:
    """Milliseconds of the first picture and of the median one; the largest in thousands of bytes."""

    first: float
    median: float
    largest: float


def pictures() -> list[Picture]:
    """Return every picture of the six weeks."""
    player, found = on_engine.Player(), []
    (script,) = [one for one in scripts() if one.path.stem == "six_weeks"]
    for beat in script.beats:
        player.play(beat)
        found += [reply.picture for reply in player.replies if reply.picture]
    return found


def measure() -> Drawn:
    """Draw them all, a few times."""
    shown = pictures()
    begun = perf_counter()
    from adapters.card import png  # noqa: PLC0415 - loading it is part of the first one

    png(shown[0])
    first = perf_counter() - begun
    took, sizes = [], []
    for picture in shown * TIMES:
        begun = perf_counter()
        sizes.append(len(png(picture)))
        took.append(perf_counter() - begun)
    return Drawn(first=first * 1000, median=median(took) * 1000, largest=max(sizes) / 1000)
