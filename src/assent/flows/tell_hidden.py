"""Tell owners of what takedown notices hid: in batches, at full hours, so that the minute in which
something vanished says nothing about who asked. Run by the worker's clock."""

from __future__ import annotations

from django.db import transaction

from assent.casework import answers
from assent.casework.statements import untold
from assent.core.access import WORKER
from assent.core.settlement import Effects, Tell
from assent.effects.apply import apply
from assent.gateways import clock


def tell_hidden() -> int:
    """Tell of what was hidden before the last full hour; return how many items that were."""
    at = clock.now()
    hour = at.replace(minute=0, second=0, microsecond=0)
    done = 0
    for effect, owner, item, kind in untold(hour):
        with transaction.atomic():
            if not answers.told(effect, at):
                continue
            told = Tell(owner, "hidden", {"about": item, "kind": kind})
            apply(Effects(messages=(told,)), by=WORKER, rule="takedown.told", at=at)
        done += 1
    return done
