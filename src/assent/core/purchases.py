"""Buying credits: what may be bought, what a payment provider tells us, and what follows.

Nothing outside is called inside a database transaction: an intent is written first, the provider
is asked, and what it says later, as often and in whatever order, is taken in by events that count
once. A payment moves credits out of the issue account under one key for each intent, so that the
credits issued for purchases are exactly what the provider was paid for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from assent.core.ledger import ISSUE, AccountName, Cause, Origin, Payment
from assent.core.purses import Purse
from assent.core.terms import Refusal, RefusalKind

# One credit costs one cent; packs keep small fees from eating small payments.
PACKS = (500, 1_000, 2_500, 5_000)
CENTS_EACH = 1
DAILY_MAX = 10_000
SIGNED_WITHIN = timedelta(minutes=5)


class PurchaseState(StrEnum):
    """The life of a purchase. A disputed one was paid, and was taken back through the card."""

    BEGUN = "begun"
    PAID = "paid"
    DECLINED = "declined"
    DISPUTED = "disputed"


class EventKind(StrEnum):
    """What a provider tells us of a payment."""

    PAID = "paid"
    DECLINED = "declined"
    DISPUTED = "disputed"


@dataclass(frozen=True, slots=True)
class ProviderEvent:
    """Something that a provider says: `id` is unique, `cents` what it took."""

    id: str
    kind: EventKind
    purchase: str
    cents: int


_NEXT = {
    (PurchaseState.BEGUN, EventKind.PAID): PurchaseState.PAID,
    (PurchaseState.BEGUN, EventKind.DECLINED): PurchaseState.DECLINED,
    # Somebody tried again with another card after a refusal.
    (PurchaseState.DECLINED, EventKind.PAID): PurchaseState.PAID,
    (PurchaseState.PAID, EventKind.DISPUTED): PurchaseState.DISPUTED,
}


def after(state: PurchaseState, kind: EventKind) -> PurchaseState | None:
    """Return the state that follows; None where the event changes nothing: twice, or too late."""
    return _NEXT.get((state, kind))


def price(credits_: int) -> int:
    """Return what credits cost, in cents."""
    return credits_ * CENTS_EACH


def purchase_refusal(credits_: int, bought_today: int) -> Refusal | None:
    """Return why this cannot be bought, or None."""
    if credits_ not in PACKS:
        words = "Choose one of the amounts."
        return Refusal("check_the_form", words, fields={"credits": words})
    if bought_today + credits_ > DAILY_MAX:
        words = f"You can buy {DAILY_MAX:,} credits a day, and have bought {bought_today:,} today."
        return Refusal("daily_limit", words, RefusalKind.CONFLICT, {"credits": words})
    return None


def issuing(purchase: str, credits_: int, buyer: AccountName) -> Payment:
    """A payment came in: the credits, once for each purchase."""
    return Payment(f"purchase:{purchase}", ISSUE, buyer, credits_, Cause.PURCHASE, purchase)


def taking_back(purchase: str, credits_: int, has: Purse, buyer: AccountName) -> Payment | None:
    """A payment was taken back through the card: what was bought and not spent returns to the
    issue account. What was spent stays with whoever earned it, and is the house's loss."""
    amount = min(credits_, max(0, has.bought))
    if amount == 0:
        return None
    return Payment(
        f"chargeback:{purchase}", buyer, ISSUE, amount, Cause.CHARGEBACK, purchase, of=Origin.BOUGHT
    )


def gift(code: str, credits_: int, to: AccountName) -> Payment:
    """A gift code was redeemed: its credits, once."""
    return Payment(f"gift:{code}", ISSUE, to, credits_, Cause.GIFT, code)
