"""What follows when a consent grant ends: nothing that rests on it is served, sold or paid."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from assent.casework import save as casework
from assent.catalogue import context
from assent.catalogue import save as catalogue
from assent.core.casework import Placement, Ruling
from assent.core.settlement import Effects, Move, Tell
from assent.core.terms import ItemState
from assent.effects.stopped import stopped
from assent.gateways.keys import new_item_id

ENDED = Ruling(
    Placement.HOLD,
    "consent.not_in_force",
    "consent_not_in_force",
    "",
    "The consent record that this rests on does not cover it any more.",
)


def ended(grants: Iterable[str], at: datetime) -> Effects:
    """Return what stops with these grants, and write the decision; in the flow's transaction.

    Every item under them is hidden, money that was not paid goes back, owners are told why, and
    whoever has a copy is told to delete it. Nobody is told who or what ended the record.
    """
    items = context.under_grants(list(grants))
    states = catalogue.lock_all([item.id for item in items])
    live = [i for i in items if not states[i.id].is_gone]
    moves = tuple(Move(i.id, states[i.id], ItemState.HIDDEN) for i in live)
    for item in live:
        moved = tuple(m for m in moves if m.item == item.id)
        casework.add_decision(new_item_id(), ENDED, moved, actor=None, at=at, item=item.id)
    owners = tuple(Tell(i.owner, "consent_over", {"item": i.id, "kind": i.kind}) for i in live)
    copies = tuple(
        Tell(user, "delete_copy", {"item": item_id}) for item_id, user in context.takers_of(states)
    )
    money = stopped((i.id, i.kind) for i in items)
    return Effects(moves=moves, messages=owners + copies) + money
