"""Give somebody credits out of the house's issue account."""

from __future__ import annotations

from django.db import transaction

from assent.core.access import Actor
from assent.core.ledger import ISSUE, SCRIP, Cause, Payment, member
from assent.core.scrips import not_sold
from assent.core.settlement import Effects, Party
from assent.core.terms import Refused
from assent.effects.apply import apply
from assent.gateways import clock
from assent.ledger.scrips import scrip


def grant_credits(to: Party, amount: int, key: str, *, by: Actor) -> None:
    """Move credits from the issue account to a wallet. `key` makes it happen once."""
    at = clock.now()
    unsold = not_sold(scrip(SCRIP), "grant")
    if unsold:
        raise Refused(unsold)
    grant = Payment(f"grant:{key}", ISSUE, member(to.key), amount, Cause.GRANT, to.key)
    with transaction.atomic():
        apply(Effects(payments=(grant,)), by=by, rule="credits.granted", at=at)
