"""Preserve what shows an apparent minor, sealed and seen by nobody, as long as the law wants it."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction

from assent.casework import save as casework
from assent.casework.preserved import due, preserved, unsealed
from assent.core.access import WORKER, Actor
from assent.core.preserving import EXTENDED_MAX
from assent.core.settlement import Effects
from assent.core.terms import Refusal, RefusalKind, Refused
from assent.effects.apply import apply
from assent.gateways import clock, quarantine
from assent.gateways.quarantine import SealError
from assent.journal.append import Event

log = logging.getLogger(__name__)
_UNKNOWN = Refusal("not_found", "Nothing of this id is preserved.", RefusalKind.NOT_FOUND)
_TOO_LONG = Refusal(
    "check_the_form", f"It can be extended to {EXTENDED_MAX.days // 365} years at most."
)


def seal_due() -> int:
    """Seal what waits for it and return how much that was. Run after a decision and by the worker's
    clock: what could not be sealed stays where it is, served to nobody, and is tried again."""
    done = 0
    for file_id in unsealed():
        try:
            found = quarantine.seal(file_id)
        except SealError:
            log.exception("A file that must be preserved could not be sealed")
            continue
        casework.mark_sealed(file_id, clock.now(), found=found)
        done += 1
    return done


def erase_preserved() -> int:
    """Delete what was preserved long enough and return how much that was."""
    at = clock.now()
    gone = due(at)
    for file_id in gone:
        quarantine.drop(file_id)
        _note(WORKER, file_id, Event("preserved.erased", file_id), at)
    return len(gone)


def extend_preservation(file_id: str, days: int) -> datetime:
    """Preserve a file for so many days more, as an authority asks, and return until when."""
    found = preserved(file_id)
    if found is None or found.erased_at is not None:
        raise Refused(_UNKNOWN)
    until = found.until + timedelta(days=days)
    if until > found.at + EXTENDED_MAX:
        raise Refused(_TOO_LONG)
    with transaction.atomic():
        casework.extend_preserved(file_id, until)
        event = Event("preserved.extended", file_id, {"until": until.date().isoformat()})
        by = Actor("operator")
        apply(Effects(), by=by, rule="minors.preserved", at=clock.now(), events=(event,))
    return until


def hand_on(file_id: str) -> bytes:
    """Return the sealed bytes of a file, to be given to an authority, and write that down."""
    sealed = quarantine.read(file_id)
    if preserved(file_id) is None or sealed is None:
        raise Refused(_UNKNOWN)
    with transaction.atomic():
        event = Event("preserved.handed_on", file_id)
        by = Actor("operator")
        apply(Effects(), by=by, rule="minors.preserved", at=clock.now(), events=(event,))
    return sealed


def _note(by: Actor, file_id: str, event: Event, at: datetime) -> None:
    with transaction.atomic():
        casework.mark_erased(file_id, at)
        apply(Effects(), by=by, rule="minors.preserved", at=at, events=(event,))
