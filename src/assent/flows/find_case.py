"""Find a case by number and PIN, in the database and in the small store beside it."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.db import DatabaseError, InterfaceError

from assent.casework.status import UNKNOWN_CASE, CaseStatus, normalised_number, status
from assent.core.notices import deadline, missing
from assent.core.terms import CaseState, Refusal, RefusalKind, Refused
from assent.gateways import intake
from assent.gateways.secrets import pin_digest

_AWAY = Refusal(
    "database_away",
    "We cannot look this up right now. What is hidden stays hidden. Please try again later.",
    RefusalKind.UNAVAILABLE,
    retry=True,
)


def find_case(number: str, pin: str) -> CaseStatus:
    """Return a case to whoever has its PIN, or refuse. A wrong PIN and an unknown number get the
    same answer after the same work."""
    given = pin_digest(pin)
    kept = intake.find(normalised_number(number))
    away = False
    try:
        return status(number, given)
    except (DatabaseError, InterfaceError):
        away = True
    except Refused:
        pass
    if kept is not None and hmac.compare_digest(kept.pin_digest, given):
        return _waiting(kept)
    raise Refused(_AWAY if away else UNKNOWN_CASE)


def _waiting(kept: intake.Kept) -> CaseStatus:
    return CaseStatus(
        kept.key,
        kept.number,
        CaseState.RECEIVED,
        kept.received_at,
        deadline(kept.received_at, settings.TAKEDOWN_HOURS),
        None,
        0,
        searching=True,
        outcome="",
        language=kept.form.language,
        missing=missing(kept.form),
        kept=True,
    )
