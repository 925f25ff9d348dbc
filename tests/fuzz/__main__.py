"""`python -m tests.fuzz`: tries every target with random inputs, and keeps the input that breaks one."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile

from tests.fuzz.known import KNOWN
from tests.fuzz.running import Finding, again, keep, run
from tests.fuzz.targets import TARGETS, Targets


def main(argv: Sequence[str] | None = None, targets: Targets = TARGETS) -> int:
    """Run, and return 1 when a mistake was found that is not known."""
    parser = _parser(targets)
    arguments = parser.parse_args(argv)
    if arguments.replay and not arguments.target:
        parser.error("--replay needs --target: whose input it is")
    chosen = [targets[arguments.target]()] if arguments.target else [make() for make in targets.values()]
    if arguments.replay:
        found = again(chosen[0], arguments.replay)
        sys.stdout.write(f"{found or 'nothing breaks'}\n")
        return 1 if found else 0
    known = set() if arguments.all else {(one.target, one.place) for one in KNOWN}
    report = run(chosen, arguments.inputs, arguments.seed, known)
    sys.stdout.write("".join(f"{tally.told}\n" for tally in report.tallies))
    if report.finding is None:
        return 0
    _tell(report.finding, arguments.seed, arguments.output)
    return 1


def _tell(finding: Finding, seed: int, output: Path | None) -> None:
    """Say what broke, and where the input is; it may hold anything, so it is not shown."""
    if output is None:
        with NamedTemporaryFile(prefix="fuzz-", delete=False) as file:
            output = Path(file.name)
    keep(finding.made, output)
    sys.stdout.write(
        f"\n{finding.place}\nseed {seed}, target {finding.target}, input {finding.number}; it is in {output}\n"
        f"once more: python -m tests.fuzz --target {finding.target} --replay {output}\n"
    )


def _parser(targets: Targets) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=100_000, metavar="N", help="how many in all (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="the same seed, the same inputs (%(default)s)")
    parser.add_argument("--target", choices=targets, help="only this one")
    parser.add_argument("--output", type=Path, metavar="FILE", help="where the input goes that breaks something")
    parser.add_argument("--replay", type=Path, metavar="FILE", help="check the input in a file, with --target")
    parser.add_argument("--all", action="store_true", help="stop at the mistakes that are known, too")
    return parser


if __name__ == "__main__":
    sys.exit(main())
