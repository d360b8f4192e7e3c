"""The person who asked does not agree with how their case was decided; somebody else looks again.

No account, no fee: the page of the case is enough (Regulation (EU) 2022/2065, Article 20).
"""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from assent.casework import answers, save_misuse
from assent.casework import queries as cases
from assent.casework import save as casework
from assent.casework.leases import require_mine_or_free
from assent.casework.status import CaseStatus
from assent.core.access import A_STRANGER, Actor
from assent.core.casework import Placement, Ruling
from assent.core.notices import Complaint, deadline
from assent.core.settlement import Effects, Tell
from assent.core.terms import CaseState, Refusal, RefusalKind, Refused
from assent.effects.apply import apply
from assent.effects.hiding import hide
from assent.gateways import clock
from assent.journal.append import Event
from assent.people.queries import Member

TEXT_MAX = 5000
REOPENED = Ruling(Placement.HOLD, "takedown.complaint_upheld", "hidden_on_request", "", "")
_NOT_DECIDED = Refusal(
    "not_decided",
    "There is no decision yet. You can ask for another look once there is one.",
    RefusalKind.CONFLICT,
)
_OPEN_ALREADY = Refusal(
    "complaint_open", "We have your complaint, and somebody looks at it.", RefusalKind.CONFLICT
)
_TOO_LATE = Refusal(
    "complaint_late",
    "The time for a complaint about this decision is over. You can send a new request.",
    RefusalKind.CONFLICT,
)
_TOO_LONG = Refusal("check_the_form", "Please use at most 5,000 characters.")
_SAME = Refusal(
    "second_person",
    "Somebody who had no part in the decision has to answer this complaint.",
    RefusalKind.NOT_ALLOWED,
)


def complain(case: CaseStatus, text: str) -> None:
    """Keep a complaint about a decided case, or refuse. No word is needed."""
    at = clock.now()
    if len(text) > TEXT_MAX:
        raise Refused(_TOO_LONG)
    until = case.may_complain_until
    if until is None:
        raise Refused(_NOT_DECIDED)
    if case.complaint is Complaint.OPEN:
        raise Refused(_OPEN_ALREADY)
    if at > until:
        raise Refused(_TOO_LATE)
    with transaction.atomic():
        answers.add_complaint(case.key, text.strip(), at, deadline(at, settings.TAKEDOWN_HOURS))
        event = Event("case.complained", case.key)
        told = (Tell(None, "case_complained", case=case.key),)
        effects = Effects(messages=told)
        apply(effects, by=A_STRANGER, rule="takedown.complaint", at=at, events=(event,))


def answer_complaint(moderator: Member, number: str, *, upheld: bool) -> int:
    """Answer a complaint as somebody who had no part in the decision. One that is right hides
    again what the case held and starts its clock anew; return how many items that hid."""
    at = clock.now()
    file = cases.case_file(moderator.person, number)
    key = file.status.key
    with transaction.atomic():
        require_mine_or_free(f"case:{number.upper()}", moderator.id, at)
        waiting = cases.complaint_of(moderator.person, key)
        if waiting is not None and moderator.id in waiting.deciders:
            raise Refused(_SAME)
        answers.answer_complaint(key, moderator.id, at, upheld=upheld)
        told = (Tell(None, "case_upheld" if upheld else "case_stands", case=key),)
        effects = Effects(messages=told)
        if upheld:
            casework.move_case(key, (CaseState.DECIDED,), CaseState.HIDDEN, at)
            answers.reopen(key, deadline(at, settings.TAKEDOWN_HOURS))
            save_misuse.end(key, at)
            public = [i.id for i in file.items if not i.state.is_gone]
            moves = hide(key, {"search": public}, REOPENED, actor=moderator.id, at=at)
            effects = Effects(moves=moves, messages=told)
        event = Event("case.complaint_answered", key, {"upheld": upheld})
        by = Actor(moderator.key, moderator.id)
        apply(effects, by=by, rule="takedown.complaint", at=at, events=(event,))
    return len(effects.moves)
