"""Take back what one put here: a comment, a listing or a version of one."""

from __future__ import annotations

from django.db import transaction

from assent.catalogue import queries
from assent.catalogue import save as catalogue
from assent.core.access import Actor, Verb
from assent.core.settlement import Effects, Move
from assent.core.terms import ItemState, Refused
from assent.effects.apply import apply
from assent.effects.stopped import stopped
from assent.gateways import clock
from assent.people.queries import Member


def withdraw_item(owner: Member, item_id: str) -> None:
    """Withdraw an item, or refuse. Its row stays, since a decision or a case may hang on it."""
    at = clock.now()
    with transaction.atomic():
        # load
        catalogue.lock_any(item_id)
        seen = queries.item_facts(item_id)
        if seen is None:
            raise Refused(queries.NOTHING_HERE)
        # think
        queries.require(owner.person, Verb.WITHDRAW, seen[1])
        # save
        moved = Effects(moves=(Move(item_id, seen[0].state, ItemState.WITHDRAWN),))
        effects = moved + stopped([(item_id, seen[0].kind)])
        apply(effects, by=Actor(owner.key, owner.id), rule="owner.withdrew", at=at)
