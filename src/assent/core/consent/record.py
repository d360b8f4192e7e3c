"""The signed consent record: ISO/IEC TS 27560:2023 in the Data Privacy Vocabulary, terms in ODRL.

Built as plain JSON with a fixed context: nothing has to be fetched to read or verify it. Who the
person is (`principal`) is selectively disclosed, so that a record can be shown without saying whose
it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from assent.core.consent.terms import SignedTerms
from assent.core.terms import ConsentStatus

CONTEXT: Mapping[str, str] = {
    "dpv": "https://w3id.org/dpv#",
    "dct": "http://purl.org/dc/terms/",
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "assent": "urn:assent:terms:",
}
SCHEMA_VERSION = "27560:2023"
TYPE = "assent-consent+sd-jwt"
# What a verifier sees only if the person shows it.
SECRET = ("principal", "signature", "authority", "contact")
PROHIBITED = ("assent:sexual", "assent:political", "assent:impersonation")


@dataclass(frozen=True, slots=True)
class Parties:
    """Who stands behind the record: the marketplace that keeps it, who asked, who runs it."""

    controller: str
    site: str
    requester_key: str


@dataclass(frozen=True, slots=True)
class Issue:
    """What identifies one issue of a record."""

    reference: str
    status_url: str
    signed_at: datetime
    publish_from: date
    proof: str


def record_claims(terms: SignedTerms, parties: Parties, issue: Issue) -> dict[str, Any]:
    """Return every claim of a record, the secret ones included."""
    assert terms.starts_on is not None
    assert terms.ends_on is not None
    return {
        "@context": dict(CONTEXT),
        "@type": "dpv:ConsentRecord",
        "iss": parties.site,
        "iat": int(issue.signed_at.timestamp()),
        "exp": _end_of(terms.ends_on, issue.signed_at),
        "schemaVersion": SCHEMA_VERSION,
        "recordId": issue.reference,
        "status": {"url": issue.status_url},
        "principal": {"names": list(terms.names)},
        "signature": terms.signature,
        "authority": terms.authority,
        "signedAs": terms.signer.value,
        "notice": _notice(parties),
        "processing": _processing(terms),
        "policy": odrl_policy(terms, parties, issue),
        "parties": [
            {"id": parties.site, "name": parties.controller, "type": "dpv:DataController"},
            {"id": parties.requester_key, "type": "dpv:Recipient"},
        ],
        "events": [
            {
                "time": issue.signed_at.isoformat(),
                "state": ConsentStatus.GIVEN.value,
                "by": terms.signer.value,
                "proof": issue.proof,
                "advice": terms.advice.value if terms.advice else None,
                "publishFrom": issue.publish_from.isoformat(),
            }
        ],
    }


def _notice(parties: Parties) -> dict[str, Any]:
    return {
        "language": "en",
        "withdrawal": f"{parties.site}/my-consent",
        "rights": "Withdraw at any time with the private link: no reason, no account.",
        "limits": "Consent cannot take back what was learned from weights already downloaded.",
        "jurisdiction": "as agreed between the parties",
        "retention": "until the term ends; afterwards only the fact that a record was in force",
        "storage": parties.site,
    }


def _processing(terms: SignedTerms) -> dict[str, Any]:
    return {
        "purpose": terms.purpose,
        "personalData": {"type": "dpv:BiometricData", "description": terms.material},
        "operations": sorted(terms.uses),
        "workTypes": sorted(terms.work_types),
        "pay": terms.pay,
    }


def odrl_policy(terms: SignedTerms, parties: Parties, issue: Issue) -> dict[str, Any]:
    """Return the terms as an ODRL agreement: what is allowed, within what, and never what."""
    assert terms.starts_on is not None
    assert terms.ends_on is not None
    within = [
        _constraint("odrl:dateTime", "odrl:gteq", terms.starts_on.isoformat()),
        _constraint("odrl:dateTime", "odrl:lteq", terms.ends_on.isoformat()),
        _constraint("odrl:spatial", "odrl:eq", terms.territory),
        _constraint("odrl:purpose", "odrl:eq", terms.purpose),
    ]
    denied = [f"assent:{use}" for use, said in sorted(terms.answers.items()) if not said]
    return {
        "@type": "odrl:Agreement",
        "uid": f"urn:assent:consent:{issue.reference}",
        "assigner": f"urn:assent:consent:{issue.reference}#principal",
        "assignee": parties.requester_key,
        "permission": [
            {"action": f"assent:{use}", "constraint": within} for use in sorted(terms.uses)
        ],
        "prohibition": [{"action": one} for one in (*PROHIBITED, *denied)],
        "duty": [{"action": "assent:label"}, {"action": "odrl:compensate", "pay": terms.pay}],
    }


def _constraint(left: str, operator: str, right: str) -> dict[str, str]:
    return {"leftOperand": left, "operator": operator, "rightOperand": right}


def _end_of(day: date, at: datetime) -> int:
    return int(datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=at.tzinfo).timestamp())
