"""Count, for whoever works the queue, of how many items they opened pictures today.

It is theirs: no colleague, operator, journal or report sees it, and it is gone the next day.
"""

from __future__ import annotations

from django.db import transaction

from assent.casework import save_looks
from assent.casework.looks import has_seen, pictures_today
from assent.core.access import Person
from assent.gateways import clock


def note_pictures(viewer: Person, item_id: str) -> int:
    """Count an item once a day and return how many there are today; nothing for anybody but
    staff."""
    if viewer.id is None or not viewer.role.is_staff:
        return 0
    today = clock.now().date()
    if not has_seen(viewer.id, item_id, today):
        with transaction.atomic():
            save_looks.note_pictures(viewer.id, item_id, today)
    return pictures_today(viewer.id, today)
