"""How the figures are written: a row for each, with its target."""


def row(name: str, figure: str, beside: str = "") -> str:
    """Return one row of the table."""
    return f"  {name:<44} {figure:>14}   {beside}".rstrip()


def against(value: float, target: float, unit: str, *, at_most: bool) -> str:
    """Return a target, and whether it is met."""
    met = value <= target if at_most else value >= target
    return f"target {'<=' if at_most else '>='} {target:g}{unit}: {'met' if met else 'MISSED'}"
