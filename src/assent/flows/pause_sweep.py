"""An operator pauses a sweep, or lets it go on."""

from __future__ import annotations

from django.db import transaction

from assent.core.access import Actor
from assent.core.settlement import Effects
from assent.effects.apply import apply
from assent.gateways import clock
from assent.gateways.queue import enqueue
from assent.journal.append import Event
from assent.sweeps import save


def pause_sweep(sweep_id: str, *, paused: bool, by: Actor) -> None:
    """Stop a running sweep after the batch in hand, or queue it again; refuse any other. What has
    no outcome yet stays out of reach all the while."""
    at = clock.now()
    with transaction.atomic():
        save.pause(sweep_id, paused=paused)
        said = Event("sweep.paused", sweep_id, {"paused": paused})
        apply(Effects(), by=by, rule="sweep.paused", at=at, events=(said,))
        if not paused:
            enqueue("run_sweep", sweep_id=sweep_id)
