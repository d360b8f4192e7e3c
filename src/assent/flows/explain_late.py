"""A case worker says why the clock of a case was missed. The public report counts the reasons."""

from __future__ import annotations

from django.db import transaction

from assent.casework import answers
from assent.casework import queries as cases
from assent.core.access import Actor
from assent.core.settlement import Effects
from assent.core.terms import Refusal, RefusalKind, Refused
from assent.core.transparency import LATE
from assent.effects.apply import apply
from assent.gateways import clock
from assent.journal.append import Event
from assent.people.queries import Member

_CHOOSE = Refusal("check_the_form", "Choose why it was late.")
_NOT_LATE = Refusal("not_late", "This case was not late.", RefusalKind.CONFLICT)


def explain_late(moderator: Member, number: str, why: str) -> None:
    """Note the reason, once for each case, or refuse."""
    status = cases.case_file(moderator.person, number).status
    if why not in LATE:
        raise Refused(_CHOOSE)
    if not status.is_late(clock.now()):
        raise Refused(_NOT_LATE)
    with transaction.atomic():
        answers.explain_late(status.key, why)
        event = Event("case.explained", status.key, {"why": why})
        by = Actor(moderator.key, moderator.id)
        apply(Effects(), by=by, rule="takedown.clock", at=clock.now(), events=(event,))
