"""Writes payouts. Transfers are written by `ledger.post` alone."""

from __future__ import annotations

from assent.core.ledger import PayoutState
from assent.core.settlement import PayoutFacts
from assent.core.terms import Refusal, RefusalKind, Refused
from assent.ledger.models import Payout

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
