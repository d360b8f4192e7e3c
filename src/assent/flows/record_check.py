"""Write down what a check of the books found, and tell operators when it stops payouts."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from assent.core.access import WORKER
from assent.core.settlement import Effects, Tell
from assent.effects.apply import apply
from assent.gateways import clock
from assent.journal.append import Event
from assent.ledger import cashouts
from assent.ledger import save_cashouts as save
from assent.people.queries import operator_ids

KEPT = 100


def record_check(transfers: int, faults: Sequence[str], differences: Sequence[str]) -> bool:
    """Return whether payouts are stopped now. Operators are told when that changes."""
    at = clock.now()
    with transaction.atomic():
        last = cashouts.last_check()
        stops = bool(faults or differences)
        save.add_check(at, transfers, list(faults)[:KEPT], list(differences)[:KEPT])
        changed = stops != (last is not None and last.stops_cashouts)
        template = "books_wrong" if stops else "books_right"
        found = len(faults) + len(differences)
        told = [Tell(who, template, {"found": found}) for who in operator_ids()] if changed else []
        data = {"transfers": transfers, "faults": len(faults), "differences": len(differences)}
        event = Event("books.checked", "books", data)
        effects = Effects(messages=tuple(told))
        apply(effects, by=WORKER, rule="credits.checked", at=at, events=(event,))
    return stops
