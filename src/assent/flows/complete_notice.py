"""The person fills in, on the page of their case, what their request left out. Nothing waited for
it: the clock ran and what they named was hidden all the while."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from assent.casework import answers
from assent.casework.status import CaseStatus
from assent.core.access import A_STRANGER
from assent.core.notices import SIGNATURE_MAX, SIGNATURE_TOO_LONG, UNDECIDED
from assent.core.settlement import Effects
from assent.core.terms import Refusal, RefusalKind, Refused
from assent.effects.apply import apply
from assent.gateways import clock
from assent.journal.append import Event

_DECIDED = Refusal("decided_already", "It is decided already.", RefusalKind.CONFLICT)
_TOO_LONG = Refusal("check_the_form", SIGNATURE_TOO_LONG)


@dataclass(frozen=True, slots=True)
class Filled:
    """What was filled in; what stays empty is still missing."""

    relation: str = ""
    good_faith: bool = False
    signature: str = ""


def complete_notice(case: CaseStatus, filled: Filled) -> tuple[str, ...]:
    """Keep what was missing and is here now, and return what still is."""
    if case.state not in UNDECIDED:
        raise Refused(_DECIDED)
    signature = filled.signature.replace("\0", "").strip()
    if len(signature) > SIGNATURE_MAX:
        raise Refused(_TOO_LONG)
    given = {
        "relation": filled.relation if filled.relation in ("me", "agent") else "",
        "good_faith": "yes" if filled.good_faith else "",
        "signature": signature,
    }
    new = {name: given[name] for name in case.missing if given.get(name)}
    left = tuple(name for name in case.missing if name not in new)
    if not new:
        return left
    at = clock.now()
    with transaction.atomic():
        answers.complete(case.key, new.get("relation"), new.get("signature"), left)
        event = Event("case.completed", case.key, {"missing": len(left)})
        apply(Effects(), by=A_STRANGER, rule="takedown.completed", at=at, events=(event,))
    return left
