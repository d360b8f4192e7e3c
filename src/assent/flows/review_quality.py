"""Somebody else decides on a drawn item once more, and only then sees what the first decided.

It measures; it moves nothing. Where the two differ, both stand on the page of quality.
"""

from __future__ import annotations

from django.db import transaction

from assent.casework import save_looks
from assent.casework.looks import first_placement, one_to_review
from assent.core.access import Actor
from assent.core.casework import Placement
from assent.core.settlement import Effects
from assent.effects.apply import apply
from assent.gateways import clock
from assent.journal.append import Event
from assent.people.queries import Member


def review_quality(moderator: Member, review_id: str, *, approve: bool) -> bool:
    """Keep what they would have decided and return whether the first decided alike; refuse what is
    their own, and what somebody else was quicker with."""
    waiting = one_to_review(moderator.person, review_id)
    own = Placement.PUBLISH if approve else Placement.REFUSE
    by, at = Actor(moderator.key, moderator.id), clock.now()
    with transaction.atomic():
        save_looks.review(review_id, moderator.id, own, at)
        alike = first_placement(review_id) is own
        seen = Event("quality.reviewed", waiting.item, {"decision": review_id, "alike": alike})
        apply(Effects(), by=by, rule="quality.share", at=at, events=(seen,))
    return alike
