"""Accept the agreement for uploaders, once for each version of it."""

from __future__ import annotations

from django.db import transaction

from assent.core.access import Actor
from assent.core.agreement import VERSION
from assent.core.settlement import Effects
from assent.effects.apply import apply
from assent.gateways import clock
from assent.journal.append import Event
from assent.people import save as people
from assent.people.queries import Member


def accept_agreement(who: Member) -> None:
    """Keep that they accept it as it is now; a second time changes nothing."""
    at = clock.now()
    with transaction.atomic():
        if people.add_agreement(who.id, at):
            accepted = Event("agreement.accepted", who.key, {"version": VERSION})
            by = Actor(who.key, who.id)
            apply(Effects(), by=by, rule="agreement.accepted", at=at, events=(accepted,))
