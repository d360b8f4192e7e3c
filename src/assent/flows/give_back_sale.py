"""Give back what one bought, while nothing of it was downloaded."""

from __future__ import annotations

from django.db import transaction

from assent.catalogue import queries
from assent.core.access import Actor
from assent.core.ledger import SaleState
from assent.core.sales import returning
from assent.core.terms import Refusal, RefusalKind, Refused
from assent.effects.apply import apply
from assent.gateways import clock
from assent.ledger.sales import sale
from assent.people.queries import Member

_OPENED = Refusal(
    "sale_opened", "You have downloaded it, so it cannot be given back.", RefusalKind.CONFLICT
)
_OVER = Refusal(
    "sale_settled",
    "The time in which it could be given back is over. Nothing was moved.",
    RefusalKind.CONFLICT,
)


def give_back_sale(buyer: Member, sale_id: str) -> None:
    """Give back what was bought and not opened, within the cooling-off; or refuse."""
    at = clock.now()
    with transaction.atomic():
        # A download marks the sale: it waits for this lock, or we see what it wrote.
        found = sale(sale_id, lock=True)
        if found is None or found.buyer.id != buyer.id:
            raise Refused(queries.NOTHING_HERE)
        if found.state is not SaleState.WAITING:
            raise Refused(_OVER)
        if found.is_opened:
            raise Refused(_OPENED)
        by = Actor(buyer.key, buyer.id)
        apply(returning([found]), by=by, rule="sale.given_back", at=at)
