"""The wallet in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assent.catalogue.lists import titles
from assent.core.ledger import Cause, PayoutState
from assent.core.ledger import member as wallet_of
from assent.gateways.payments import provider
from assent.ledger.queries import Movement, balance_of, movements, payouts_of_creator
from assent.web.viewer import member

_WORDS = {
    (Cause.GRANT, "posted"): "The house gave you credits",
    (Cause.PURCHASE, "posted"): "You bought credits",
    (Cause.CHARGEBACK, "posted"): "Your payment was taken back through your card",
    (Cause.GIFT, "posted"): "You redeemed a gift code",
    (Cause.PLEDGE, "posted"): "You pledged to",
    (Cause.PLEDGE, "pending"): "Reserved, while it is held, for",
    (Cause.PLEDGE, "voided"): "Not taken after all for",
    (Cause.REFUND, "posted"): "Your pledge came back from",
    (Cause.PAYOUT, "posted"): "You were paid for your entry to",
    (Cause.PAYOUT, "pending"): "Awarded and waiting, for your entry to",
    (Cause.PAYOUT, "voided"): "Stopped: the award for your entry to",
    (Cause.PAYOUT, "expired"): "Ran out: the award for your entry to",
}
COUNTS = ("posted", "pending")
_OF_BOUNTIES = (Cause.PLEDGE, Cause.REFUND, Cause.PAYOUT)


@dataclass(frozen=True, slots=True)
class Line:
    """A movement as the page tells it."""

    at: datetime
    amount: int
    words: str
    counts: bool
    bounty: str
    title: str


@require_safe
def wallet(request: HttpRequest) -> HttpResponse:
    """Balance and movements of the viewer."""
    owner = member(request)
    name = wallet_of(owner.key)
    moved = movements(name)
    known = titles(owner.person, (m.subject for m in moved))
    waiting = [p for p in payouts_of_creator(owner.id) if p.state is PayoutState.PENDING]
    context = {
        "balance": balance_of(name),
        "sells": bool(provider()),
        "lines": [_line(m, known) for m in moved],
        "waiting": [(p, known.get(p.bounty, "")) for p in waiting],
    }
    return render(request, "people/wallet.html", context)


def _line(movement: Movement, known: dict[str, str]) -> Line:
    words = _WORDS.get((movement.cause, movement.state), f"{movement.cause} ({movement.state})")
    about = movement.subject if movement.cause in _OF_BOUNTIES else ""
    return Line(
        movement.at,
        movement.amount,
        words,
        movement.state in COUNTS,
        about,
        known.get(about) or "a bounty that is no longer shown",
    )
