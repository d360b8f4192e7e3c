"""The takedown path in a marketplace of 100,000 items, held against the same in one of 2,000.

What somebody waits for, by the clock: sending the form, with what it names and its copies hidden in
the same request; a request by hash; words alone; finding copies; pages of cases. A ratio near 1
says that it does not matter how much is there. Each marketplace has an old case for every 50 items.
"""

from __future__ import annotations

import json
import subprocess
import sys

from bench.market import marketplace

SMALL, BIG = 2_000, 100_000


def run() -> str:
    """Measure on both databases and return the table."""
    lines = [f"{'':<40}{f'{BIG:,} items':>15}{f'{SMALL:,} items':>14}{'ratio':>8}"]
    for name in ("sqlite", "postgres"):
        small, big = (_measured(name, size) for size in (SMALL, BIG))
        lines.append(name)
        lines += [
            f"  {what:<38}{took:>12.1f} ms{small[what]:>11.1f} ms{took / small[what]:>8.2f}"
            for what, took in big.items()
        ]
    return "\n".join(lines)


def _measured(name: str, size: int) -> dict[str, float]:
    command = [sys.executable, "-m", "bench._takedown_child", str(size)]
    with marketplace(name) as env:
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found
