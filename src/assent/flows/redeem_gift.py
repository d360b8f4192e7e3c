"""Make gift codes, and redeem one: single use, kept as a digest, and over after a time."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from assent.core.access import Actor
from assent.core.ledger import SCRIP, member
from assent.core.purchases import gift
from assent.core.scrips import not_sold
from assent.core.settlement import Effects
from assent.core.terms import Refusal, RefusalKind, Refused
from assent.effects.apply import apply
from assent.gateways import clock, limits
from assent.gateways.keys import new_item_id, new_pin
from assent.gateways.secrets import keyed_digest
from assent.journal.append import Event
from assent.ledger import save
from assent.ledger.purchases import open_gift
from assent.ledger.scrips import scrip
from assent.people.queries import Member

VALID_DAYS = 365
_UNKNOWN = Refusal(
    "no_such_code",
    "This code is not one that can be redeemed: it may be used already, over, or mistyped.",
    RefusalKind.CONFLICT,
)


def make_gift(credits_: int, *, by: Actor) -> str:
    """Return a new code; it is shown this once."""
    at = clock.now()
    code, gift_id = new_pin(), new_item_id()
    with transaction.atomic():
        save.add_gift(gift_id, _digest(code), credits_, at + timedelta(days=VALID_DAYS))
        event = Event("gift.made", gift_id, {"credits": credits_})
        apply(Effects(), by=by, rule="credits.gift", at=at, events=(event,))
    return code


def redeem_gift(who: Member, code: str) -> int:
    """Return how many credits the code brought, or refuse; guessing is counted."""
    at = clock.now()
    limits.spend("status", f"gift:{who.id}")
    unsold = not_sold(scrip(SCRIP), "gift")
    if unsold:
        raise Refused(unsold)
    with transaction.atomic():
        found = open_gift(_digest(code), at)
        if found is None or not save.redeem_gift(found[0], who.id, at):
            raise Refused(_UNKNOWN)
        payment = gift(found[0], found[1], member(who.key))
        by = Actor(who.key, who.id)
        apply(Effects(payments=(payment,)), by=by, rule="credits.gift", at=at)
    return found[1]


def _digest(code: str) -> str:
    return keyed_digest("gift", "".join(c for c in code.upper() if c.isalnum()))
