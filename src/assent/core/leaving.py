"""What happens to somebody's things when they delete their account.

What runs must end first, because other people's credits and work hang on it. What only they put
here is withdrawn and its words are erased. What others rely on stays, under a pseudonym: bounties
that are over, entries that won or lost, transfers, the journal.
"""

from __future__ import annotations

from dataclasses import dataclass

from assent.core.settlement import Effects, Move
from assent.core.terms import ItemKind, ItemState, Refusal, RefusalKind

S = ItemState
RUNNING = (S.HELD, S.OPEN, S.CLOSED)
# Where what still waits or is on offer goes.
AWAY = {
    (ItemKind.BOUNTY, S.DRAFT): S.CANCELLED,
    (ItemKind.ENTRY, S.HELD): S.WITHDRAWN,
    (ItemKind.ENTRY, S.PUBLISHED): S.WITHDRAWN,
    (ItemKind.LISTING, S.HELD): S.WITHDRAWN,
    (ItemKind.LISTING, S.PUBLISHED): S.WITHDRAWN,
    (ItemKind.VERSION, S.HELD): S.WITHDRAWN,
    (ItemKind.VERSION, S.PUBLISHED): S.WITHDRAWN,
    (ItemKind.COMMENT, S.HELD): S.WITHDRAWN,
    (ItemKind.COMMENT, S.PUBLISHED): S.WITHDRAWN,
}
# Nobody but the owner saw these, or nobody relies on them: their words go, too.
UNSEEN = (S.REFUSED, S.CANCELLED, S.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Belonging:
    """One item of somebody's."""

    id: str
    kind: ItemKind
    state: ItemState


@dataclass(frozen=True, slots=True)
class Ties:
    """What somebody has here: items, pledges in escrow or reserved, payouts that wait, sales
    that wait to be paid, cash-outs under way, and credits to spend."""

    items: tuple[Belonging, ...]
    pledges: int
    payouts: int
    cashouts: int
    credits: int
    sales: int = 0


@dataclass(frozen=True, slots=True)
class Leaving:
    """What leaving does: the moves, and the items whose words and files are erased."""

    effects: Effects
    erased: tuple[str, ...]


def what_holds(ties: Ties) -> list[str]:
    """Return a sentence for each thing that must end before the account can be deleted."""
    running = sum(i.kind is ItemKind.BOUNTY and i.state in RUNNING for i in ties.items)
    said = [
        (
            running,
            "Your bounties still run: {}. Cancel or settle them; what is in them comes back.",
        ),
        (
            ties.pledges,
            "Your pledges to bounties still wait: {}. Wait until those are settled or refunded.",
        ),
        (ties.payouts, "Payouts to you still wait: {}. They are yours after the cooling-off."),
        (
            ties.sales,
            "Sales of yours wait to be paid: {}. They are yours after the cooling-off.",
        ),
        (ties.cashouts, "Cash-outs of yours are under way: {}. Take them back or wait."),
    ]
    return [sentence.format(count) for count, sentence in said if count]


def leave(ties: Ties, *, gives_up_credits: bool) -> Leaving | Refusal:
    """Return what leaving does, or why it cannot be yet."""
    holds = what_holds(ties)
    if holds:
        return Refusal("ties_left", " ".join(holds), RefusalKind.CONFLICT)
    if ties.credits and not gives_up_credits:
        sentence = f"You have {ties.credits:,} credits. Tick that you give them up, or spend them."
        return Refusal("credits_left", sentence, RefusalKind.CONFLICT, {"gives_up": sentence})
    moves = tuple(
        Move(i.id, i.state, AWAY[i.kind, i.state]) for i in ties.items if (i.kind, i.state) in AWAY
    )
    unseen = tuple(i.id for i in ties.items if i.state in UNSEEN)
    return Leaving(Effects(moves=moves), tuple(m.item for m in moves) + unseen)
