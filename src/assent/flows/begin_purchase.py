"""Begin to buy credits: the intent is written down, and only then is the provider asked."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from assent.core.access import Actor
from assent.core.ledger import SCRIP
from assent.core.purchases import PurchaseState, price, purchase_refusal
from assent.core.scrips import not_sold
from assent.core.settlement import Effects
from assent.core.terms import Refusal, RefusalKind, Refused
from assent.effects.apply import apply
from assent.gateways import clock, payments
from assent.gateways.keys import new_item_id
from assent.journal.append import Event
from assent.ledger import save
from assent.ledger.purchases import PurchaseView, bought_since
from assent.ledger.scrips import scrip
from assent.people.queries import Member

_OFF = Refusal("no_payments", "Credits cannot be bought here.", RefusalKind.CONFLICT)


def begin_purchase(buyer: Member, credits_: int) -> str:
    """Return the address of the page on which the credits are paid, or refuse."""
    at = clock.now()
    provider = payments.provider()
    if not provider:
        raise Refused(_OFF)
    unsold = not_sold(scrip(SCRIP), provider)
    if unsold:
        raise Refused(unsold)
    with transaction.atomic():
        refusal = purchase_refusal(credits_, bought_since(buyer.id, at - timedelta(days=1)))
        if refusal:
            raise Refused(refusal)
        begun = PurchaseView(
            new_item_id(), buyer.id, credits_, price(credits_), provider, PurchaseState.BEGUN, at
        )
        save.add_purchase(begun)
        by = Actor(buyer.key, buyer.id)
        event = Event("purchase.begun", begun.id, {"credits": credits_})
        apply(Effects(), by=by, rule="credits.bought", at=at, events=(event,))
    # tell: outside the transaction; a purchase that never gets a page is simply never paid
    return payments.checkout(begun.id, credits_, begun.cents)
