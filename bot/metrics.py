"""What is counted while it runs: how often, and never who or what."""

from collections import Counter


class Metrics:
    """Counters with labels, in the text format that Prometheus reads.

    https://prometheus.io/docs/instrumenting/exposition_formats
    """

    def __init__(self) -> None:
        """Begin at zero."""
        self._counts: Counter[tuple[str, str]] = Counter()

    def count(self, name: str, **labels: str) -> None:
        """Count one more."""
        told = ",".join(f'{label}="{value}"' for label, value in labels.items())
        self._counts[f"onward_{name}_total", told] += 1

    def text(self) -> str:
        """Return everything that was counted."""
        lines: list[str] = []
        for name in sorted({name for name, _ in self._counts}):
            lines.append(f"# TYPE {name} counter")
            found = sorted((labels, count) for (one, labels), count in self._counts.items() if one == name)
            lines += [f"{name}{{{labels}}} {count}" if labels else f"{name} {count}" for labels, count in found]
        return "".join(f"{line}\n" for line in lines)
