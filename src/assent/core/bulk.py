"""The same decision on several held items: how many at once, and how long it can be taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from assent.core.casework import Placement
from assent.core.ledger import PledgeState
from assent.core.settlement import Effects, PledgeFacts, pledging, reserving_again
from assent.core.terms import Refusal, RefusalKind

CAP = 50
UNDO_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Pick:
    """A held item that was ticked, with a mark of what the moderator saw of it."""

    item: str
    mark: str


@dataclass(frozen=True, slots=True)
class Pledged:
    """What a decision did to one pledge: where it was before, and where it went."""

    id: str
    before: PledgeState
    after: PledgeState


@dataclass(frozen=True, slots=True)
class Outlook:
    """What would happen to one item either way; a refusal says why nothing would. `credits` are
    those that enter escrow or go back."""

    item: str
    mark: str
    publish: Refusal | None
    refuse: Refusal | None
    credits: int = 0


def count_refusal(count: int) -> Refusal | None:
    """Return why so many items cannot be decided at once, or None."""
    if count == 0:
        return Refusal("nothing_ticked", "Tick the items that you mean first.")
    if count > CAP:
        words = f"At most {CAP} items can be decided at once; these are {count}."
        return Refusal("too_many", words, RefusalKind.TOO_LARGE)
    return None


def can_undo(decided_at: datetime, at: datetime) -> bool:
    """Whether a decision on several items can still be taken back as one."""
    return at < decided_at + UNDO_FOR


def reached(outlooks: Iterable[Outlook], placement: Placement) -> tuple[int, int]:
    """Return how many items this decision would reach, and how many credits it would move."""
    found = [o for o in outlooks if _refusal(o, placement) is None]
    return len(found), sum(o.credits for o in found)


def _refusal(outlook: Outlook, placement: Placement) -> Refusal | None:
    return outlook.publish if placement is Placement.PUBLISH else outlook.refuse


def is_untouched(moved: Iterable[Pledged], now: Mapping[str, PledgeFacts]) -> bool:
    """Whether every pledge is where the decision left it, and none of the bounty's is awarded or
    was: what was paid is not taken back by a click."""
    listed = list(moved)
    still = all(p.id in now and now[p.id].state is p.after for p in listed)
    paid = PledgeState.AWARDED in [p.before for p in listed] + [p.state for p in now.values()]
    return still and not paid


def undoing(
    moved: Iterable[Pledged], now: Mapping[str, PledgeFacts], fresh: Mapping[str, str]
) -> Effects:
    """Put each pledge that a decision moved back to where it was, under the fresh id that it has
    in `fresh`: a transfer that was settled is settled, so that the same credits move anew. What
    others put in meanwhile stays in escrow, as in a bounty that a sweep holds."""
    effects = Effects()
    for one in moved:
        pledge = now[one.id]
        again = PledgeFacts(
            fresh[one.id], pledge.bounty, pledge.supporter, pledge.amount, one.before
        )
        if one.after is PledgeState.HELD:
            effects += reserving_again(pledge, again)
        else:
            effects += pledging(again)
    return effects
