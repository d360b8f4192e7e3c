"""Buy a listing: its files open at once, and the seller is paid after the cooling-off."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from assent.casework.strikes import require_not_suspended
from assent.catalogue import context, queries
from assent.catalogue import save as catalogue
from assent.catalogue.values import ListingView
from assent.consent.queries import grant_terms
from assent.core.access import Actor, Verb
from assent.core.collusion import CYCLE, AwardFacts, doubt
from assent.core.consent.cover import in_force, may_be_sold
from assent.core.ledger import SaleState
from assent.core.sales import buying, commission, other_price
from assent.core.settlement import Effects, SaleFacts, Tell
from assent.core.terms import Refusal, RefusalKind, Refused
from assent.effects.apply import apply
from assent.gateways import clock
from assent.gateways.keys import new_item_id
from assent.ledger.cashouts import identities_of
from assent.ledger.queries import paid_lately
from assent.people.queries import Member, addresses_of, by_id

_NOT_COVERED = Refusal(
    "consent_not_in_force",
    "The consent record that this rests on does not allow that it is sold now.",
    RefusalKind.CONFLICT,
)


def buy_listing(buyer: Member, listing_id: str, price: int) -> SaleFacts:
    """Buy a listing for the price that the buyer was shown, and return the sale; or refuse. One
    that might only move credits to the buyer's own pocket carries its `doubt`, and waits for a
    moderator, its files too."""
    # load
    at = clock.now()
    require_not_suspended(buyer.id, at)
    with transaction.atomic():
        # Under the listing's lock: a takedown or another price waits for us, or we for it.
        catalogue.lock_any(listing_id)
        found = queries.listing(buyer.person, listing_id)
        # think
        queries.require(buyer.person, Verb.BUY, found.facts)
        if price != found.price:
            raise Refused(other_price(found.price))
        grant = context.grant_behind(listing_id)
        terms = grant_terms(grant) if grant is not None else None
        if grant is not None and not (in_force(terms, at.date()) and may_be_sold(terms)):
            raise Refused(_NOT_COVERED)
        sale = _sale(buyer, found, at)
        effects = buying(sale)
        if sale.doubt:
            who = (sale.buyer.id, sale.seller.id)
            told = tuple(Tell(one, "sale_doubted", {"item": listing_id}) for one in who)
            effects += Effects(messages=told)
        # save
        apply(effects, by=Actor(buyer.key, buyer.id), rule="listing.bought", at=at)
    return sale


def _sale(buyer: Member, found: ListingView, at: datetime) -> SaleFacts:
    seller = by_id(found.item.owner).party
    pair = frozenset({buyer.id, seller.id})
    sign = doubt(
        AwardFacts(
            frozenset({buyer.id}),
            seller.id,
            addresses_of(pair),
            paid_lately(seller.id, at - CYCLE),
            identities_of(pair),
        )
    )
    return SaleFacts(
        new_item_id(),
        found.item.id,
        buyer.party,
        seller,
        found.price,
        commission(found.price, settings.SALE_FEE),
        SaleState.WAITING,
        at + timedelta(seconds=settings.PAYOUT_COOLING_OFF_SECONDS),
        sign or "",
        licence=found.licence,
    )
