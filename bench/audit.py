"""A whole audit against plain polars that does nothing but the group-bys, on the same file.

Both run in processes of their own, one after the other, with the same number of threads. The audit
also checks every row, finds repeated ids, hashes the file, hides people, and makes all measures
with their intervals. `ASSENT_BENCH_ROWS` sets the size.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.audit.invented import market

ROWS = int(os.environ.get("ASSENT_BENCH_ROWS", "5000000"))
FORMATS = ("parquet", "jsonl", "csv")
BAR, GOAL = 5, 2


def run() -> str:
    """Return the table: seconds, rows a second, memory, and the ratios."""
    lines = [f"{ROWS:,} rows; bar {BAR} times plain polars, goal {GOAL}", HEAD]
    with tempfile.TemporaryDirectory(prefix="assent-bench-") as folder:
        for form in FORMATS:
            path = made(Path(folder) / f"market.{form}")
            lines += [row(path, threads) for threads in (1, 2)]
            path.unlink()
    return "\n".join(lines)


HEAD = (
    "format   threads   audit s   rows/s      plain s  ratio   audit CPU s  plain CPU s  ratio"
    "   audit MB  plain MB  ratio"
)


def made(path: Path) -> Path:
    """Write the invented export."""
    frame = market(ROWS, seed=1)
    {"parquet": frame.write_parquet, "jsonl": frame.write_ndjson, "csv": frame.write_csv}[
        path.suffix[1:]
    ](path)
    return path


def row(path: Path, threads: int) -> str:
    """Measure both on one file."""
    ours, plain = (measured(who, path, threads) for who in ("audit", "plain"))
    wall, cpu, memory = (ours[k] / plain[k] for k in ("wall", "cpu", "memory"))
    speed = ours["rows"] / ours["wall"]
    cells = [
        f"{path.suffix[1:]:<8} {threads:>7} {ours['wall']:>9.1f} {speed:>9,.0f}",
        f"{plain['wall']:>11.1f} {wall:>6.2f} {ours['cpu']:>13.1f} {plain['cpu']:>12.1f}",
        f"{cpu:>6.2f} {ours['memory']:>10,.0f} {plain['memory']:>9,.0f} {memory:>6.2f}",
    ]
    return " ".join(cells)


def measured(who: str, path: Path, threads: int) -> dict[str, float]:
    """Run one contender in a process of its own and return what it measured of itself."""
    environment = {**os.environ, "POLARS_MAX_THREADS": str(threads)}
    command = [sys.executable, "-m", "bench._audit_child", who, str(path)]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found
