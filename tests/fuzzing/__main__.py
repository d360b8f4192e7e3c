"""Fuzz every parser of files, or one: `python -m tests.fuzzing --minutes 30 [--target NAME]`.

Inputs that were answered wrongly are kept in `tests/fuzzing/found`, where a test tries them
for ever.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.fuzzing.run import Outcome, case, child, fuzz
from tests.fuzzing.targets import TARGETS

FOUND = Path(__file__).parent / "found"


def keep(name: str, seed: int, turn: int) -> Path:
    """Store the input of a finding."""
    content = case(name, seed, turn)
    path = FOUND / f"{name}-{hashlib.sha256(content).hexdigest()[:12]}.bin"
    path.write_bytes(content)
    return path


def lines(outcomes: Iterator[Outcome], seed: int) -> Iterator[str]:
    """Yield the report, each line as soon as it is known."""
    yield f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    yield f"{'parser':22}{'cases':>9}{'CPU s':>8}{'slowest ms':>12}{'MB more':>9}{'findings':>10}"
    for one in outcomes:
        yield (
            f"{one.target:22}{one.cases:9,}{one.seconds:8.0f}{one.slowest * 1000:12.0f}"
            f"{one.megabytes:9.0f}{len(one.findings):10}"
        )
        for turn, what in one.findings:
            yield f"  turn {turn}: {what} -> {keep(one.target, seed, turn).name}"


def main() -> int:
    """Read the command line; 1 where something was found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--target", action="append", choices=list(TARGETS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--first", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--seconds", type=float, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--board", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.child:
        child(chosen.child, chosen.seed, chosen.first, chosen.seconds, chosen.board)
        return 0
    names = chosen.target or list(TARGETS)
    outcomes = []
    each = chosen.minutes * 60 / len(names)

    def run() -> Iterator[Outcome]:
        for name in names:
            outcomes.append(fuzz(name, each, chosen.seed))
            yield outcomes[-1]

    for line in lines(run(), chosen.seed):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    return int(any(one.findings for one in outcomes))


if __name__ == "__main__":
    sys.exit(main())
