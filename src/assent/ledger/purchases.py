"""Reads purchases, what providers told us of them, and gift codes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum

from assent.core.ledger import Cause
from assent.core.purchases import EventKind, PurchaseState
from assent.ledger.models import GiftCode, PaymentEvent, Purchase, Transfer


@dataclass(frozen=True, slots=True)
class PurchaseView:
    """A purchase as it stands."""

    id: str
    buyer: int
    credits: int
    cents: int
    provider: str
    state: PurchaseState
    at: datetime


def purchase(purchase_id: str, *, lock: bool = False) -> PurchaseView | None:
    """Return a purchase, under a lock where it is about to change; None where there is none."""
    rows = Purchase.objects.filter(id=purchase_id)
    row = (rows.select_for_update(no_key=True) if lock else rows).first()
    return _view(row) if row else None


def purchases_of(user_id: int, limit: int = 50) -> list[PurchaseView]:
    """Return what a member bought or began to buy, the latest first."""
    rows = Purchase.objects.filter(buyer_id=user_id).order_by("-at", "-id")[:limit]
    return [_view(row) for row in rows]


def bought_since(user_id: int, since: datetime) -> int:
    """Return how many credits a member has bought, or is buying, since a moment."""
    live = (PurchaseState.BEGUN, PurchaseState.PAID)
    rows = Purchase.objects.filter(buyer_id=user_id, at__gte=since, state__in=live)
    return rows.aggregate(total=Sum("credits"))["total"] or 0


def known_event(event_id: str) -> bool:
    """Return whether this was told before."""
    return PaymentEvent.objects.filter(id=event_id).exists()


def open_gift(digest: str, at: datetime) -> tuple[str, int] | None:
    """Return (id, credits) of a gift code that can be redeemed; None for any other code."""
    rows = GiftCode.objects.filter(digest=digest, redeemed_at=None, expires_at__gt=at)
    row = rows.first()
    return (row.id, row.credits) if row else None


def faults() -> list[str]:
    """Return what does not agree between what providers were paid and what was issued, a sentence
    each: every paid purchase has exactly its credits, and nothing else was issued for one."""
    paid = (PurchaseState.PAID, PurchaseState.DISPUTED)
    owed = dict(Purchase.objects.filter(state__in=paid).values_list("id", "credits"))
    issued = dict(Transfer.objects.filter(cause=Cause.PURCHASE).values_list("subject", "amount"))
    told = set(PaymentEvent.objects.filter(kind=EventKind.PAID).values_list("purchase", flat=True))
    found = [f"Purchase {p} is paid for {c} and {issued.get(p, 0)} were issued."
             for p, c in sorted(owed.items()) if issued.get(p) != c]  # fmt: skip
    found += [f"Purchase {p} was issued {issued[p]} and nobody paid."
              for p in sorted(set(issued) - set(owed))]  # fmt: skip
    return found + [f"Purchase {p} has no payment behind it." for p in sorted(set(owed) - told)]


def _view(row: Purchase) -> PurchaseView:
    return PurchaseView(
        row.id, row.buyer_id, row.credits, row.cents, row.provider, PurchaseState(row.state),
        row.at,
    )  # fmt: skip
