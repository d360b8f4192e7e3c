"""Record a grant that a verifier vouches for without an invitation, as the demo's does."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assent.core.access import Actor
from assent.core.consent.terms import SignedTerms
from assent.effects.apply import apply
from assent.effects.granted import Proved, grant
from assent.gateways import clock
from assent.gateways.verifier import Vouched
from assent.people.queries import Member


def record_consent(
    vouched: Vouched, requester: Member, terms: SignedTerms, presented_at: datetime | None = None
) -> str:
    """Keep a signed grant and return its reference. The requester has no part in this flow.
    `presented_at` is when the person first had the terms; it decides on the cooling-off."""
    at = clock.now()
    with transaction.atomic():
        granted = grant(
            requester.party, terms, Proved(f"verifier {vouched.verifier}", presented_at, at)
        )
        by = Actor("verifier")
        apply(granted.effects, by=by, rule="consent.vouched", at=at, events=(granted.event,))
    return granted.reference
