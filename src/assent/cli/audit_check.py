"""`assent audit check`: is this export what we take it for?"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from assent.cli.audit_common import mistakes, text_of

_PATH = click.Path(path_type=Path)


@click.command()
@click.argument("source", type=_PATH)
@click.option(
    "--map", "map_file", type=_PATH, metavar="FILE", help="Which column is what, as TOML."
)
@click.option("--json", "as_json", is_flag=True, help="Print machine output only.")
def check(source: Path, map_file: Path | None, as_json: bool) -> int:
    """Say how SOURCE is read: which column is what, and what cannot be read.

    Exit code: 0 all of it can be read, 1 some records or values cannot.
    """
    found = _checked(source, map_file)
    if as_json:
        click.echo(json.dumps(found))
    else:
        for line in _lines(found):
            click.echo(line)
    return 1 if found["faults"] else 0


def _checked(source: Path, map_file: Path | None) -> dict[str, Any]:
    from assent.audit.clean import Cleaner, Log
    from assent.audit.gather import frames
    from assent.audit.mapping import Wishes, parse_mapping
    from assent.audit.seen import Seen
    from assent.audit.sources.batch import Reading
    from assent.audit.sources.find import files

    log, filled = Log(), dict[str, int]()
    with mistakes():
        wishes = Wishes() if map_file is None else parse_mapping(text_of(map_file))
        cleaner = Cleaner(wishes, datetime.now(tz=UTC), log)
        for frame in frames(files(source), Reading(), cleaner, Seen()):
            log.rows += frame.height
            for name in log.columns:
                known = frame.height - frame[name].null_count()
                filled[name] = filled.get(name, 0) + known
    return {
        "source": source.name,
        "rows": log.rows,
        "left_out": log.dropped,
        "columns": {ours: {"name": theirs, "filled": filled.get(ours, 0)}
                    for ours, theirs in sorted(log.columns.items())},
        "unknown": list(log.unknown),
        "faults": [{"file": file, "why": why, "count": count}
                   for (file, why), count in log.counts.items()],
        "first": [{"file": f.file, "row": f.row, "why": f.why} for f in log.faults],
    }  # fmt: skip


def _lines(found: dict[str, Any]) -> list[str]:
    lines = [f"{found['source']}: {found['rows']:,} records, {found['left_out']:,} left out", ""]
    for ours, about in found["columns"].items():
        share = 100 * about["filled"] / max(found["rows"], 1)
        lines.append(f"  {ours:<18} {share:5.1f} % filled   from {about['name']!r}")
    if found["unknown"]:
        lines += ["", "Kept, but not understood: " + ", ".join(map(repr, found["unknown"]))]
    for fault in found["faults"]:
        lines.append(f"  {fault['count']:>9,} times in {fault['file']}: {fault['why']}")
    for one in found["first"][:10]:
        lines.append(f"            record {one['row']} of {one['file']}: {one['why']}")
    return lines
