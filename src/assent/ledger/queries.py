"""What the books say: balances, transfers, payouts. Balances are sums over transfers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import F, QuerySet, Sum

from assent.core.ledger import AccountName, Balance, PayoutState, Row, SaleState, TransferKind
from assent.core.settlement import Party, PayoutFacts
from assent.ledger.models import Account, Payout, Sale, Transfer

_FINAL = (TransferKind.POSTED, TransferKind.POST)


def _total(rows: QuerySet[Transfer]) -> int:
    return rows.aggregate(total=Sum("amount"))["total"] or 0


def balance_of(name: AccountName) -> Balance:
    """Return the balance of an account; one that was never used holds nothing."""
    account = Account.objects.filter(name=str(name)).first()
    if account is None:
        return Balance()
    final = Transfer.objects.filter(kind__in=_FINAL)
    waiting = Transfer.objects.filter(kind=TransferKind.PENDING, transfer__isnull=True)
    return Balance(
        posted=_total(final.filter(credit=account)) - _total(final.filter(debit=account)),
        reserved=_total(waiting.filter(debit=account)),
        incoming=_total(waiting.filter(credit=account)),
    )


def all_rows() -> Iterator[Row]:
    """Yield every transfer for the verifier, oldest first."""
    rows = Transfer.objects.select_related("debit", "credit").order_by("id")
    for r in rows.iterator(chunk_size=2000):
        yield Row(
            r.id,
            r.key,
            TransferKind(r.kind),
            r.debit.name,
            r.credit.name,
            r.amount,
            r.cause,
            r.resolves_id,
            r.promo,
            r.earned,
        )


def payouts_of_bounty(bounty_id: str) -> list[PayoutFacts]:
    """Return every payout of a bounty."""
    return [_facts(p) for p in _payouts().filter(bounty_id=bounty_id)]


def payouts_due(at: datetime, limit: int = 500) -> list[PayoutFacts]:
    """Return payouts whose cooling-off is over and that still wait, oldest first."""
    due = _payouts().filter(state=PayoutState.PENDING, due_at__lte=at, doubt="")
    return [_facts(p) for p in due.order_by("due_at")[:limit]]


def doubted_bounties() -> list[tuple[str, str]]:
    """Return (bounty, doubt) of every award that waits for a moderator, oldest first."""
    rows = Payout.objects.filter(state=PayoutState.PENDING).exclude(doubt="").order_by("due_at")
    return list(dict(rows.values_list("bounty_id", "doubt")).items())


def paid_lately(supporter_id: int, since: datetime) -> frozenset[int]:
    """Return the log-ins that this person's pledges were awarded to since then, and those that
    they bought from."""
    rows = Payout.objects.filter(pledge__supporter_id=supporter_id, due_at__gte=since)
    awarded = rows.exclude(state=PayoutState.VOIDED).values_list("creator_id", flat=True)
    bought = Sale.objects.filter(buyer_id=supporter_id, due_at__gte=since)
    bought = bought.exclude(state=SaleState.RETURNED)
    return frozenset(awarded) | frozenset(bought.values_list("seller_id", flat=True))


def awarded_under(grant_id: str) -> tuple[int, int]:
    """Return the credits that work resting on a consent record was paid, and what still waits; by
    bounties and by sales."""
    rows = Payout.objects.filter(bounty__grant_id=grant_id).values_list("state")
    won = dict(rows.annotate(Sum("amount")).order_by())
    sales = Sale.objects.filter(listing__grant_id=grant_id).values_list("state")
    sold = dict(sales.annotate(share=Sum(F("price") - F("fee"))).order_by())
    paid = won.get(PayoutState.POSTED, 0) + sold.get(SaleState.SETTLED, 0)
    return paid, won.get(PayoutState.PENDING, 0) + sold.get(SaleState.WAITING, 0)


def entries_waiting() -> set[str]:
    """Return the ids of the entries for which a payout waits."""
    return set(Payout.objects.filter(state=PayoutState.PENDING).values_list("entry", flat=True))


def payouts_of_creator(user_id: int) -> list[PayoutFacts]:
    """Return what a creator was or will be paid, newest first."""
    return [_facts(p) for p in _payouts().filter(creator_id=user_id).order_by("-due_at")]


def _payouts() -> QuerySet[Payout]:
    return Payout.objects.select_related("creator")


def _facts(p: Payout) -> PayoutFacts:
    return PayoutFacts(
        p.id,
        p.bounty_id,
        p.pledge_id,
        p.entry_id,
        Party(p.creator_id, p.creator.journal_key),
        p.amount,
        PayoutState(p.state),
        p.due_at,
        p.doubt,
    )
