"""What can be made of the pulse by somebody who wants to find one person in it, knowing the program and everybody else.

`Seen` is what somebody sees in a world, with the chance that they see it. An attack compares two worlds that differ by
one person: what is seen in one and never in the other proves something, and whatever is seen in both proves nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from hashlib import blake2b
from itertools import combinations_with_replacement, product
from math import factorial
from typing import Any

import msgspec
import pytest
from msgspec import inspect
from msgspec.structs import replace

from dialogs import pulse, pulse_page
from dialogs.catalog import Catalog
from dialogs.journey import Journey, Membership, Settings
from dialogs.pulse import DRAWS, HAZIEST, STEP, Count, counted, months_over, published, shown
from tests.dialogs.test_pulse import HERE, MONTH, NOW, SETTINGS, THERE, member

CATALOG = Catalog.load()
COUNTS = range(61)
HAZES = range(HAZIEST + 1)

Seen = Mapping[object, Fraction]

ONCE_IN_125 = Fraction(1, STEP**DRAWS)


def chances() -> dict[int, Fraction]:
    """Return how probable each haze is."""
    sums = Counter(map(sum, product(range(STEP), repeat=DRAWS)))
    return {haze: Fraction(times, STEP**DRAWS) for haze, times in sums.items()}


CHANCES = chances()


def seen(counts: tuple[int, ...], look: Callable[[Sequence[int]], object] = lambda shown: shown) -> Seen:
    """Return what is seen of figures with these counts, each with a haze of its own."""
    found: dict[object, Fraction] = {}
    for hazes in product(HAZES, repeat=len(counts)):
        chance = Fraction(1)
        for haze in hazes:
            chance *= CHANCES[haze]
        what = look(tuple(map(published, counts, hazes)))
        found[what] = found.get(what, Fraction()) + chance
    return found


def proof(of: Seen, against: Seen) -> Fraction:
    """Return how probable it is to see in a world what cannot be seen in the other."""
    return sum((chance for what, chance in of.items() if not against.get(what)), Fraction())


def draw(about: str, below: int) -> int:
    """Draw as a host does that has some secret."""
    return int.from_bytes(blake2b(about.encode(), key=b"some secret", digest_size=8).digest()) % below


@pytest.mark.parametrize("count", COUNTS)
def test_a_figure_is_about_five_people_or_more_and_could_be_of_many_counts(count: int) -> None:
    """Whatever the haze is; and who knows a figure knows its count to within five at the best, in fact within 17."""
    for haze in HAZES:
        figure = published(count, haze)
        assert figure % STEP == 0
        assert figure <= count
        consistent = {other for other in range(count + 40) for one in HAZES if published(other, one) == figure}
        assert count in consistent
        assert len(consistent) >= 17
        if figure:
            assert min(consistent) >= STEP


@pytest.mark.parametrize("count", COUNTS)
def test_one_person_more_is_seen_in_one_figure_of_five_and_proved_in_one_of_125(count: int) -> None:
    """By somebody who knows of all the others whether they were counted."""
    same = sum(chance for haze, chance in CHANCES.items() if published(count, haze) == published(count + 1, haze))
    assert same >= Fraction(4, 5)
    without, with_them = seen((count,)), seen((count + 1,))
    assert proof(with_them, without) <= ONCE_IN_125
    assert proof(without, with_them) <= ONCE_IN_125


@pytest.mark.parametrize("count", range(4, 40))
def test_subtracting_two_months_finds_nobody(count: int) -> None:
    """The same people came in both, and in the second one more: each difference could be without them just as well."""
    without = seen((count, count), lambda two: two[1] - two[0])
    with_them = seen((count, count + 1), lambda two: two[1] - two[0])
    assert proof(with_them, without) <= ONCE_IN_125
    assert proof(without, with_them) <= ONCE_IN_125


@pytest.mark.parametrize("count", range(4, 40))
def test_subtracting_figures_of_one_month_finds_nobody(count: int) -> None:
    """Everybody who came went on to the next stage, or all but one: who has not gone on cannot be told."""
    everybody, but_one = seen((count, count)), seen((count, count - 1))
    assert proof(but_one, everybody) <= ONCE_IN_125
    assert proof(everybody, but_one) <= ONCE_IN_125


def test_no_two_figures_share_a_haze() -> None:
    """With one haze for several figures, counts that are made up could be set against each other to find it."""
    asked: list[str] = []

    def noted(about: str, below: int) -> int:
        asked.append(about)
        return draw(about, below)

    months = months_over(NOW)
    counts = {(month, figure): 50 for month in months for figure in pulse.FIGURES}
    for community in (HERE, THERE, f"{HERE}7"):
        shown(community, counts, noted)
    assert len(asked) == len(set(asked)) == 3 * len(counts) * DRAWS
    assert {shown(HERE, counts, draw)[months[0]][figure] for figure in pulse.FIGURES} <= {35, 40, 45, 50}


def test_asking_again_shows_the_same() -> None:
    """So nobody can ask until the haze is lifted."""
    counts = {(MONTH, figure): 30 + number for number, figure in enumerate(pulse.FIGURES)}
    assert shown(HERE, counts, draw) == shown(HERE, dict(reversed(counts.items())), draw)


def test_the_month_that_is_going_on_is_never_shown() -> None:
    """Asking before and after somebody came shows nothing of them, on no day of the year."""
    day = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(366):
        now = day + timedelta(days=number, hours=number % 24)
        assert pulse.month_of(now) not in months_over(now, pulse.KEPT)
        assert pulse.month_of(now - pulse.MARGIN) not in months_over(now, pulse.KEPT)


@pytest.mark.parametrize("count", range(STEP))
def test_fewer_than_five_look_like_nobody(count: int) -> None:
    """The page is that of a community to which nobody came, in every line and menu."""
    counts = {("2026-10", figure): count for figure in pulse.FIGURES}
    for haze in range(STEP):
        months = shown(HERE, counts, lambda _about, _below, haze=haze: haze)  # type: ignore[misc]
        assert pulse_page.page(months, "2026-10", CATALOG) == pulse_page.page({}, "2026-10", CATALOG)


def test_a_member_of_two_communities_is_in_a_figure_of_one_of_them() -> None:
    """So two admins who compare theirs have no two hazes over the same people."""
    here, there = SETTINGS.communities[0], Membership(community=THERE, features=("pulse",))
    journey, found = member(), list[Count]()
    for number in range(8):
        both = (here, there) if number % 2 else (there, here)
        journey, counts = counted(journey, replace(journey, settings=Settings(communities=both)), NOW)
        found += counts
    assert found == [Count(HERE, MONTH, "came")]


def test_switching_it_off_and_on_counts_nobody_again() -> None:
    """They remember that they were counted."""
    off = Settings(communities=(Membership(community=HERE, features=()),))
    journey, counts = counted(member(), member(), NOW)
    assert counts
    journey, counts = counted(journey, replace(journey, settings=off), NOW)
    assert not counts
    assert counted(journey, replace(journey, settings=SETTINGS), NOW) == (replace(journey, settings=SETTINGS), ())


def test_who_erases_and_comes_back_counts_again_like_anybody_new() -> None:
    """Nothing of them is left by which they could be known. It makes a count larger, and tells less of anybody."""
    first, counts = counted(member(), member(), NOW)
    again, more = counted(Journey(), member(), NOW)
    assert counts == more
    assert first == again


@pytest.mark.parametrize("haze", HAZES)
def test_with_few_accounts_of_their_own_an_admin_sees_nothing(haze: int) -> None:
    """Below five and the haze; and how many more they would need they cannot know."""
    assert {published(count, haze) for count in range(STEP + haze)} == {0}
    assert published(STEP + haze, haze) == STEP


def test_what_an_admin_learns_who_knows_everybody_but_one() -> None:
    """It cannot be prevented wholly, and this is how much it is, for somebody who is in ten figures of a month.

    The admin has made every count such that most can be learnt. For certain they know it in one of 12 cases, and a bet
    on whether the one came is right in less than three of four, where tossing a coin is in two.
    """
    figures = 10
    certain, right = Fraction(), Fraction()
    for count in range(40, 45):
        without, with_them = seen((count,)), seen((count + 1,))
        certain = max(certain, 1 - (1 - proof(with_them, without)) ** figures)
        right = max(
            right, sum((max(one, other) for one, other in _all_of(figures, without, with_them)), Fraction()) / 2
        )
    assert certain < Fraction(1, 12)
    assert right < Fraction(3, 4)


def _all_of(figures: int, one: Seen, other: Seen) -> Iterator[tuple[Fraction, Fraction]]:
    """Yield the chances, in both worlds, of all that can be seen in so many figures, in whichever order."""
    for what in combinations_with_replacement(sorted({*one, *other}, key=str), figures):
        orders = factorial(figures)
        chance, chance_there = Fraction(1), Fraction(1)
        for each, times in Counter(what).items():
            orders //= factorial(times)
            chance *= one.get(each, Fraction()) ** times
            chance_there *= other.get(each, Fraction()) ** times
        yield orders * chance, orders * chance_there


CANARY = "canary"


PLAIN = (
    (inspect.StrType, CANARY),
    (inspect.DateTimeType, NOW),
    (inspect.DateType, NOW.date()),
    (inspect.TimeType, NOW.time()),
    (inspect.BoolType, True),
    (inspect.IntType, 5),
)


def _with_canaries(of: inspect.Type) -> Any:  # noqa: ANN401 - a value of whatever type it is
    """Return a value of a type in which every text is a canary."""
    match of:
        case inspect.StructType(cls=cls, fields=fields):
            return cls(**{field.name: _with_canaries(field.type) for field in fields})
        case inspect.VarTupleType(item_type=item):
            return (_with_canaries(item),)
        case inspect.DictType(key_type=key, value_type=value):
            return {_with_canaries(key): _with_canaries(value)}
        case inspect.UnionType(types=types):
            return _with_canaries(next(one for one in types if not isinstance(one, inspect.NoneType)))
        case inspect.EnumType(cls=cls):
            return next(iter(cls))
    return next(value for kind, value in PLAIN if isinstance(of, kind))


def test_no_text_of_anybody_is_in_counters_figures_pages_and_notes() -> None:
    """Whatever is in a journey, in whichever field."""
    journey = _with_canaries(inspect.type_info(Journey))
    assert msgspec.json.encode(journey).count(CANARY.encode()) > 40
    before = Journey(settings=SETTINGS)
    after, counts = counted(before, replace(journey, settings=SETTINGS), NOW)
    assert "came" in {one.figure for one in counts}
    assert after.counted is not None
    assert {one.figure for one in counts} <= set(pulse.FIGURES)
    assert set(after.counted.figures) <= set(pulse.FIGURES)
    months = shown(HERE, {(one.month, one.figure): 50 for one in counts} | {(MONTH, CANARY): 50}, draw)
    replies = (pulse_page.page(months, MONTH, CATALOG), pulse_page.note(months[MONTH], MONTH, CATALOG))
    seen_by_anybody = (counts, after.counted.figures, months, *map(msgspec.json.encode, replies))
    assert CANARY not in repr(seen_by_anybody)
