"""Reads where the credits of a wallet came from."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet, Sum

from assent.core.ledger import AccountName, Cause, PayoutState, SaleState, TransferKind
from assent.core.purses import Purse, arriving
from assent.core.terms import ItemState
from assent.ledger.models import Account, Payout, Sale, Transfer

_FINAL = (TransferKind.POSTED, TransferKind.POST)
_GONE = (ItemState.HIDDEN, ItemState.REMOVED)


def purse_of(name: AccountName) -> Purse:
    """Return what a wallet can spend, by origin; what is reserved has left it already."""
    account = Account.objects.filter(name=str(name)).first()
    if account is None:
        return Purse()
    final = Transfer.objects.filter(kind__in=_FINAL)
    waiting = Transfer.objects.filter(kind=TransferKind.PENDING, transfer__isnull=True)
    total = Purse()
    for cause, came in _by_cause(final.filter(credit=account)):
        total += arriving(came, cause)
    for rows in (final.filter(debit=account), waiting.filter(debit=account)):
        for _, left in _by_cause(rows):
            total -= left
    return total


def frozen(journal_key: str) -> int:
    """Return the credits that a member was paid for work that was taken down since, or whose
    takedown is not decided yet. They stay in the wallet."""
    gone = Q(entry__item__state__in=_GONE) | Q(bounty__item__state__in=_GONE)
    paid = Payout.objects.filter(creator__journal_key=journal_key, state=PayoutState.POSTED)
    sold = Sale.objects.filter(
        seller__journal_key=journal_key, state=SaleState.SETTLED, listing__item__state__in=_GONE
    )
    shares = sold.aggregate(total=Sum(F("price") - F("fee")))["total"] or 0
    return shares + (paid.filter(gone).aggregate(total=Sum("amount"))["total"] or 0)


def purse_in(key: str) -> Purse:
    """Return what the transfer with this key was made of."""
    row = Transfer.objects.get(key=key)
    return Purse(row.promo, row.amount - row.promo - row.earned, row.earned)


def _by_cause(rows: QuerySet[Transfer]) -> list[tuple[Cause, Purse]]:
    summed = rows.values_list("cause").annotate(Sum("amount"), Sum("promo"), Sum("earned"))
    return [
        (Cause(cause), Purse(promo, amount - promo - earned, earned))
        for cause, amount, promo, earned in summed.order_by("cause")
    ]
