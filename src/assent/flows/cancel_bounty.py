"""Cancel a bounty that nobody has handed work in to: everyone is refunded exactly."""

from __future__ import annotations

from django.db import transaction

from assent.catalogue import queries
from assent.catalogue import save as catalogue
from assent.core.access import Actor, Verb
from assent.core.settlement import Effects, Move, refunding
from assent.core.terms import ItemState, Refusal, RefusalKind, Refused
from assent.effects.apply import apply
from assent.gateways import clock
from assent.people.queries import Member

_WORK_WAITS = Refusal(
    "work_handed_in",
    "Somebody has handed in work. Award an entry, or wait until the deadline.",
    RefusalKind.CONFLICT,
)


def cancel_bounty(requester: Member, bounty_id: str) -> None:
    """Cancel and refund, or refuse."""
    at = clock.now()
    with transaction.atomic():
        # load
        catalogue.lock_any(bounty_id)
        bounty = queries.bounty(requester.person, bounty_id)
        queries.require(requester.person, Verb.CANCEL, bounty.facts)
        # think
        if queries.entries_alive(bounty_id):
            raise Refused(_WORK_WAITS)
        moved = Move(bounty_id, bounty.item.state, ItemState.CANCELLED)
        effects = Effects(moves=(moved,)) + refunding(bounty.pledge_facts)
        # save
        by = Actor(requester.key, requester.id)
        apply(effects, by=by, rule="bounty.cancelled", at=at)
