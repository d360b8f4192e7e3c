"""A moderator approves or refuses what is held."""

from __future__ import annotations

from django.db import transaction

from assent.effects.held import REASON_MAX, begin, finish, require_may_decide, ruling_of
from assent.gateways import clock
from assent.people.queries import Member

__all__ = ["REASON_MAX", "decide_held"]


def decide_held(moderator: Member, item_id: str, *, approve: bool, reason: str) -> None:
    """Publish or refuse a held item, with the money that hangs on it, or refuse to."""
    at = clock.now()
    require_may_decide(moderator, item_id)
    with transaction.atomic():
        found = begin(moderator, item_id, at)
        finish(moderator, found, ruling_of(reason.strip(), approve=approve), at)
