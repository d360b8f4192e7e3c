"""A moderator decides on a sale that might only move credits to the buyer's own pocket."""

from __future__ import annotations

from django.db import transaction

from assent.catalogue.queries import NOTHING_HERE
from assent.core.access import Actor, Denied, Person, may_use_queue
from assent.core.ledger import SaleState
from assent.core.sales import returning
from assent.core.settlement import Effects, SaleFacts
from assent.core.terms import Refusal, RefusalKind, Refused
from assent.effects.apply import apply
from assent.gateways import clock
from assent.journal.append import Event
from assent.ledger import save_sales
from assent.ledger.sales import sale
from assent.people.queries import Member

_OWN = Refusal("own_item", "You bought or sold this yourself.", RefusalKind.NOT_ALLOWED)
_NO_DOUBT = Refusal("no_doubt", "This sale does not wait for you.", RefusalKind.CONFLICT)


def doubted_sale(viewer: Person, sale_id: str, *, lock: bool = False) -> SaleFacts:
    """Return a sale that waits for a moderator, or refuse."""
    answer = may_use_queue(viewer)
    if isinstance(answer, Denied):
        raise Refused(Refusal(answer.kind.value, answer.reason, answer.kind))
    found = sale(sale_id, lock=lock)
    if found is None:
        raise Refused(NOTHING_HERE)
    if viewer.id in (found.buyer.id, found.seller.id):
        raise Refused(_OWN)
    if not found.doubt or found.state is not SaleState.WAITING:
        raise Refused(_NO_DOUBT)
    return found


def decide_sale(moderator: Member, sale_id: str, *, pay: bool) -> None:
    """Let a doubted sale go on, or give the buyer the credits back; or refuse."""
    at = clock.now()
    with transaction.atomic():
        found = doubted_sale(moderator.person, sale_id, lock=True)
        effects = Effects()
        if pay:
            save_sales.clear_doubt(found.id)
        else:
            effects = returning([found])
        decided = Event("sale.decided", found.listing, {"sale": found.id, "paid": pay})
        by = Actor(moderator.key, moderator.id)
        apply(effects, by=by, rule="moderator.sale", at=at, events=(decided,))
