"""Bring the notices that came while the database was away into it, before anything is served."""

from __future__ import annotations

from django.db import transaction

from assent.casework import queries as cases
from assent.effects.opening import Identity, open_case
from assent.gateways import clock, intake


def absorb_notices() -> int:
    """Open a case for each notice that waits in the small store; return how many.

    The clock of each runs from when it was received. A process that is killed between the case
    and the deletion leaves a file whose case exists; it is only deleted the next time.
    """
    done = 0
    for kept in intake.waiting():
        who = Identity(kept.key, kept.number, "", kept.pin_digest, kept.received_at)
        with transaction.atomic():
            if not cases.exists(kept.key):
                open_case(kept.form, who, clock.now(), brake=kept.brake)
                done += 1
        intake.drop(kept.number)
    return done
