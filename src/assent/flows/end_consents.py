"""What time does to consent: terms run out, invitations lapse, and what rested on a grant that
ended is deleted after the hold. Run by the worker's clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction

from assent.catalogue import context
from assent.catalogue import save as catalogue
from assent.catalogue.queries import files_of
from assent.consent import save
from assent.consent.invitations import by_id, lapsed
from assent.consent.queries import ended_before, run_out
from assent.core.access import WORKER
from assent.core.consent.asking import InvitationState
from assent.core.settlement import Effects, Move
from assent.core.terms import ConsentStatus, ItemState
from assent.effects.apply import apply
from assent.effects.bytes import to_drop
from assent.effects.ended import ENDED, ended
from assent.gateways import clock, storage
from assent.journal.append import Event


def end_consents() -> int:
    """Carry out what is due and return how many grants, invitations and items it ended."""
    at = clock.now()
    return _expire(at) + _lapse(at) + _delete(at)


def _expire(at: datetime) -> int:
    done = 0
    for grant_id in run_out(at.date()):
        with transaction.atomic():
            if save.end_grant(grant_id, ConsentStatus.EXPIRED, at):
                over = Event("consent.expired", grant_id)
                apply(ended([grant_id], at), by=WORKER, rule=ENDED.rule, at=at, events=(over,))
                done += 1
    return done


def _lapse(at: datetime) -> int:
    for invitation_id in lapsed(at):
        found = by_id(invitation_id)
        if found is None:
            continue
        with transaction.atomic():
            save.change(invitation_id, found.state, state=InvitationState.LAPSED, sealed="")
            over = Event("consent.lapsed", invitation_id)
            apply(Effects(), by=WORKER, rule="consent.unanswered", at=at, events=(over,))
    return len(lapsed(at))


def _delete(at: datetime) -> int:
    """Remove for good what was hidden with a grant that ended before the hold."""
    over = ended_before(at - timedelta(days=settings.CONSENT_HOLD_DAYS))
    resting = [item.id for item in context.under_grants(over)]
    with transaction.atomic():
        states = catalogue.lock_all(resting)
        hidden = [i for i, state in states.items() if state is ItemState.HIDDEN]
        if not hidden:
            return 0
        moves = tuple(Move(i, ItemState.HIDDEN, ItemState.REMOVED) for i in hidden)
        apply(Effects(moves=moves), by=WORKER, rule="consent.hold_over", at=at)
        for file_id in to_drop(files_of(hidden), at):
            transaction.on_commit(partial(storage.drop, file_id))
    return len(hidden)
