"""Reads the sales of listings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet, Sum

from assent.core.ledger import SaleState, till
from assent.core.sales import OVER
from assent.core.settlement import Party, SaleFacts
from assent.core.terms import ItemState
from assent.ledger.models import Sale
from assent.ledger.queries import balance_of

LIVE = (SaleState.WAITING, SaleState.SETTLED)


@dataclass(frozen=True, slots=True)
class SaleView:
    """A sale as its buyer and its seller see it. No seller is told who bought."""

    id: str
    listing: str
    price: int
    fee: int
    licence: str
    state: SaleState
    at: datetime
    due_at: datetime
    is_doubted: bool
    is_opened: bool

    @property
    def share(self) -> int:
        """What the seller has of it."""
        return self.price - self.fee

    @property
    def can_go_back(self) -> bool:
        """Whether the buyer may still give it back: nothing was downloaded, nothing paid out."""
        return self.state is SaleState.WAITING and not self.is_opened


def sale(sale_id: str, *, lock: bool = False) -> SaleFacts | None:
    """Return a sale, under a lock where it is about to change."""
    rows = _rows().filter(id=sale_id)
    row = (rows.select_for_update(no_key=True, of=("self",)) if lock else rows).first()
    return _facts(row) if row else None


def sale_to(buyer_id: int, listing_id: str) -> SaleView | None:
    """Return the sale of a listing to this buyer that lasts, or None."""
    row = Sale.objects.filter(listing_id=listing_id, buyer_id=buyer_id, state__in=LIVE).first()
    return _view(row) if row else None


def waiting_in(listing_ids: list[str]) -> list[SaleFacts]:
    """Return the sales of these listings whose credits still wait."""
    rows = _rows().filter(listing_id__in=listing_ids, state=SaleState.WAITING)
    return [_facts(row) for row in rows.order_by("at", "id")]


def sales_due(at: datetime, limit: int = 500) -> list[SaleFacts]:
    """Return sales whose cooling-off is over and that still wait, oldest first; of listings that
    can be seen, since what is hidden waits."""
    rows = _rows().filter(state=SaleState.WAITING, due_at__lte=at, doubt="")
    rows = rows.filter(listing__item__state=ItemState.PUBLISHED)
    return [_facts(row) for row in rows.order_by("due_at", "id")[:limit]]


def sales_over(limit: int = 500) -> list[SaleFacts]:
    """Return sales that still wait although their listing will not come back."""
    rows = _rows().filter(state=SaleState.WAITING, listing__item__state__in=OVER)
    return [_facts(row) for row in rows.order_by("at", "id")[:limit]]


def doubted_sales() -> list[SaleFacts]:
    """Return the sales that wait for a moderator, oldest first."""
    rows = _rows().filter(state=SaleState.WAITING).exclude(doubt="")
    return [_facts(row) for row in rows.order_by("at", "id")]


def bought_by(user_id: int, limit: int = 200) -> list[SaleView]:
    """Return what a member bought, the latest first; what was given back too."""
    rows = Sale.objects.filter(buyer_id=user_id).order_by("-at", "-id")[:limit]
    return [_view(row) for row in rows]


def sold_by(user_id: int, limit: int = 200) -> list[SaleView]:
    """Return what a member sold, the latest first; what was given back too."""
    rows = Sale.objects.filter(seller_id=user_id).order_by("-at", "-id")[:limit]
    return [_view(row) for row in rows]


def still_to_be_paid(user_id: int) -> int:
    """Return how many sales of a seller still wait."""
    return Sale.objects.filter(seller_id=user_id, state=SaleState.WAITING).count()


def sums_of(seller_id: int, listing_id: str | None = None) -> tuple[int, int, int]:
    """Return of a seller's sales, of one listing or all: how many last, the credits that were paid
    to the seller, and those that still wait."""
    rows = Sale.objects.filter(seller_id=seller_id, state__in=LIVE)
    if listing_id is not None:
        rows = rows.filter(listing_id=listing_id)
    share = Sum(F("price") - F("fee"))
    paid = rows.filter(state=SaleState.SETTLED).aggregate(n=share)["n"] or 0
    waiting = rows.filter(state=SaleState.WAITING).aggregate(n=share)["n"] or 0
    return rows.count(), paid, waiting


def faults() -> list[str]:
    """Return where the accounts of listings and their sales do not agree, a sentence each."""
    total = Sum("price", filter=Q(state=SaleState.WAITING))
    waiting = Sale.objects.values("listing_id").annotate(total=total)
    return [
        f"Account {till(row['listing_id'])} holds {held}, and its sales {row['total'] or 0}."
        for row in waiting.order_by("listing_id")
        if (held := balance_of(till(row["listing_id"])).posted) != (row["total"] or 0)
    ]


def _rows() -> QuerySet[Sale]:
    return Sale.objects.select_related("buyer", "seller")


def _facts(row: Sale) -> SaleFacts:
    return SaleFacts(
        row.id,
        row.listing_id,
        Party(row.buyer_id, row.buyer.journal_key),
        Party(row.seller_id, row.seller.journal_key),
        row.price,
        row.fee,
        SaleState(row.state),
        row.due_at,
        row.doubt,
        row.opened_at is not None,
        row.licence,
    )


def _view(row: Sale) -> SaleView:
    return SaleView(
        row.id,
        row.listing_id,
        row.price,
        row.fee,
        row.licence,
        SaleState(row.state),
        row.at,
        row.due_at,
        bool(row.doubt),
        row.opened_at is not None,
    )
