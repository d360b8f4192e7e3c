"""Take in what a payment provider tells us: once, however often, late or out of order it comes."""

from __future__ import annotations

from django.db import transaction

from assent.core.access import WORKER
from assent.core.collusion import Doubt
from assent.core.ledger import member
from assent.core.purchases import (
    EventKind,
    ProviderEvent,
    PurchaseState,
    after,
    issuing,
    taking_back,
)
from assent.core.settlement import Effects, Tell
from assent.core.terms import Refusal, RefusalKind, Refused
from assent.effects.apply import apply
from assent.gateways import clock
from assent.journal.append import Event
from assent.ledger import save, save_cashouts, save_sales
from assent.ledger.purchases import PurchaseView, known_event, purchase
from assent.ledger.purses import purse_of
from assent.people.queries import by_id

_UNKNOWN = Refusal("not_found", "There is no such purchase.", RefusalKind.NOT_FOUND)
_OTHER_SUM = Refusal("wrong_sum", "The sum is not what this purchase costs.", RefusalKind.CONFLICT)


def take_payment(event: ProviderEvent) -> PurchaseState:
    """Return how the purchase stands now, or refuse what is about none, or about another sum."""
    at = clock.now()
    with transaction.atomic():
        # The row's lock comes first: two messages about one purchase wait for each other.
        found = purchase(event.purchase, lock=True)
        if found is None:
            raise Refused(_UNKNOWN)
        if event.cents != found.cents:
            raise Refused(_OTHER_SUM)
        if known_event(event.id):
            return found.state
        save.add_event(event, at)
        state = after(found.state, event.kind)
        if state is None:
            return found.state
        save.settle_purchase(found.id, state, at)
        told = Event("purchase.settled", found.id, {"state": state, "credits": found.credits})
        effects = _effects(found, event.kind)
        if event.kind is EventKind.DISPUTED:
            save_cashouts.doubt_payouts_from(found.buyer, Doubt.DISPUTED)
            save_sales.doubt_sales_to(found.buyer, Doubt.DISPUTED)
        apply(effects, by=WORKER, rule="credits.bought", at=at, events=(told,))
    return state


def _effects(found: PurchaseView, kind: EventKind) -> Effects:
    wallet = member(by_id(found.buyer).key)
    words = {"credits": found.credits}
    if kind is EventKind.PAID:
        told = Tell(found.buyer, "bought", words)
        payments = (issuing(found.id, found.credits, wallet),)
        return Effects(payments=payments, messages=(told,))
    if kind is EventKind.DISPUTED:
        back = taking_back(found.id, found.credits, purse_of(wallet), wallet)
        return Effects(payments=(back,) if back else ())
    return Effects(messages=(Tell(found.buyer, "purchase_declined", words),))
