"""Reads what we have written down for each of our numbers, as a reconciliation compares it, and the
trial balance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Sum

from assent.core.ledger import TransferKind
from assent.core.reconciling import Owed
from assent.ledger.models import Account, Cashout, Purchase, Transfer

_FINAL = (TransferKind.POSTED, TransferKind.POST)


def owed_purchases(provider: str) -> dict[str, Owed]:
    """Return every purchase through a provider: what it costs, and how it stands."""
    rows = Purchase.objects.filter(provider=provider).values_list("id", "cents", "state")
    return {id_: Owed(cents, state) for id_, cents, state in rows}


def begun_before(at: datetime | None) -> frozenset[str]:
    """Return the purchases that were begun before a moment, whose payments a provider's book from
    then on need not have; a day more, since a payment comes later than its beginning."""
    if at is None:
        return frozenset()
    rows = Purchase.objects.filter(at__lt=at + timedelta(days=1))
    return frozenset(rows.values_list("id", flat=True))


def owed_cashouts() -> dict[str, Owed]:
    """Return every cash-out: what it pays, and how it stands."""
    rows = Cashout.objects.values_list("id", "cents", "state")
    return {id_: Owed(cents, state) for id_, cents, state in rows}


@dataclass(frozen=True, slots=True)
class TrialLine:
    """The accounts of one kind: how many, and what went out of and came into them."""

    kind: str
    accounts: int
    debits: int
    credits: int

    @property
    def balance(self) -> int:
        """Credits less debits; all of these lines add up to nothing."""
        return self.credits - self.debits


def trial_balance() -> list[TrialLine]:
    """Return what is in the accounts of each kind, posted transfers alone."""
    final = Transfer.objects.filter(kind__in=_FINAL)
    out = dict(final.values_list("debit__kind").annotate(Sum("amount")).order_by())
    came = dict(final.values_list("credit__kind").annotate(Sum("amount")).order_by())
    kinds = sorted(out.keys() | came.keys())
    return [TrialLine(kind, _accounts(kind), out.get(kind, 0), came.get(kind, 0)) for kind in kinds]


def _accounts(kind: str) -> int:
    return Account.objects.filter(kind=kind).count()
