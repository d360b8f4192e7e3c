"""Record a grant that a verifier vouches for. The requester has no part in this flow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from assent.consent import save as consent
from assent.core.access import Actor
from assent.core.consent import GrantTerms, normalised_name
from assent.core.settlement import Effects
from assent.core.terms import ConsentStatus, Rating, WorkType
from assent.effects.apply import apply
from assent.gateways import clock
from assent.gateways.keys import new_item_id, new_key
from assent.gateways.secrets import keyed_digest
from assent.gateways.verifier import Vouched
from assent.journal.append import Event
from assent.people.queries import Member


@dataclass(frozen=True, slots=True)
class SignedTerms:
    """What the person allowed, in their own flow."""

    uses: frozenset[str]
    work_types: frozenset[WorkType]
    description: str
    starts_on: date
    ends_on: date


def record_consent(vouched: Vouched, requester: Member, signed: SignedTerms) -> str:
    """Keep a signed grant and return its reference. Names are kept only as keyed digests."""
    at = clock.now()
    person_key, grant_id = new_key(), new_item_id()
    terms = GrantTerms(
        f"C-{new_item_id()[:8].upper()}",
        ConsentStatus.GIVEN,
        requester.key,
        frozenset(keyed_digest("name", normalised_name(n)) for n in vouched.names),
        signed.uses,
        frozenset(str(t) for t in signed.work_types),
        Rating.SFW,
        signed.starts_on,
        signed.ends_on,
        signed=True,
    )
    given = Event("consent.given", person_key, {"grant": grant_id, "verifier": vouched.verifier})
    with transaction.atomic():
        consent.add_grant(
            grant_id, person_key, requester.id, terms, signed.description, vouched.verifier, at
        )
        by = Actor(person_key)
        apply(Effects(), by=by, rule="consent.vouched", at=at, events=(given,))
    return terms.reference
