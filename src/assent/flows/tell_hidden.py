"""Tell owners of what takedown notices hid: in batches, at full hours, so that the minute in which
something vanished says nothing about who asked. Run by the worker's clock."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from assent.casework import answers
from assent.casework.statements import untold
from assent.core.access import WORKER
from assent.core.settlement import Effects, Tell
from assent.core.terms import ItemState
from assent.effects.apply import apply
from assent.gateways import clock

REMOVED_LATER = timedelta(hours=12)


def tell_hidden() -> int:
    """Tell of what was hidden before the last full hour, and open the statements of what was
    removed half a day before it, of which a letter of its own tells; return how many there were."""
    at = clock.now()
    hour = at.replace(minute=0, second=0, microsecond=0)
    done = 0
    for one in untold(hour, hour - REMOVED_LATER):
        with transaction.atomic():
            if not answers.told(one.effect, at):
                continue
            told = Tell(one.owner, "hidden", {"about": one.item, "kind": one.kind})
            messages = (told,) if one.after is ItemState.HIDDEN else ()
            apply(Effects(messages=messages), by=WORKER, rule="takedown.told", at=at)
        done += 1
    return done
