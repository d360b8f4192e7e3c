"""`assent audit`: every figure of the study, for any marketplace's export."""

from __future__ import annotations

import json
import os
import shlex
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assent.cli.audit_common import mistakes, own_folder, remembered, screening, text_of
from assent.cli.errors import UserMistake

if TYPE_CHECKING:
    from assent.audit.adjudicate import Adjudicator
    from assent.audit.gather import Plan
    from assent.audit.run import Audit

_PATH = click.Path(path_type=Path)
_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command()
@click.argument("source", type=_PATH)
@click.option("--out", type=_PATH, required=True, metavar="DIR", help="Where the report goes.")
@click.option(
    "--labels",
    multiple=True,
    type=_PATH,
    metavar="FILE",
    help="Labels of the source's records, joined by id. May be given again.",
)
@click.option(
    "--coding",
    type=_PATH,
    metavar="FILE",
    help="A sample coded with `assent audit label`: agreement, corrected prevalence.",
)
@click.option(
    "--screen",
    is_flag=True,
    help="Let Assent's screening say which records show a real person's likeness.",
)
@click.option(
    "--adjudicator",
    metavar="COMMAND",
    help="Let a program say it: JSON Lines to it, JSON Lines from it.",
)
@click.option(
    "--map",
    "map_file",
    type=_PATH,
    metavar="FILE",
    help="Which column is what, as TOML, where the names do not say it.",
)
@click.option(
    "--ban",
    "bans",
    multiple=True,
    type=_DAY,
    metavar="YYYY-MM-DD",
    help="A day from which something was prohibited. May be given again.",
)
@click.option(
    "--against", type=_PATH, metavar="SOURCE", help="Another marketplace: how the two differ."
)
@click.option(
    "--split",
    type=_DAY,
    metavar="YYYY-MM-DD",
    help="Compare what was posted from this day on with what was posted before.",
)
@click.option(
    "--at-most",
    multiple=True,
    metavar="NAME=NUMBER",
    help="End with exit code 1 where this measure is missing or larger. May be repeated.",
)
@click.option("--seed", default=1, show_default=True, help="Makes every random number repeat.")
@click.option(
    "--block",
    type=click.IntRange(1),
    metavar="WEEKS",
    help="How many neighbouring weeks are resampled together.",
)
@click.option("--workers", type=click.IntRange(1), metavar="N", help="How many threads read.")
@click.option("--json", "as_json", is_flag=True, help="Print measures.json.")
def audit(source: Path, out: Path, *, as_json: bool, workers: int | None, **options: Any) -> int:  # noqa: ANN401
    """Measure a marketplace from its export, with intervals, into one report.

    SOURCE is a file or a folder: CSV, JSON Lines, saved API pages or Parquet, also gzip or zstd.
    DIR gets report.html, report.md, measures.json, tables and figures. See also `audit label`.
    """
    if workers:
        os.environ["POLARS_MAX_THREADS"] = str(workers)
    if options["split"] and options["against"]:
        raise UserMistake("--split and --against compare with different things: give one of them")
    bounds = _bounds(options["at_most"])
    done = _done(_plan(source, options), options, quiet=as_json)
    from assent.audit.report.write import write

    write(done, out, shlex.join(["assent", *sys.argv[1:]]))
    record = done.as_record()
    if as_json:
        click.echo(json.dumps(record))
        return _passed(record, bounds)
    click.echo(f"{record['rows']:,} records, {len(record['measures'])} measures: {out}")
    if left := record["faults"]["records_left_out"]:
        click.echo(f"{left:,} records could not be read and are listed in the report.", err=True)
    return _passed(record, bounds)


def _bounds(given: tuple[str, ...]) -> dict[str, float]:
    try:
        return {name: float(bound) for name, _, bound in (one.partition("=") for one in given)}
    except ValueError as error:
        raise UserMistake("--at-most needs a measure and a number: gender.female=0.95") from error


def _passed(record: dict[str, Any], bounds: dict[str, float]) -> int:
    """1 where a measure is above its bound; one that could not be made proves nothing, so 1."""
    code = 0
    for name, bound in bounds.items():
        found = record["measures"].get(name, {})
        value = found.get("share", found.get("value"))
        if value is None or value > bound:
            said = "missing" if value is None else f"{value:g}"
            click.echo(f"{name} is {said}; at most {bound:g} was wanted", err=True)
            code = 1
    return code


def _plan(source: Path, options: dict[str, Any]) -> Plan:
    from assent.audit.gather import Plan
    from assent.audit.mapping import Wishes, parse_mapping
    from assent.audit.pseudonyms import auditor_key

    with mistakes():
        named = options["map_file"]
        wishes = Wishes() if named is None else parse_mapping(text_of(named))
    key = auditor_key(own_folder("XDG_DATA_HOME", ".local/share"))
    return Plan(
        source, datetime.now(tz=UTC), key, labels=options["labels"], wishes=wishes,
        bans=sorted({ban.replace(tzinfo=UTC) for ban in options["bans"]}), seed=options["seed"],
        block=options["block"], coding=options["coding"], adjudicator=_adjudicator(options),
    )  # fmt: skip


def _adjudicator(options: dict[str, Any]) -> Adjudicator | None:
    if options["screen"] and options["adjudicator"]:
        raise UserMistake("--screen and --adjudicator both say the same thing: give one of them")
    if options["screen"]:
        return screening()
    if options["adjudicator"]:
        from assent.cli.adjudicator import Program

        return remembered(Program(options["adjudicator"]))
    return None


def _done(plan: Plan, options: dict[str, Any], *, quiet: bool) -> Audit:
    """The audit, and the other one where two are compared."""
    from assent.audit.run import compared

    split = options["split"]
    if split is not None:
        split = split.replace(tzinfo=UTC)
        first = _audited(replace(plan, since=split), quiet=quiet)
        before = replace(plan, until=split, coding=None)
        return compared(first, _audited(before, quiet=quiet))
    first = _audited(plan, quiet=quiet)
    if options["against"] is None:
        return first
    other = replace(plan, source=options["against"], labels=(), coding=None)
    return compared(first, _audited(other, quiet=quiet))


def _audited(plan: Plan, *, quiet: bool) -> Audit:
    from assent.audit.run import audit as run

    with mistakes():
        if quiet or not sys.stderr.isatty():
            return run(plan)
        with click.progressbar(length=_size(plan.source), label="reading", file=sys.stderr) as bar:
            return run(replace(plan, on_bytes=bar.update))


def _size(source: Path) -> int:
    found = source.rglob("*") if source.is_dir() else [source]
    return sum(path.stat().st_size for path in found if path.is_file())
