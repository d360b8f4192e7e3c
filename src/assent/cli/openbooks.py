"""`assent report` and `assent dump`: what is published, written again by whoever has the data."""

from __future__ import annotations

import hashlib
from pathlib import Path

import click

from assent.cli.market import data_option, require_market


@click.command("report")
@click.argument("period")
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="A folder for the report as JSON and CSV.",
)
@click.option(
    "--eu",
    is_flag=True,
    help="A year in the sections of the EU's templates instead, with exact counts.",
)
@click.option(
    "--acquirer",
    is_flag=True,
    help="A month's report to the acquirer instead: each flag and what was done, as CSV.",
)
@data_option
def report(period: str, out: Path, data: Path, *, eu: bool, acquirer: bool) -> None:
    """Count a month (2026-11) or a year (2026) from the journal and write the report.

    The same journal gives the same bytes. Figures that differ from an earlier report in the same
    folder become its next version. With --eu, two CSV files: the quantitative and the qualitative
    template of Implementing Regulation (EU) 2024/2835. Their counts are exact, so look at them
    before you hand them on.
    """
    from assent.core.transparency import period_of

    try:
        wanted = period_of(period)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    if acquirer and (eu or len(wanted.name) == len("2026")):
        raise click.UsageError("The acquirer's report is about a month, such as 2026-11.")
    if eu and len(wanted.name) != len("2026"):
        raise click.UsageError("The EU's report is about a year, such as 2026.")
    require_market(data)
    from assent.flows.publish_books import acquirer_table_of, eu_tables_of, report_of
    from assent.gateways import books

    if acquirer:
        path = books.write_acquirer(wanted.name, acquirer_table_of(wanted), out)
        click.echo(f"{path}\nSHA-256 {hashlib.sha256(path.read_bytes()).hexdigest()}")
        return

    if eu:
        written = books.write_eu(wanted.name, eu_tables_of(wanted), out)
        for one in written:
            click.echo(f"{one}\nSHA-256 {hashlib.sha256(one.read_bytes()).hexdigest()}")
        if not written:
            click.echo("Nothing changed since the version that is there.")
        return

    path, new = books.write_report(report_of(wanted), out)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    click.echo(f"{path}{'' if new else ' (nothing changed)'}\nSHA-256 {digest}")


@click.command("dump")
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write: JSON Lines, gzipped.",
)
@data_option
def dump(out: Path, data: Path) -> None:
    """Write the open metadata of every public item, for `assent audit` or anybody.

    No title, tag, text, name or file hash is in it.
    """
    require_market(data)
    from assent.flows.publish_books import open_records
    from assent.gateways import books

    count = books.write_dump(out, open_records())
    click.echo(f"{count:,} items in {out}")
