"""Warn case workers while a takedown clock runs out, and write down one that was missed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assent.casework import answers
from assent.casework import queries as cases
from assent.core.access import WORKER
from assent.core.notices import alert_due
from assent.core.settlement import Effects, Tell
from assent.effects.apply import apply
from assent.gateways import clock
from assent.journal.append import Event
from assent.people.queries import staff_ids


def watch_clocks() -> int:
    """Warn at 50 and 80 per cent of each open case's clock, once each; a missed clock becomes an
    event of the journal, and so does an hour in which nobody looked at what the brakes kept from
    hiding. Return how many warnings there were."""
    # load
    at = clock.now()
    warned = _watch_looks(at)
    for case in cases.running_clocks():
        # think
        mark = alert_due(case.received_at, case.deadline, at)
        if mark <= case.alerted:
            continue
        told = tuple(Tell(who, "case_clock", {"share": mark}) for who in staff_ids())
        # save
        with transaction.atomic():
            if not answers.warned(case.key, case.alerted, mark):
                continue
            late = Event("case.late", case.key, {"share": mark})
            event = late if mark == 100 else Event("case.warned", case.key, {"share": mark})
            apply(Effects(messages=told), by=WORKER, rule="takedown.clock", at=at, events=(event,))
        warned += 1
    return warned


def _watch_looks(at: datetime) -> int:
    warned = 0
    for key in cases.looked_at_late(at):
        told = tuple(Tell(who, "case_look") for who in staff_ids())
        with transaction.atomic():
            if answers.look_late(key):
                event = Event("case.look_late", key)
                effects = Effects(messages=told)
                apply(effects, by=WORKER, rule="takedown.clock", at=at, events=(event,))
                warned += 1
    return warned
