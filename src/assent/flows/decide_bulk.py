"""A moderator decides the same on several held items: one decision each, with one reason.

Each item is decided in a transaction of its own, so that one which cannot be decided is named and
left, and does not keep the others waiting. Killed in between, what was decided is decided, belongs
to the same decision, and can be undone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from assent.casework import save_looks
from assent.casework.looks import require_staff
from assent.catalogue import context
from assent.core.access import Actor
from assent.core.bulk import Pick, count_refusal
from assent.core.casework import Ruling
from assent.core.settlement import Effects
from assent.core.terms import Refused
from assent.effects.apply import apply
from assent.effects.bulk import require_fit
from assent.effects.held import begin, finish, ruling_of
from assent.gateways import clock
from assent.gateways.keys import new_item_id
from assent.journal.append import Event
from assent.people.queries import Member


def decide_bulk(moderator: Member, picks: Sequence[Pick], *, approve: bool, reason: str) -> str:
    """Publish or refuse these held items and return the id of the decision on all of them, or
    refuse to decide on any: they are none, too many, or a refusal has no reason. An item that
    changed, is somebody else's work or is about a takedown request is skipped and named."""
    # load
    require_staff(moderator.person)
    ids = context.known_ids(tuple(pick.item for pick in picks))
    marks = {pick.item: pick for pick in picks}
    listed = [marks[item_id] for item_id in ids if item_id in marks]
    # think
    refusal = count_refusal(len(listed))
    if refusal:
        raise Refused(refusal)
    ruling = ruling_of(reason.strip(), approve=approve)
    # save
    bulk, at = new_item_id(), clock.now()
    by = Actor(moderator.key, moderator.id)
    with transaction.atomic():
        save_looks.begin_bulk(bulk, moderator.id, at, approve=approve)
        began = Event("bulk.begun", bulk, {"placement": ruling.placement, "items": len(listed)})
        apply(Effects(), by=by, rule=ruling.rule, at=at, events=(began,))
    for pick in listed:
        _one(moderator, bulk, pick, ruling, clock.now())
    return bulk


def _one(moderator: Member, bulk: str, pick: Pick, ruling: Ruling, at: datetime) -> None:
    try:
        with transaction.atomic():
            found = begin(moderator, pick.item, at)
            require_fit(moderator, found, pick)
            decision, pledges = finish(moderator, found, ruling, at)
            save_looks.add_bulk_item(bulk, pick.item, decision=decision, pledges=pledges)
    except Refused as refused:
        why = refused.refusal.sentence
        save_looks.add_bulk_item(bulk, pick.item, decision=None, pledges=(), skipped=why)
