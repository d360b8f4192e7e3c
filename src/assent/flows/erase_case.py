"""Erase what a person told us about a case: when they ask, or when nobody can need it any more.

The journal knows a case by its random key alone, so it goes on verifying.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.db import transaction

from assent.casework import answers, save_misuse, save_others
from assent.casework import queries as cases
from assent.casework.status import CaseStatus
from assent.consent import save as consent
from assent.consent.save_protected import forget_protected
from assent.core.access import A_STRANGER, WORKER, Actor
from assent.core.notices import COMPLAINT_TIME, KEPT_AFTERWARDS
from assent.core.settlement import Effects
from assent.core.standing import Line, Said
from assent.effects.apply import apply
from assent.gateways import clock, intake, standing
from assent.gateways.keys import new_case_number
from assent.gateways.scrub import scrub
from assent.journal import save as journal
from assent.journal.append import Event


def erase_case(case: CaseStatus, *, protection: bool) -> None:
    """Delete all that the person told us and, if they want that too, the marks that stop the same
    files and names from coming back. What is hidden stays hidden, and is decided on what it is."""
    at = clock.now()
    with transaction.atomic():
        _erase(case.key, A_STRANGER, at, protection=protection)
    intake.drop(case.number)
    scrub()


def erase_due() -> int:
    """Erase what was told about cases on which nobody can complain any more; return how many."""
    at = clock.now()
    due = cases.to_erase(at - COMPLAINT_TIME - KEPT_AFTERWARDS)
    for key in due:
        with transaction.atomic():
            _erase(key, WORKER, at, protection=False)
    scrub()
    return len(due)


def _erase(key: str, by: Actor, at: datetime, *, protection: bool) -> None:
    answers.erase(key, new_case_number(), at)
    save_misuse.erase(key, at)
    journal.forget_letters(key)
    if protection:
        forget_protected(key)
        consent.forget_staydown(key)
        save_others.stop(key, at)
        transaction.on_commit(partial(standing.note, Line(Said.FORGET, key)), robust=True)
    event = Event("case.erased", key, {"protection": protection})
    apply(Effects(), by=by, rule="takedown.erasure", at=at, events=(event,))
