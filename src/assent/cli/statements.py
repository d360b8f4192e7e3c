"""`assent export-statements`: statements of reasons for the EU's transparency database."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import click

from assent.cli.market import data_option, require_market


@click.command("export-statements")
@click.option(
    "--from", "first", required=True, type=click.DateTime(["%Y-%m-%d"]), help="First day."
)
@click.option("--to", "last", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Last day.")
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="A folder for the batches of at most 100 statements.",
)
@data_option
def export_statements(first: datetime, last: datetime, out: Path, data: Path) -> None:
    """Write statements of reasons in the schema of the EU's transparency database.

    Nothing is sent. Each one is checked against the database's own rules before it is written;
    exit code 1 means that one would be refused. The same days give the same bytes.
    """
    if last < first:
        raise click.UsageError("The last day is before the first.")
    require_market(data)
    from assent.casework.statements import all_statements
    from assent.core.reasons.dsa import BATCH_MAX, faults, payload

    found = [payload(s) for s in all_statements(_start(first), _start(last) + timedelta(days=1))]
    wrong = {one["puid"]: faults(one) for one in found if faults(one)}
    out.mkdir(parents=True, exist_ok=True)
    for start in range(0, len(found), BATCH_MAX):
        batch = {"statements": found[start : start + BATCH_MAX]}
        path = out / f"statements-{start // BATCH_MAX + 1:05d}.json"
        path.write_text(json.dumps(batch, indent=1, sort_keys=True) + "\n")
    click.echo(f"{len(found):,} statements in {out}")
    for puid, fields in wrong.items():
        click.echo(f"{puid} would be refused: {', '.join(fields)}", err=True)
    if wrong:
        raise SystemExit(1)


def _start(day: datetime | date) -> datetime:
    return datetime.combine(day, time(), UTC)
