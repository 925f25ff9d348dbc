"""How the figures are written: a row for each, with its target."""

from typing import Protocol


def row(name: str, figure: str, beside: str = "") -> str:
    """Return one row of the table."""
    return f"  {name:<44} {figure:>14}   {beside}".rstrip()


def against(value: float, target: float, unit: str, *, at_most: bool) -> str:
    """Return a target, and whether it is met."""
    met = value <= target if at_most else value >= target
    return f"target {'<=' if at_most else '>='} {target:g}{unit}: {'met' if met else 'MISSED'}"


BOLT_TARGET = 0.5


class Rated(Protocol):
    """What has a rate, and how long one took in milliseconds."""

    @property
    def rate(self) -> float:
        """How many a second."""
        ...

    @property
    def p50(self) -> float:
        """The median."""
        ...

    @property
    def p99(self) -> float:
        """What one of a hundred takes longer than."""
        ...


def beside(what: str, empty: Rated, bot: Rated) -> list[str]:
    """Return the rows of one kind of request, beside a Bolt app whose listener is empty."""
    ratio = bot.rate / empty.rate
    return [
        row(f"{what}: empty Bolt app", f"{empty.rate:,.0f} /s", f"p50 {empty.p50:.0f} ms, p99 {empty.p99:.0f} ms"),
        row(f"{what}: Onward", f"{bot.rate:,.0f} /s", f"p50 {bot.p50:.0f} ms, p99 {bot.p99:.0f} ms"),
        row("", f"{ratio:.2f} x", against(ratio, BOLT_TARGET, " x", at_most=False)),
    ]
