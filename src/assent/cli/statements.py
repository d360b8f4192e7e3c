"""`assent export-…`: statements of reasons, decisions for research, labelled records."""

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


@click.command("export-research")
@click.option(
    "--from", "first", required=True, type=click.DateTime(["%Y-%m-%d"]), help="First day."
)
@click.option("--to", "last", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Last day.")
@click.option("--to-whom", required=True, help="The research project that it is given out for.")
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="A folder for decisions.jsonl and the terms.",
)
@data_option
def export_research(first: datetime, last: datetime, to_whom: str, out: Path, data: Path) -> None:
    """Write decisions row by row for vetted researchers, under terms.

    No title, name, item, case or account is in it; moderators have a pseudonym that is new in every
    export. That it was given out, and for which days, is written into the journal.
    """
    if last < first:
        raise click.UsageError("The last day is before the first.")
    if not to_whom.strip():
        raise click.UsageError("Say which project it is given out for.")
    require_market(data)
    import secrets

    from assent.casework.statements import decided
    from assent.core.reasons.research import TERMS, rows
    from assent.flows.note_export import note_export

    found = list(
        rows(decided(_start(first), _start(last) + timedelta(days=1)), secrets.token_bytes(32))
    )
    out.mkdir(parents=True, exist_ok=True)
    lines = "".join(json.dumps(row, sort_keys=True) + "\n" for row in found)
    (out / "decisions.jsonl").write_text(lines)
    terms = [f"Given out to: {to_whom.strip()}", f"Days: {first.date()} to {last.date()}", *TERMS]
    (out / "TERMS.txt").write_text("\n".join(terms) + "\n")
    note_export(first.date(), last.date(), len(found))
    click.echo(f"{len(found):,} decisions in {out}, under TERMS.txt")


@click.command("export-labels")
@click.option(
    "--from", "first", required=True, type=click.DateTime(["%Y-%m-%d"]), help="First day."
)
@click.option("--to", "last", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Last day.")
@data_option
def export_labels(first: datetime, last: datetime, data: Path) -> None:
    """Print what moderators decided on held items as labelled records, one a line.

    Read them before you measure or train with them: a decision may have been about a file and not
    the words. No item, account, date or reason is in them; links, handles, addresses and long
    numbers are masked; nothing of a case, taken down or about a protected person is.
    """
    if last < first:
        raise click.UsageError("The last day is before the first.")
    require_market(data)
    from assent.flows.export_labels import export_labels as records

    for record in records(_start(first), _start(last) + timedelta(days=1)):
        click.echo(json.dumps(record))


def _start(day: datetime | date) -> datetime:
    return datetime.combine(day, time(), UTC)
