"""Remind everybody with credits in a bounty that it ends soon. Run by the worker's clock."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from assent.catalogue import queries
from assent.catalogue import save as catalogue
from assent.core.access import WORKER
from assent.core.settlement import Effects, Tell
from assent.effects.apply import apply
from assent.gateways import clock

DAYS_BEFORE = 2


def remind_due() -> int:
    """Write one reminder to each supporter of a bounty that ends within two days; return of how
    many bounties."""
    at = clock.now()
    done = 0
    for bounty_id in queries.due_soon(at.date(), at.date() + timedelta(days=DAYS_BEFORE)):
        with transaction.atomic():
            if not catalogue.mark_reminded(bounty_id, at):
                continue
            who = {p.supporter.id for p in queries.pledges_of(bounty_id)}
            told = tuple(Tell(one, "deadline_near", {"bounty": bounty_id}) for one in sorted(who))
            apply(Effects(messages=told), by=WORKER, rule="bounty.reminder", at=at)
            done += 1
    return done
