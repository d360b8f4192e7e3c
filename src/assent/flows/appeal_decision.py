"""The owner of an item objects to a decision about it: free of charge, at least six months, any
number of words up to 5,000 (Regulation (EU) 2022/2065, Article 20)."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from assent.casework import answers
from assent.casework.statements import UNKNOWN, statement
from assent.core.access import Actor
from assent.core.reasons.statement import Restriction
from assent.core.settlement import Effects
from assent.core.terms import Refusal, RefusalKind, Refused
from assent.effects.apply import apply
from assent.gateways import clock
from assent.gateways.keys import new_item_id
from assent.journal.append import Event
from assent.people.queries import Member

TEXT_MAX = 5000
ANSWERED_WITHIN = timedelta(days=7)
_WAITS = Refusal(
    "still_held",
    "A person looks at this already. You can object once they have decided.",
    RefusalKind.CONFLICT,
)
_OPEN = Refusal("appeal_open", "We have your objection, and somebody looks at it.",
                RefusalKind.CONFLICT)  # fmt: skip
_LATE = Refusal("appeal_late", "The time to object to this decision is over.", RefusalKind.CONFLICT)
_LONG = Refusal(
    "check_the_form", "Please use at most 5,000 characters.",
    fields={"text": "Please use at most 5,000 characters."},
)  # fmt: skip


def appeal_decision(member: Member, statement_id: str, text: str) -> str:
    """Keep an objection and return its id, or refuse."""
    at = clock.now()
    found = statement(member.person, statement_id)
    if found.owner != member.id:
        raise Refused(UNKNOWN)
    if len(text) > TEXT_MAX:
        raise Refused(_LONG)
    if found.statement.restriction is Restriction.HELD:
        raise Refused(_WAITS)
    if found.appeal is not None and found.appeal.answered_at is None:
        raise Refused(_OPEN)
    if at > found.statement.appeal_until:
        raise Refused(_LATE)
    appeal_id = new_item_id()
    with transaction.atomic():
        due = at + ANSWERED_WITHIN
        answers.add_appeal(appeal_id, found.effect, member.id, text.strip(), at, due)
        event = Event("appeal.received", appeal_id, {"decision": found.statement.facts.decision})
        by = Actor(member.key, member.id)
        apply(Effects(), by=by, rule="appeal.received", at=at, events=(event,))
    return appeal_id
