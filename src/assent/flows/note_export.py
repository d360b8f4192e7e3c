"""Write down that decisions were given out for research."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from assent.core.access import Actor
from assent.core.settlement import Effects
from assent.effects.apply import apply
from assent.gateways import clock
from assent.journal.append import Event


def note_export(first: date, last: date, count: int) -> None:
    """Write the days and how many rows there were; to whom stands in the terms beside the rows."""
    days = {"from": first.isoformat(), "to": last.isoformat(), "rows": count}
    given = Event("research.exported", "decisions", days)
    with transaction.atomic():
        apply(Effects(), by=Actor("house"), rule="research.terms", at=clock.now(), events=(given,))
