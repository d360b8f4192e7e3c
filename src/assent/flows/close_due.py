"""Close bounties whose deadline has passed. Run by the worker's clock."""

from __future__ import annotations

from django.db import transaction

from assent.catalogue import queries
from assent.catalogue import save as catalogue
from assent.core.access import WORKER
from assent.core.settlement import Effects, Move, Tell, refunding
from assent.core.terms import ItemState, Refused
from assent.effects.apply import apply
from assent.gateways import clock


def close_due() -> int:
    """Close each overdue bounty; one without entries is settled by refunding everyone."""
    at = clock.now()
    done = 0
    for bounty_id in queries.overdue_bounties(at.date()):
        try:
            with transaction.atomic():
                catalogue.lock(bounty_id, ItemState.OPEN)
                apply(_effects(bounty_id), by=WORKER, rule="bounty.deadline", at=at)
        except Refused:  # awarded, hidden or closed by somebody else meanwhile
            continue
        done += 1
    return done


def _effects(bounty_id: str) -> Effects:
    closed = Effects(moves=(Move(bounty_id, ItemState.OPEN, ItemState.CLOSED),))
    if queries.entries_alive(bounty_id):
        supporters = {p.supporter.id for p in queries.pledges_of(bounty_id)}
        told = (Tell(who, "award_now", {"bounty": bounty_id}) for who in sorted(supporters))
        return closed + Effects(messages=tuple(told))
    settled = Effects(moves=(Move(bounty_id, ItemState.CLOSED, ItemState.SETTLED),))
    return closed + settled + refunding(queries.pledges_of(bounty_id))
