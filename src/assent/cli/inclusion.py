"""`assent prove-case` and `verify-proof`: that a case's rows are in the journal, shown outside."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from assent.cli.market import data_option, require_market


@click.command("prove-case")
@click.argument("number")
@data_option
def prove_case(number: str, data: Path) -> None:
    """Write the proof that a case's rows are in the journal, for its own person to keep.

    It holds the rows, which have no personal data, and what leads from each to the latest
    published root.
    """
    require_market(data)
    from assent.casework.queries import key_of
    from assent.journal.queries import inclusion

    key = key_of(number)
    if key is None:
        raise click.UsageError(f"There is no case {number}.")
    found = inclusion(key)
    if not found["proofs"]:
        raise click.UsageError("No root was published since this case came in: try tomorrow.")
    click.echo(json.dumps(found, indent=1))


@click.command("verify-proof")
@click.argument("proof", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--roots",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The published roots, saved from /transparency/roots.json.",
)
def verify_proof(proof: Path, roots: Path) -> None:
    """Verify offline that a case's rows are in the journal that a published root stands for.

    Exit code 1 means that one is not.
    """
    try:
        read = json.loads(proof.read_text())
        published = {(r["rows"], r["root"]) for r in json.loads(roots.read_text())["roots"]}
        known = (read["rows"], read["root"]) in published
        wrong = [one["row"]["seq"] for one in read["proofs"] if not is_in_journal(one, read)]
        count = len(read["proofs"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise click.UsageError("These are not a proof and published roots.") from error
    if not known:
        click.echo("The root in the proof is not among the published ones.")
    for seq in wrong:
        click.echo(f"Row {seq} is not in the journal of that root.")
    if wrong or not known or not count:
        raise SystemExit(1)
    click.echo(f"{count:,} rows of this case are in the journal at row {read['rows']:,}.")


def is_in_journal(one: dict[str, Any], proof: dict[str, Any]) -> bool:
    """Whether one row of a proof is in the journal that its root stands for."""
    from datetime import datetime

    from assent.journal.chain import Link, link_hash
    from assent.journal.merkle import holds

    row = one["row"]
    link = Link(**{**row, "at": datetime.fromisoformat(row["at"])})
    return holds(link_hash(link), link.seq, proof["rows"], one["path"], proof["root"])
