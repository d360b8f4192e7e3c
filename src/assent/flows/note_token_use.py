"""Remember on which day a token was last used, so that its owner can tell which to revoke."""

from __future__ import annotations

from assent.gateways import clock
from assent.people import save as people
from assent.people.queries import Bearer


def note_token_use(bearer: Bearer) -> None:
    """Write the day, once a day: a read must not cost a write."""
    today = clock.now().date()
    if bearer.used_on != today:
        people.token_used(bearer.id, today)
