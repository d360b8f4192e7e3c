"""Make an API token for a member."""

from __future__ import annotations

from django.db import transaction

from assent.core.access import Actor
from assent.core.settlement import Effects
from assent.effects.apply import apply
from assent.gateways import clock
from assent.gateways.keys import new_token
from assent.journal.append import Event
from assent.people import save as people
from assent.people.queries import by_name


def make_token(name: str) -> str:
    """Return a new bearer token for the member of this name; it is shown this once."""
    at = clock.now()
    member = by_name(name)
    token = new_token()
    with transaction.atomic():
        people.add_token(member.id, token, at)
        made = Event("token.made", member.key)
        apply(Effects(), by=Actor("operator"), rule="token.made", at=at, events=(made,))
    return token
