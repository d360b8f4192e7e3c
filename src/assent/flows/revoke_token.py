"""Revoke an API token: from this moment it opens nothing."""

from __future__ import annotations

from django.db import transaction

from assent.core.access import Actor
from assent.core.settlement import Effects
from assent.core.terms import Refusal, RefusalKind, Refused
from assent.effects.apply import apply
from assent.gateways import clock
from assent.journal.append import Event
from assent.people import save as people
from assent.people.queries import Member

_NONE = Refusal("not_found", "You have no such token.", RefusalKind.NOT_FOUND)


def revoke_token(who: Member, token_id: int) -> None:
    """Delete one of the member's own tokens, or refuse."""
    with transaction.atomic():
        if not people.drop_token(who.id, token_id):
            raise Refused(_NONE)
        gone = Event("token.revoked", who.key)
        apply(
            Effects(),
            by=Actor(who.key, who.id),
            rule="token.revoked",
            at=clock.now(),
            events=(gone,),
        )
