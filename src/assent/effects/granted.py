"""Writing down what a person signed, once it is proved that it was them."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from assent.consent import save as consent
from assent.consent.queries import person_of_page
from assent.core.consent.cooling import publish_from
from assent.core.consent.cover import GrantTerms, normalised_name
from assent.core.consent.disclosure import combined, encoded, hidden
from assent.core.consent.record import SECRET, TYPE, Issue, Parties, record_claims
from assent.core.consent.terms import SignedTerms
from assent.core.settlement import Effects, Party, Tell
from assent.core.terms import ConsentStatus, Rating
from assent.gateways.keys import new_item_id, new_key
from assent.gateways.secrets import keyed_digest, seal
from assent.gateways.signing import sign
from assent.journal.append import Event


@dataclass(frozen=True, slots=True)
class Proved:
    """What is known once somebody is proved to be the person: how, when they had the terms and
    when they signed, and the invitation it came from."""

    proof: str
    presented_at: datetime | None
    signed_at: datetime
    invitation: str | None = None
    page_digest: str = ""


@dataclass(frozen=True, slots=True)
class Granted:
    """The reference of the new grant, and what follows from it."""

    reference: str
    effects: Effects
    event: Event


def grant(requester: Party, terms: SignedTerms, proved: Proved) -> Granted:
    """Insert the grant with its signed record; inside the flow's transaction."""
    grant_id, reference = new_item_id(), f"C-{new_item_id()[:8].upper()}"
    person = person_of_page(proved.page_digest) if proved.page_digest else None
    first_day = publish_from(
        proved.signed_at, proved.presented_at, approved_by_representative=terms.signer.represents
    )
    issue = Issue(
        reference,
        f"{settings.SITE_URL}/consent/{reference}",
        proved.signed_at,
        first_day,
        proved.proof,
    )
    receipt = signed_record(terms, requester.key, issue)
    new = consent.NewGrant(
        grant_id,
        person or new_key(),
        requester.id,
        _as_rule(reference, requester.key, terms, first_day),
        terms.purpose,
        proved.proof,
        _kept(terms),
        hashlib.sha256(receipt.partition("~")[0].encode()).hexdigest(),
        seal("receipt", {"receipt": receipt, "names": list(terms.names)}),
        proved.invitation,
    )
    consent.add_grant(new, proved.signed_at)
    given = Event("consent.given", new.person_key, {"grant": grant_id, "proof": proved.proof})
    told = Tell(requester.id, "consent_given", {"reference": reference})
    return Granted(reference, Effects(messages=(told,)), given)


def signed_record(terms: SignedTerms, requester_key: str, issue: Issue) -> str:
    """Return the record as an SD-JWT: who the person is, selectively disclosed."""
    claims = record_claims(
        terms, Parties(settings.SITE_NAME, settings.SITE_URL, requester_key), issue
    )
    names = [name for name in SECRET if claims.get(name)]
    claims = {k: v for k, v in claims.items() if k not in SECRET or k in names}
    payload, disclosures = hidden(claims, names, [_salt() for _ in names])
    return combined(sign(payload, TYPE), disclosures)


def _salt() -> str:
    return encoded(secrets.token_bytes(16))


def _as_rule(reference: str, requester_key: str, terms: SignedTerms, first_day: date) -> GrantTerms:
    assert terms.starts_on is not None
    assert terms.ends_on is not None
    return GrantTerms(
        reference,
        ConsentStatus.GIVEN,
        requester_key,
        frozenset(keyed_digest("name", normalised_name(n)) for n in terms.names if n.strip()),
        terms.uses,
        frozenset(str(t) for t in terms.work_types),
        Rating.SFW,
        terms.starts_on,
        terms.ends_on,
        signed=True,
        publish_from=first_day,
    )


def _kept(terms: SignedTerms) -> dict[str, object]:
    """What of the terms is no secret: nothing that names the person."""
    return {
        "signer": terms.signer.value,
        "answers": dict(terms.answers),
        "material": terms.material,
        "territory": terms.territory,
        "pay": terms.pay,
        "advice": terms.advice.value if terms.advice else "",
    }
