"""Writes the sales of listings. Rows are locked by the caller, or changed by compare-and-set."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from assent.core.ledger import SaleState
from assent.core.settlement import SaleFacts
from assent.core.terms import Refusal, RefusalKind, Refused
from assent.ledger.models import Sale

_MOVED_ON = Refusal("sale_settled", "This sale was settled already.", RefusalKind.CONFLICT)


def add_sale(sale: SaleFacts, at: datetime) -> None:
    """Insert a sale whose credits wait, under the licence that the listing has now."""
    Sale.objects.create(
        id=sale.id,
        listing_id=sale.listing,
        buyer_id=sale.buyer.id,
        seller_id=sale.seller.id,
        price=sale.price,
        fee=sale.fee,
        licence=sale.licence,
        state=sale.state,
        at=at,
        due_at=sale.due_at,
        doubt=sale.doubt,
    )


def move_sale(sale_id: str, before: SaleState, after: SaleState, at: datetime) -> None:
    """Change how a sale stands if it is still `before`, else refuse."""
    rows = Sale.objects.filter(id=sale_id, state=before)
    if not rows.update(state=after, settled_at=at):
        raise Refused(_MOVED_ON)


def note_opened(item_id: str, buyer_id: int, at: datetime) -> None:
    """Write down that a buyer has a copy now of a listing or of a later version of it."""
    own = Q(listing_id=item_id) | Q(listing__versions__item_id=item_id)
    lasting = Sale.objects.filter(own, buyer_id=buyer_id, opened_at=None)
    lasting.exclude(state=SaleState.RETURNED).update(opened_at=at)


def clear_doubt(sale_id: str) -> None:
    """Let a sale go on that waited for a moderator."""
    Sale.objects.filter(id=sale_id).update(doubt="")


def doubt_sales_to(buyer_id: int, doubt: str) -> int:
    """Let the sales to this buyer that still wait, wait for a moderator; return how many."""
    waiting = Sale.objects.filter(buyer_id=buyer_id, state=SaleState.WAITING, doubt="")
    return waiting.update(doubt=doubt)
