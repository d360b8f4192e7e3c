"""The sender of a request does not agree that it was plainly without ground; a third person looks.
While they wait for the answer, the finding has no effect at all."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from assent.casework import queries as cases
from assent.casework import save_misuse
from assent.casework.misuse import finding_of
from assent.casework.status import CaseStatus
from assent.core.access import A_STRANGER, Actor
from assent.core.notices import deadline
from assent.core.settlement import Effects, Tell
from assent.core.terms import Refusal, RefusalKind, Refused
from assent.effects.apply import apply
from assent.gateways import clock
from assent.journal.append import Event
from assent.people.queries import Member

TEXT_MAX = 5000
_NOTHING = Refusal(
    "no_finding", "There is nothing here that you could object to.", RefusalKind.CONFLICT
)
_TOO_LONG = Refusal("check_the_form", "Please use at most 5,000 characters.")
_SAME = Refusal(
    "second_person",
    "Somebody who had no part in finding it has to answer.",
    RefusalKind.NOT_ALLOWED,
)


def object_to_misuse(case: CaseStatus, text: str) -> None:
    """Keep an objection, for which no word is needed, or refuse."""
    at = clock.now()
    if len(text) > TEXT_MAX:
        raise Refused(_TOO_LONG)
    found = finding_of(case.key)
    if found is None or found.waits or found.objected_at or found.ended_at:
        raise Refused(_NOTHING)
    with transaction.atomic():
        answer_by = deadline(at, settings.TAKEDOWN_HOURS)
        save_misuse.object_to(case.key, text.replace("\0", "").strip(), at, answer_by)
        apply(
            Effects(), by=A_STRANGER, rule="takedown.misuse", at=at,
            events=(Event("sender.objected", case.key),),
        )  # fmt: skip


def answer_objection(moderator: Member, number: str, *, upheld: bool) -> None:
    """Answer an objection as somebody who had no part in the finding. One that is right ends it."""
    at = clock.now()
    key = cases.case_file(moderator.person, number).status.key
    with transaction.atomic():
        found = finding_of(key)
        if found is None or not found.is_objected:
            raise Refused(_NOTHING)
        if moderator.id in (found.by, found.agreed_by):
            raise Refused(_SAME)
        save_misuse.answer(key, moderator.id, at, upheld=upheld)
        event = Event("sender.answered", key, {"upheld": upheld})
        told = (Tell(None, "case_written", case=key),)
        apply(
            Effects(messages=told), by=Actor(moderator.key, moderator.id),
            rule="takedown.misuse", at=at, events=(event,),
        )  # fmt: skip
