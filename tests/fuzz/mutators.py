"""How real inputs become wrong ones: values of JSON, texts and bytes, each changed in a few places."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from random import Random

from tests.fuzz.target import Json
from tests.fuzz.texts import nasty

NUMBERS: Sequence[int | float] = (0, 1, -1, 2, 5, 99, 2**31, 2**53, -(2**63), 2**64, 10**30, 10**300, 0.5, -0.0, 1e308)
DIGITS = ("0", "1", "-1", "1.5", "007", "1e3", "\u0661", "\u00b2", "9" * 20, "9" * 5000, "0x10", " 1", "nan")
MOST_CHANGES = 4
DEEP = 100
LONGEST = 100_000

BYTES = (b"", b"\x00", b"\xff", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"{", b"}", b"[", b"]", b'"', b"\\", b"\\u", b",",
         b":", b"null", b"true", b"-1", b"1e999", b"9" * 30, b"\\ud800", b"\xef\xbb\xbf", b"[" * 5000, b'{"a":' * 2000,
         b"9" * 5000, b"0001-01-01", b"9999-12-31T23:59:59Z")  # fmt: skip

Place = tuple[dict[str, Json] | list[Json], str | int]
"""A container, and the key or number in it."""


def value(random: Random, depth: int = 0) -> Json:
    """Return a value of JSON that is not what anybody expects."""
    kinds: list[Callable[[], Json]] = [
        lambda: None,
        lambda: random.random() < 0.5,
        lambda: random.choice(NUMBERS),
        lambda: random.choice(DIGITS),
        lambda: nasty(random),
        lambda: "",
        list,
        dict,
    ]
    if depth < 3:
        kinds += [
            lambda: [value(random, depth + 1) for _ in range(random.randint(1, 3))],
            lambda: {nasty(random)[:20]: value(random, depth + 1) for _ in range(random.randint(1, 3))},
        ]
    return random.choice(kinds)()


def mutated(random: Random, given: Json) -> Json:
    """Return a value with a few changes somewhere in it; the given one stays as it is."""
    changed = deepcopy(given)
    for _ in range(random.randint(1, MOST_CHANGES)):
        places = _places(changed)
        if not places:
            return value(random)
        random.choice(CHANGES)(random, places)
    return changed


def _places(given: Json) -> list[Place]:
    """Return every place in a value, the outer ones first."""
    found: list[Place] = []
    waiting = [given]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict | list):
            found += [(one, key) for key in (one if isinstance(one, dict) else range(len(one)))]
            waiting += one.values() if isinstance(one, dict) else one
    return found


def _at(where: Place) -> Json:
    container: Json = where[0]
    return container[where[1]]


def _put(where: Place, new: Json) -> None:
    container: Json = where[0]
    container[where[1]] = new


def _drop(random: Random, places: Sequence[Place]) -> None:
    container, key = random.choice(places)
    del container[key]  # type: ignore[arg-type] # the key belongs to the container


def _retype(random: Random, places: Sequence[Place]) -> None:
    _put(random.choice(places), value(random))


def _nest(random: Random, places: Sequence[Place]) -> None:
    where = random.choice(places)
    inner = _at(where)
    for _ in range(random.choice((1, 1, 2, DEEP))):
        inner = [inner] if random.random() < 0.5 else {"x": inner}
    _put(where, inner)


def _unnest(random: Random, places: Sequence[Place]) -> None:
    where = random.choice(places)
    inside = _at(where)
    if isinstance(inside, dict | list) and inside:
        _put(where, next(iter(inside.values())) if isinstance(inside, dict) else inside[0])


def _enlarge(random: Random, places: Sequence[Place]) -> None:
    where = random.choice(places)
    inside, times = _at(where), random.choice((2, 3, 30, 300))
    if isinstance(inside, str):
        _put(where, (inside * times)[:LONGEST])
    elif isinstance(inside, list):
        _put(where, [deepcopy(one) for _ in range(times) for one in inside[:3]])
    elif isinstance(inside, dict):
        inside.update({nasty(random)[:20]: value(random) for _ in range(min(times, 30))})
    elif isinstance(inside, int):
        _put(where, inside * 10**times)


def _swap(random: Random, places: Sequence[Place]) -> None:
    one, other = random.choice(places), random.choice(places)
    first, second = deepcopy(_at(one)), deepcopy(_at(other))
    _put(one, second)
    _put(other, first)


def _rename(random: Random, places: Sequence[Place]) -> None:
    container, key = random.choice(places)
    if isinstance(container, dict) and isinstance(key, str):
        container[text(random, key)] = container.pop(key)


def _reword(random: Random, places: Sequence[Place]) -> None:
    where = random.choice(places)
    inside = _at(where)
    if isinstance(inside, str):
        _put(where, text(random, inside))


CHANGES: Sequence[Callable[[Random, Sequence[Place]], None]] = (
    _drop,
    _retype,
    _nest,
    _unnest,
    _enlarge,
    _swap,
    _rename,
    _reword,
    _reword,
    _reword,
)


def text(random: Random, given: str) -> str:
    """Return a text with something put in, taken out, doubled or taken for something else."""
    begin, end = sorted(random.randint(0, len(given)) for _ in range(2))
    part = random.choice(("", random.choice(DIGITS), nasty(random), given[begin:end] * 2, ":", "/", "|", " ", "\n"))
    if random.random() < 0.3:
        return part
    return given[:begin] + part + given[end if random.random() < 0.6 else begin :]


def data(random: Random, given: bytes) -> bytes:
    """Return bytes with some of them changed, put in, taken out, doubled or moved."""
    for _ in range(random.randint(1, MOST_CHANGES)):
        begin = random.randint(0, len(given))
        end = min(len(given), begin + random.choice((1, 1, 2, 8, 100)))
        match random.randrange(6):
            case 0:
                part = random.randbytes(end - begin)
            case 1:
                part = random.choice(BYTES)
            case 2:
                part = given[begin:end] * random.choice((2, 3, 50))
            case 3:
                part = bytes(one ^ 1 << random.randrange(8) for one in given[begin:end])
            case 4:
                other = random.randint(0, len(given))
                part = given[other : other + end - begin]
            case _:
                part = b""
        given = given[:begin] + part + given[end:]
    return given[: random.randint(0, len(given))] if random.random() < 0.05 else given
