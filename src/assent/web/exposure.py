"""How many items with pictures somebody opened today, for themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from assent.casework.looks import pictures_today
from assent.flows.note_pictures import note_pictures
from assent.gateways import clock
from assent.people.queries import Member


def seen_pictures(
    request: HttpRequest, who: Member, item_id: str, images: Sequence[object]
) -> dict[str, Any]:
    """Count an item whose pictures a page shows, and return what the page says of it."""
    if images and request.method == "GET":
        note_pictures(who.person, item_id)
    return today(who)


def today(who: Member) -> dict[str, Any]:
    """Return what a page says of today's pictures."""
    count = pictures_today(who.id, clock.now().date())
    limit = settings.PICTURES_A_DAY
    return {"pictures": count, "pictures_limit": limit, "pictures_many": 0 < limit <= count}
