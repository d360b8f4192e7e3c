"""Write down that a reviewer of a card network or an acquirer looked behind a door."""

from __future__ import annotations

from django.db import transaction

from assent.core.access import Actor, Person
from assent.core.settlement import Effects
from assent.core.terms import Role
from assent.effects.apply import apply
from assent.gateways import clock
from assent.journal.append import Event
from assent.people.queries import by_id


def note_review(viewer: Person, item_id: str, what: str) -> None:
    """Note which item a reviewer saw, its `page` or its `file`; nothing for anybody else."""
    if viewer.id is None or viewer.role is not Role.REVIEWER:
        return
    by = Actor(by_id(viewer.id).key, viewer.id)
    event = Event("reviewer.looked", item_id, {"at": what})
    with transaction.atomic():
        apply(Effects(), by=by, rule="reviewer.looked", at=clock.now(), events=(event,))
