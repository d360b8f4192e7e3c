"""Take a piece of the queue for a while, or let go of it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assent.casework import answers
from assent.casework.leases import lease_of
from assent.core.access import Denied, may_use_queue
from assent.core.leases import LEASE, taken
from assent.core.terms import Refusal, RefusalKind, Refused
from assent.gateways import clock
from assent.people.queries import Member

_NOT_YOURS = Refusal("work_not_yours", "You do not have this.", RefusalKind.CONFLICT)


def take_work(who: Member, subject: str) -> datetime:
    """Take it, or keep it longer, and return until when; refuse where somebody else has it."""
    _require(who)
    at = clock.now()
    with transaction.atomic():
        if not answers.take(subject, who.id, at + LEASE, at):
            refusal = taken(lease_of(subject, at), who.id)
            raise Refused(refusal or _NOT_YOURS)
    return at + LEASE


def give_up_work(who: Member, subject: str) -> None:
    """Let go of it, so that somebody else can take it at once."""
    _require(who)
    with transaction.atomic():
        if not answers.give_up(subject, who.id):
            raise Refused(_NOT_YOURS)


def _require(who: Member) -> None:
    answer = may_use_queue(who.person)
    if isinstance(answer, Denied):
        raise Refused(Refusal(answer.kind.value, answer.reason, answer.kind))
