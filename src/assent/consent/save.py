"""Writes grants and staydown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from assent.consent.models import Grant, Staydown
from assent.core.consent import GrantTerms


def add_grant(
    grant_id: str,
    person_key: str,
    requester_id: int,
    terms: GrantTerms,
    description: str,
    proof: str,
    at: datetime,
) -> None:
    """Insert a signed grant."""
    Grant.objects.create(
        id=grant_id,
        reference=terms.reference,
        person_key=person_key,
        name_digests=sorted(terms.name_digests),
        requester_id=requester_id,
        status=terms.status,
        uses=sorted(terms.uses),
        work_types=sorted(terms.work_types),
        description=description,
        rating=terms.rating,
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        signed_at=at if terms.signed else None,
        proof=proof,
    )


def add_staydown(
    pairs: Iterable[tuple[str, str]],
    case_key: str,
    key_version: str,
    at: datetime,
    *,
    decided: bool = False,
) -> None:
    """Insert (digest, kind) pairs for a case; those already there stay."""
    Staydown.objects.bulk_create(
        [
            Staydown(
                digest=digest,
                kind=kind,
                key_version=key_version,
                case_key=case_key,
                decided=decided,
                created_at=at,
            )
            for digest, kind in pairs
        ],
        ignore_conflicts=True,
    )


def settle_staydown(case_key: str, *, removed: bool) -> None:
    """After the decision: matches refuse from now on, or the digests are forgotten."""
    rows = Staydown.objects.filter(case_key=case_key)
    if removed:
        rows.update(decided=True)
    else:
        rows.delete()
