"""Reads grants and staydown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from assent.consent.models import Grant, Staydown
from assent.core.consent import GrantTerms
from assent.core.terms import ConsentStatus, Rating


def grant_terms(grant_id: str | None) -> GrantTerms | None:
    """Return a grant's terms by id; None where there is none."""
    row = Grant.objects.select_related("requester").filter(id=grant_id).first()
    return _terms(row) if row else None


def grant_id_of(reference: str) -> str | None:
    """Return the id of the grant with this reference; None for an unknown one."""
    return (
        Grant.objects.filter(reference=reference.strip().upper())
        .values_list("id", flat=True)
        .first()
    )


def _terms(row: Grant) -> GrantTerms:
    return GrantTerms(
        row.reference,
        ConsentStatus(row.status),
        row.requester.journal_key,
        frozenset(row.name_digests),
        frozenset(row.uses),
        frozenset(row.work_types),
        Rating(row.rating),
        row.starts_on,
        row.ends_on,
        row.signed_at is not None,
    )


@dataclass(frozen=True, slots=True)
class PublicGrant:
    """What anyone may see of a grant: never who gave it."""

    reference: str
    in_force: bool
    uses: tuple[str, ...]
    description: str
    territory: str
    starts_on: date
    ends_on: date


def public_grant(reference: str, at: date) -> PublicGrant | None:
    """Return the public face of a grant; None for an unknown reference."""
    row = Grant.objects.filter(reference=reference.upper()).first()
    if row is None:
        return None
    in_force = row.status == ConsentStatus.GIVEN and row.starts_on <= at <= row.ends_on
    return PublicGrant(
        row.reference,
        in_force,
        tuple(row.uses),
        row.description,
        row.territory,
        row.starts_on,
        row.ends_on,
    )


def staydown_hits(digests: Iterable[str]) -> list[bool]:
    """Return, for each stored digest that matches one of these, whether its case was decided."""
    return list(Staydown.objects.filter(digest__in=list(digests)).values_list("decided", flat=True))
