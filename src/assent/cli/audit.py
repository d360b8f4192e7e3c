"""`assent audit`: every figure of the study, for any marketplace's export."""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assent.cli.errors import OutsideFailure, UserMistake

if TYPE_CHECKING:
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
@click.option("--seed", default=1, show_default=True, help="Makes every random number repeat.")
@click.option(
    "--block",
    type=click.IntRange(1),
    metavar="WEEKS",
    help="How many neighbouring weeks are resampled together.",
)
@click.option("--workers", type=click.IntRange(1), metavar="N", help="How many threads read.")
@click.option("--json", "as_json", is_flag=True, help="Print measures.json.")
def audit(
    source: Path, out: Path, labels: tuple[Path, ...], map_file: Path | None,
    bans: tuple[datetime, ...], seed: int, block: int | None, workers: int | None, as_json: bool,
) -> None:  # fmt: skip
    """Measure a marketplace from its export, with intervals, into one report.

    SOURCE is a file or a folder: CSV, JSON Lines, saved API pages or Parquet, also gzip or zstd.
    DIR gets report.html, report.md, measures.json, tables and figures.
    """
    if workers:
        os.environ["POLARS_MAX_THREADS"] = str(workers)
    plan = _plan(source, labels, map_file, bans, seed, block)
    done = _audited(plan, quiet=as_json)
    from assent.audit.report.write import write

    write(done, out, _repeat())
    record = done.as_record()
    if as_json:
        click.echo(json.dumps(record))
        return
    left = record["faults"]["records_left_out"]
    click.echo(f"{done.gathered.log.rows:,} records, {len(record['measures'])} measures: {out}")
    if left:
        click.echo(f"{left:,} records could not be read and are listed in the report.", err=True)


def _plan(
    source: Path, labels: Sequence[Path], map_file: Path | None, bans: Sequence[datetime],
    seed: int, block: int | None,
) -> Plan:  # fmt: skip
    from assent.audit.gather import Plan
    from assent.audit.mapping import Wishes, parse_mapping
    from assent.audit.pseudonyms import auditor_key
    from assent.audit.terms import SourceError

    try:
        wishes = Wishes() if map_file is None else parse_mapping(_text(map_file))
    except SourceError as error:
        raise UserMistake(str(error)) from error
    return Plan(
        source, datetime.now(tz=UTC), auditor_key(_own_folder()), labels=labels, wishes=wishes,
        bans=[ban.replace(tzinfo=UTC) for ban in bans], seed=seed, block=block,
    )  # fmt: skip


def _own_folder() -> Path:
    """Where the auditor's key is kept, by the desktop's convention."""
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "assent"


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UserMistake(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UserMistake(f"{path} is not UTF-8") from error


def _audited(plan: Plan, *, quiet: bool) -> Audit:
    from dataclasses import replace

    from assent.audit.run import audit as run
    from assent.audit.terms import DamageError, SourceError

    try:
        if quiet or not sys.stderr.isatty():
            return run(plan)
        with click.progressbar(length=_size(plan.source), label="reading", file=sys.stderr) as bar:
            return run(replace(plan, on_bytes=bar.update))
    except SourceError as error:
        raise UserMistake(str(error)) from error
    except DamageError as error:
        raise OutsideFailure(str(error)) from error


def _size(source: Path) -> int:
    found = source.rglob("*") if source.is_dir() else [source]
    return sum(path.stat().st_size for path in found if path.is_file())


def _repeat() -> str:
    """The command as it was typed, to be run again."""
    return shlex.join(["assent", *sys.argv[1:]])
