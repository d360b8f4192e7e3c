"""Change what a listing costs from now on."""

from __future__ import annotations

from django.db import transaction

from assent.catalogue import context, queries
from assent.catalogue import save as catalogue
from assent.consent.queries import grant_terms
from assent.core.access import Actor, Verb
from assent.core.consent.cover import may_be_sold
from assent.core.sales import NOT_TO_BE_SOLD, price_fault
from assent.core.settlement import Effects
from assent.core.terms import Refusal, Refused
from assent.effects.apply import apply
from assent.gateways import clock
from assent.journal.append import Event
from assent.people.queries import Member


def set_price(owner: Member, listing_id: str, price: int) -> None:
    """Set the price of a listing in credits, 0 for free, or refuse. What was bought before stays
    as it was."""
    at = clock.now()
    fault = price_fault(price)
    if fault:
        raise Refused(_refusal(fault))
    with transaction.atomic():
        catalogue.lock_any(listing_id)
        found = queries.listing(owner.person, listing_id)
        queries.require(owner.person, Verb.PRICE, found.facts)
        if price == found.price:
            return
        grant = context.grant_behind(listing_id)
        if price and grant is not None and not may_be_sold(grant_terms(grant)):
            raise Refused(_refusal(NOT_TO_BE_SOLD))
        catalogue.set_price(listing_id, price)
        priced = Event("listing.priced", listing_id, {"credits": price})
        by = Actor(owner.key, owner.id)
        apply(Effects(), by=by, rule="owner.priced", at=at, events=(priced,))


def _refusal(sentence: str) -> Refusal:
    return Refusal("check_the_form", sentence, fields={"price": sentence})
