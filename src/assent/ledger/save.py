"""Writes payouts, purchases and gift codes. Transfers are written by `ledger.post` alone."""

from __future__ import annotations

from datetime import datetime

from assent.core.ledger import PayoutState
from assent.core.purchases import ProviderEvent, PurchaseState
from assent.core.settlement import PayoutFacts
from assent.core.terms import Refusal, RefusalKind, Refused
from assent.ledger.models import GiftCode, PaymentEvent, Payout, Purchase
from assent.ledger.purchases import PurchaseView

_MOVED_ON = Refusal(
    "payout_settled", "This payout was settled already.", RefusalKind.CONFLICT, retry=False
)


def add_payout(payout: PayoutFacts) -> None:
    """Insert a payout that waits."""
    Payout.objects.create(
        id=payout.id,
        bounty_id=payout.bounty,
        pledge_id=payout.pledge,
        entry_id=payout.entry,
        creator_id=payout.creator.id,
        amount=payout.amount,
        state=payout.state,
        due_at=payout.due_at,
        doubt=payout.doubt,
    )


def clear_doubt(bounty_id: str) -> int:
    """Let the payouts of a bounty go on that waited for a moderator; return how many."""
    waiting = Payout.objects.filter(bounty_id=bounty_id, state=PayoutState.PENDING)
    return waiting.exclude(doubt="").update(doubt="")


def move_payout(payout_id: str, before: PayoutState, after: PayoutState) -> None:
    """Change a payout's state if it is still `before`, else refuse."""
    if not Payout.objects.filter(id=payout_id, state=before).update(state=after):
        raise Refused(_MOVED_ON)


def add_purchase(view: PurchaseView) -> None:
    """Insert a purchase."""
    Purchase.objects.create(
        id=view.id, buyer_id=view.buyer, credits=view.credits, cents=view.cents,
        provider=view.provider, state=view.state, at=view.at,
    )  # fmt: skip


def settle_purchase(purchase_id: str, state: PurchaseState, at: datetime) -> None:
    """Change how a purchase stands; its row is locked by the caller."""
    Purchase.objects.filter(id=purchase_id).update(state=state, settled_at=at)


def add_event(event: ProviderEvent, at: datetime) -> None:
    """Write down what a provider told us."""
    PaymentEvent.objects.create(
        id=event.id, purchase_id=event.purchase, kind=event.kind, cents=event.cents, at=at
    )


def add_gift(gift_id: str, digest: str, credits_: int, expires_at: datetime) -> None:
    """Insert a gift code, known by its digest alone."""
    GiftCode.objects.create(id=gift_id, digest=digest, credits=credits_, expires_at=expires_at)


def redeem_gift(gift_id: str, by: int, at: datetime) -> bool:
    """Mark a gift code as used; False where somebody was faster."""
    waiting = GiftCode.objects.filter(id=gift_id, redeemed_at=None)
    return bool(waiting.update(redeemed_at=at, redeemed_by_id=by))
