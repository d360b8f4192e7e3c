"""Paying out, and holding our books against the provider's: what the worker's clock and the
operator run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from assent.core.cashouts import BankEvent, CashoutState
from assent.core.purchases import ProviderEvent
from assent.core.reconciling import Compared, Line, compare
from assent.core.terms import Refused
from assent.flows.record_check import record_check
from assent.flows.send_cashouts import send_again, send_cashouts
from assent.flows.take_bank_event import take_bank_event
from assent.flows.take_payment import take_payment
from assent.gateways import clock, payments
from assent.ledger import cashouts
from assent.ledger.reconciling import begun_before, owed_cashouts, owed_purchases
from assent.ops.proofs import ledger_proof

SILENT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What a reconciliation did: messages caught up, and what is still wrong."""

    transfers: int
    caught_up: int
    faults: tuple[str, ...]
    differences: tuple[str, ...]
    stops_cashouts: bool


def pay_out() -> int:
    """Send what was approved, ask again where the provider has been silent for an hour, and take
    in what it says at once. Return how many messages there were."""
    said = send_cashouts()
    before = clock.now() - SILENT
    for one in cashouts.cashouts_in(CashoutState.SENDING):
        if one.settled_at is not None and one.settled_at < before:
            said += send_again(one.id)
    for body, signature in said:
        take_bank_event(payments.bank_event_of(body, signature))
    return len(said)


def reconcile() -> Reconciled:
    """Hold the books against the provider's, catch up on what we were not told, prove them, and
    write down what was found. While anything is wrong, nothing is paid out."""
    compared = _compared()
    caught_up = sum(_taken(event) for event in compared.missed)
    if caught_up:
        compared = _compared()
    left = [
        f"The provider says {e.kind} of {e.id}, and it can’t be taken." for e in compared.missed
    ]
    differences = (*compared.differences, *left)
    proof = ledger_proof()
    stops = record_check(proof.transfers, proof.faults, differences)
    return Reconciled(proof.transfers, caught_up, proof.faults, differences, stops)


def check_books() -> int:
    """Reconcile once a day; return 1 when it was done now."""
    last = cashouts.last_check()
    if last is not None and last.at.date() == clock.now().date():
        return 0
    reconcile()
    return 1


def _compared() -> Compared:
    if not payments.provider():
        return Compared((), ())
    # Ours first: what the provider does meanwhile is then something we were not told yet, and never
    # something that it does not know.
    bought, cashed = owed_purchases(payments.provider()), owed_cashouts()
    old = begun_before(payments.book_begins())
    lines = [Line(line.kind, line.about, line.cents) for line in payments.book()]
    return compare(lines, bought, cashed, old)


def _taken(event: ProviderEvent | BankEvent) -> bool:
    try:
        if isinstance(event, BankEvent):
            take_bank_event(event)
        else:
            take_payment(event)
    except Refused:
        return False
    return True
