"""Sign a member out of other browsers."""

from __future__ import annotations

from django.db import transaction

from assent.core.terms import Refusal, RefusalKind, Refused
from assent.people import save as people
from assent.people.queries import Member

_NONE = Refusal("not_found", "That browser is not signed in any more.", RefusalKind.NOT_FOUND)


def end_sessions(who: Member, keep: str, only: int | None = None) -> int:
    """End all of the member's sessions but `keep`, or just the one of this id; return how many."""
    with transaction.atomic():
        ended = people.end_sessions(who.id, keep, only)
    if only is not None and not ended:
        raise Refused(_NONE)
    return ended
