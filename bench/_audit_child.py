"""One contender of the audit's benchmark, measuring itself."""

from __future__ import annotations

import json
import resource
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

AT = datetime(2026, 1, 31, tzinfo=UTC)
BAN = datetime(2024, 9, 2, tzinfo=UTC)


def audit(path: Path) -> int:
    """Do a whole audit, measures and intervals included; return how many rows it read."""
    from assent.audit.gather import Plan
    from assent.audit.run import audit as run

    done = run(Plan(path, AT, b"key", bans=[BAN]))
    assert done.as_record()["measures"]
    return done.gathered.log.rows


def plain(path: Path) -> int:
    """Do the group-bys that the audit's tables are, in one streamed query, and nothing else."""
    import polars as pl

    scans = {".parquet": pl.scan_parquet, ".jsonl": pl.scan_ndjson, ".csv": pl.scan_csv}
    frame = scans[path.suffix](path)
    week = pl.col("created_at").cast(pl.String).str.slice(0, 10).str.to_date().dt.truncate("1w")
    nsfw, fake = pl.col("rating") != "sfw", pl.col("deepfake")
    keys: list[list[str | pl.Expr]] = [
        ["type", nsfw, fake], ["theme"], [week, nsfw, fake],
        ["deepfake", nsfw, "gender", "profession", "marked"],
        ["requester", nsfw, fake], ["subject", "requester"], [nsfw, fake, "awarded"],
        ["deepfake", "predicted_deepfake", "marked", nsfw],
    ]  # fmt: skip
    queries = [frame.group_by(*by).agg(pl.len()) for by in keys]
    reward = pl.col("reward")
    queries.append(frame.group_by(nsfw, fake).agg(pl.len(), mean=reward.mean(), sd=reward.std()))
    tables = pl.collect_all(queries, engine="streaming")
    return int(tables[0]["len"].sum())


def peak() -> float:
    """Return the most memory this process held, in MB. Not `ru_maxrss` where there is better: a
    child starts with its parent's."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(one for one in status.read_text().splitlines() if one.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Run the contender named first on the file named second."""
    who, path = sys.argv[1], Path(sys.argv[2])
    wall, cpu = time.perf_counter(), time.process_time()
    rows = {"audit": audit, "plain": plain}[who](path)
    found = {
        "rows": rows, "wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu,
        "memory": peak(),
    }  # fmt: skip
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
