"""Add a log-in without the sign-up page: for operators and the demo."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assent.core.access import Actor
from assent.core.settlement import Effects
from assent.core.terms import Role
from assent.effects.apply import apply
from assent.gateways import clock
from assent.journal.append import Event
from assent.people import save as people
from assent.people.queries import Member


def add_member(
    name: str, email: str, password: str, role: Role, *, by: Actor, until: datetime | None = None
) -> Member:
    """Insert a log-in with a role, which counts until then, and return it."""
    at = clock.now()
    with transaction.atomic():
        added = people.add_member(name, email, password, role, until)
        event = Event("member.added", added.key, {"role": role})
        apply(Effects(), by=by, rule="member.added", at=at, events=(event,))
    return added
