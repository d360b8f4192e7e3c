"""`assent evaluate`: how well screening does on labelled listings."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import click

from assent.cli.errors import UserMistake
from assent.cli.screen import lines, opened, policy_from, protected_from
from assent.core.screening.evaluation import (
    GROUPS,
    Judged,
    grouped,
    judged,
    measure,
    parse_labelled,
    report,
    risk_coverage,
)
from assent.core.screening.policy import Policy
from assent.core.screening.protected import ProtectedNames
from assent.core.screening.record import RecordError
from assent.core.screening.screen import screen

_COLUMNS = ("leak", "benign_refused", "benign_held", "review_load")


@click.command()
@click.argument("labelled", metavar="LABELLED.jsonl")
@click.option("--json", "as_json", is_flag=True, help="Print machine output only.")
@click.option("--plot", metavar="FILE", help="Draw the risk-coverage curve (.svg or .png).")
@click.option("--wrong", metavar="FILE", help='Write what was judged wrongly; "-" for here.')
@click.option("--policy", "policy_file", metavar="FILE", help="Rules to apply, as TOML.")
@click.option("--protected", "protected_file", metavar="FILE", help="Protected names, one a line.")
def evaluate(
    labelled: str,
    as_json: bool,
    plot: str | None,
    wrong: str | None,
    policy_file: str | None,
    protected_file: str | None,
) -> None:
    """Measure screening on labelled listings: what leaks, what is stopped for nothing.

    Every share comes with its 95 % Wilson interval. A leak is a listing labelled review or block
    that would be published.
    """
    if plot is not None:
        _check_plot(plot)
    at = datetime.now(tz=UTC).date()
    records = _judge_all(labelled, policy_from(policy_file), protected_from(protected_file), at)
    if as_json:
        click.echo(json.dumps(report(records)))
    else:
        _print(records)
    if wrong is not None:
        _write_wrong(records, wrong)
    if plot is not None:
        from assent.cli.curve import draw

        draw(risk_coverage(records), Path(plot))


def _check_plot(name: str) -> None:
    if Path(name).suffix.lower() not in (".svg", ".png"):
        raise UserMistake("--plot: the file's name must end in .svg or .png")
    try:
        import vl_convert  # noqa: F401
    except ImportError as error:
        raise UserMistake("--plot needs the extra: pip install 'assent[audit]'") from error


def _judge_all(
    name: str, policy: Policy, protected: ProtectedNames | None, at: date
) -> list[Judged]:
    found: list[Judged] = []
    with opened(name) as stream:
        for number, line in lines(stream):
            if line is not None and not line.strip():
                continue
            try:
                one = parse_labelled(json.loads(line if line is not None else b""))
            except (RecordError, ValueError, RecursionError) as error:
                said = error if isinstance(error, RecordError) else "the line is not JSON"
                raise UserMistake(f"{name}, line {number}: {said}") from error
            found.append(judged(one, screen(one.submission, policy, at=at, protected=protected)))
    if not found:
        raise UserMistake(f"{name} has no records")
    return found


def _print(records: list[Judged]) -> None:
    click.echo(f"{len(records)} records. Shares in %, with 95 % Wilson intervals.\n")
    click.echo(f"{'':24}" + "".join(f"{name.replace('_', ' '):>26}" for name in _COLUMNS))
    _row("all", records)
    for by in GROUPS:
        click.echo(f"\n{by}")
        for value, part in grouped(records, by).items():
            _row(f"  {value}", part)


def _row(name: str, records: list[Judged]) -> None:
    cells = []
    for column, share in measure(records).items():
        if column not in _COLUMNS:
            continue
        low, high = (100 * end for end in share.interval)
        text = (
            f"{100 * share.count / share.base:.1f} [{low:.1f}, {high:.1f}]" if share.base else "-"
        )
        cells.append(f"{text} {share.count}/{share.base}" if share.base else text)
    click.echo(f"{name[:24]:24}" + "".join(f"{cell:>26}" for cell in cells))


def _write_wrong(records: list[Judged], name: str) -> None:
    rows = [
        {"id": j.labelled.submission.id, "wanted": j.labelled.wanted.value, "got": j.got.value,
         "probability": j.stop, "title": j.labelled.submission.title,
         "description": j.labelled.submission.description}
        for j in records if j.got is not j.labelled.wanted
    ]  # fmt: skip
    text = "".join(json.dumps(row) + "\n" for row in rows)
    if name == "-":
        click.echo(text, nl=False)
    else:
        Path(name).write_text(text, encoding="ascii")
