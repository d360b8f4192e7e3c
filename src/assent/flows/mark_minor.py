"""A case worker sees that the person shown may be under 18, whatever the request says."""

from __future__ import annotations

from django.db import transaction

from assent.casework import answers
from assent.casework import queries as cases
from assent.core.access import Actor
from assent.core.settlement import Effects
from assent.effects.apply import apply
from assent.effects.minors import told_operators
from assent.gateways import clock
from assent.journal.append import Event
from assent.people.queries import Member


def mark_minor(moderator: Member, number: str) -> bool:
    """Put a case on the path for minors, from which nobody takes it back; False if it was there."""
    key = cases.case_file(moderator.person, number).status.key
    with transaction.atomic():
        if not answers.mark_minor(key):
            return False
        event = Event("case.minor", key)
        by = Actor(moderator.key, moderator.id)
        effects = Effects(messages=told_operators())
        apply(effects, by=by, rule="takedown.minor", at=clock.now(), events=(event,))
    return True
