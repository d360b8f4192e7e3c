"""`assent verify-ledger`, `verify-journal`, `verify-consent`: prove books, journal, consent."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assent.cli.market import data_option, require_market

if TYPE_CHECKING:
    from assent.journal.queries import Root


@click.command("verify-ledger")
@data_option
@click.option("--json", "as_json", is_flag=True, help="Print machine output only.")
def verify_ledger(data: Path, as_json: bool) -> None:
    """Prove the books: every transfer positive, settled at most once, no account below zero,
    and every escrow equal to its live pledges."""
    require_market(data)
    from assent.ops.proofs import ledger_proof

    proof = ledger_proof()
    _report(
        proof.faults,
        f"{proof.transfers:,} transfers between {proof.accounts:,} accounts, nothing wrong.",
        as_json,
        {"transfers": proof.transfers, "accounts": proof.accounts},
    )


@click.command("reconcile")
@data_option
@click.option("--json", "as_json", is_flag=True, help="Print machine output only.")
def reconcile(data: Path, as_json: bool) -> None:
    """Hold the books against the payment provider's, catch up on messages that never came, and
    prove the ledger. While anything is wrong nothing is paid out; the worker does this once a
    day."""
    require_market(data)
    from assent.cli.errors import OutsideFailure
    from assent.core.terms import Refused
    from assent.gateways.payments import provider
    from assent.ledger.reconciling import trial_balance
    from assent.ops.cashouts import reconcile as run

    try:
        done = run()
    except Refused as refused:
        raise OutsideFailure(refused.refusal.sentence) from refused
    lines = trial_balance()
    found = [*done.faults, *done.differences]
    counts = {
        "transfers": done.transfers,
        "caught_up": done.caught_up,
        "cashouts_stopped": done.stops_cashouts,
        "trial_balance": {line.kind: line.balance for line in lines},
    }
    if not as_json:
        for line in lines:
            click.echo(
                f"{line.kind:<8}{line.accounts:>8,} accounts {line.debits:>14,} debits "
                f"{line.credits:>14,} credits {line.balance:>+15,}"
            )
        if not provider():
            click.echo("No payment provider is set (ASSENT_PAYMENTS): only the ledger was proved.")
    words = f"{done.transfers:,} transfers, {done.caught_up:,} messages caught up, nothing wrong."
    _report(found, words, as_json, counts)


@click.command("verify-consent")
@data_option
@click.option("--json", "as_json", is_flag=True, help="Print machine output only.")
def verify_consent(data: Path, as_json: bool) -> None:
    """Prove that whatever is public and shows a real person rests on a consent record in force."""
    require_market(data)
    from assent.gateways.clock import now
    from assent.ops.proofs import consent_proof

    proof = consent_proof(now().date())
    _report(
        proof.faults,
        f"{proof.depicting:,} public items show a real person; each has a record in force.",
        as_json,
        {"depicting": proof.depicting},
    )


@click.command("verify-journal")
@data_option
@click.option("--json", "as_json", is_flag=True, help="Print machine output only.")
@click.option(
    "--root",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A root to hold the journal against, or all of /transparency/roots.json.",
)
def verify_journal(data: Path, as_json: bool, root: Path | None) -> None:
    """Find rewriting or truncation in the journal, also against a root published earlier."""
    require_market(data)
    from assent.ops.proofs import journal_proof

    last, merkle = _read_roots(root) if root else (None, [])
    proof = journal_proof(last, merkle)
    _report(
        proof.faults,
        f"{proof.rows:,} rows, the chain holds. Its root is {proof.hash}",
        as_json,
        {"rows": proof.rows, "hash": proof.hash},
    )


def _read_roots(path: Path) -> tuple[tuple[int, str] | None, list[Root]]:
    """Read {"rows", "hash"} (the last hash), {"rows", "root", "at"} (a Merkle root), or a list of
    the latter under "roots"."""
    try:
        read = json.loads(path.read_text())
        if "hash" in read:
            return (int(read["rows"]), str(read["hash"])), []
        return None, [_merkle_root(one) for one in read.get("roots", [read])]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise click.UsageError(
            f'{path} is not a root: expected {{"rows": N, "hash": "…"}}, '
            '{"rows": N, "root": "…", "at": "…"}, or a list of these under "roots"'
        ) from error


def _merkle_root(read: dict[str, Any]) -> Root:
    from assent.journal.queries import Root

    at = datetime.fromisoformat(read["at"]) if "at" in read else None
    if at is not None and at.tzinfo is None:
        raise ValueError("a time without its zone")
    return Root(int(read["rows"]), str(read["root"]), at)


def _report(faults: Iterable[str], clean: str, as_json: bool, counts: dict[str, object]) -> None:
    found = list(faults)
    if as_json:
        click.echo(json.dumps({**counts, "faults": found}))
    else:
        for fault in found:
            click.echo(fault)
        if not found:
            click.echo(clean)
    if found:
        raise SystemExit(1)
