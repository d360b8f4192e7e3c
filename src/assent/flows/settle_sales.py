"""Settle the sales whose cooling-off is over, and give back those of what will not come back. Run
by the worker's clock."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assent.catalogue import context
from assent.catalogue import save as catalogue
from assent.consent.queries import grant_terms
from assent.core.access import WORKER
from assent.core.consent.cover import in_force
from assent.core.ledger import SaleState
from assent.core.sales import OVER, completing, returning
from assent.core.settlement import SaleFacts
from assent.core.terms import ItemState, Refused
from assent.effects.apply import apply
from assent.gateways import clock
from assent.ledger.sales import sale, sales_due, sales_over


def settle_sales() -> int:
    """Settle each sale once and return how many. One whose listing was hidden meanwhile waits, so
    that nobody is paid for what is under a takedown."""
    at = clock.now()
    return sum(_settled(one, at) for one in [*sales_due(at), *sales_over()])


def _settled(one: SaleFacts, at: datetime) -> bool:
    try:
        with transaction.atomic():
            state = catalogue.lock_all([one.listing])[one.listing]
            now = sale(one.id, lock=True)
            if now is None or now.state is not SaleState.WAITING:
                return False
            if state in OVER:
                back = returning([now])
                apply(back, by=WORKER, rule="sale.listing_over", at=at)
            else:
                _still_stands(now, state, at)
                done = completing(now)
                apply(done, by=WORKER, rule="sale.cooling_off_over", at=at)
    except Refused:  # hidden meanwhile, or another worker was faster
        return False
    return True


def _still_stands(one: SaleFacts, state: ItemState, at: datetime) -> None:
    """Refuse, so that it waits on, unless the listing can be seen and may be sold on this day."""
    if state is not ItemState.PUBLISHED or one.doubt:
        raise Refused(catalogue.CHANGED)
    grant = context.grant_behind(one.listing)
    if grant is not None and not in_force(grant_terms(grant), at.date()):
        raise Refused(catalogue.CHANGED)
