"""Reads grants and staydown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from assent.consent.models import Exempt, Grant, Staydown
from assent.core.consent.cover import GrantTerms
from assent.core.terms import ConsentStatus, Digest, Rating, WorkType


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
        row.publish_from,
    )


def is_valid(reference: str, at: date) -> bool:
    """Return whether a record is in force: all that anyone may ask of it."""
    row = Grant.objects.select_related("requester").filter(reference=reference.upper()).first()
    if row is None or row.status != ConsentStatus.GIVEN or row.signed_at is None:
        return False
    first, last = _terms(row).lives_on
    return first <= at <= last


@dataclass(frozen=True, slots=True)
class GrantView:
    """A grant as its own person, its requester and staff see it. `sealed` holds the receipt."""

    id: str
    reference: str
    person_key: str
    status: ConsentStatus
    requester: int
    requester_name: str
    requester_key: str
    uses: tuple[str, ...]
    work_types: tuple[WorkType, ...]
    description: str
    territory: str
    starts_on: date
    ends_on: date
    publish_from: date | None
    signed_at: datetime | None
    ended_at: datetime | None
    proof: str
    terms: Mapping[str, Any]
    record_hash: str
    sealed: str


def grant_of_invitation(invitation_id: str) -> GrantView | None:
    """Return the grant that came of an invitation."""
    return _grant_view(_grants().filter(invitation_id=invitation_id).first())


def grants_of_person(person_key: str) -> list[GrantView]:
    """Return all that one person allowed, newest first. For their own page alone."""
    rows = _grants().filter(person_key=person_key).order_by("-signed_at", "id")
    return [view for row in rows if (view := _grant_view(row))]


def grants_for(user_id: int) -> list[GrantView]:
    """Return what a requester was allowed, newest first."""
    rows = _grants().filter(requester_id=user_id).order_by("-signed_at", "id")
    return [view for row in rows if (view := _grant_view(row))]


def person_of_page(page_digest: str) -> str | None:
    """Return the key of the person who was proved by this public page before."""
    row = Grant.objects.filter(invitation__page_digest=page_digest).exclude(
        invitation__page_digest=""
    )
    return row.order_by("signed_at").values_list("person_key", flat=True).first()


def run_out(today: date) -> list[str]:
    """Return the ids of grants in force whose last day is over."""
    over = Grant.objects.filter(status=ConsentStatus.GIVEN, ends_on__lt=today)
    return list(over.values_list("id", flat=True))


def ended_before(at: datetime) -> list[str]:
    """Return the ids of grants that ended before this moment."""
    return list(Grant.objects.filter(ended_at__lt=at).values_list("id", flat=True))


def _grants() -> QuerySet[Grant]:
    return Grant.objects.select_related("requester")


def _grant_view(row: Grant | None) -> GrantView | None:
    if row is None:
        return None
    return GrantView(
        row.id, row.reference, row.person_key, ConsentStatus(row.status), row.requester_id,
        row.requester.username, row.requester.journal_key, tuple(row.uses),
        tuple(WorkType(t) for t in row.work_types), row.description, row.territory, row.starts_on,
        row.ends_on, row.publish_from, row.signed_at, row.ended_at, row.proof, row.terms,
        row.record_hash, row.sealed,
    )  # fmt: skip


def staydown_hits(digests: Iterable[str]) -> list[bool]:
    """Return, for each stored digest that matches one of these, whether its case was decided."""
    return [decided for _, decided in staydown_cases(digests)]


def staydown_cases(digests: Iterable[str]) -> list[tuple[str, bool]]:
    """Return (case key, whether it was decided) for each stored digest that matches one of these,
    the negative list aside."""
    asked = set(digests)
    asked -= exempt(asked)
    rows = Staydown.objects.filter(digest__in=asked).order_by("id")
    return list(rows.values_list("case_key", "decided"))


def watched_cases(case_keys: Iterable[str]) -> set[str]:
    """Return those of these cases that have marks in the staydown."""
    rows = Staydown.objects.filter(case_key__in=list(case_keys))
    return set(rows.values_list("case_key", flat=True).distinct())


def exempt_count() -> int:
    """Return how many digests are on the negative list."""
    return Exempt.objects.count()


def exempt(digests: Iterable[str]) -> set[str]:
    """Return those of these digests that are on the negative list."""
    rows = Exempt.objects.filter(digest__in=list(digests))
    return set(rows.values_list("digest", flat=True))


def staydown_under(versions: Iterable[str]) -> list[tuple[str, bool, Digest]]:
    """Return (case key, whether decided, digest) for all that is stored under these chains."""
    rows = Staydown.objects.filter(key_version__in=list(versions)).order_by("id")
    return [(r.case_key, r.decided, Digest(r.digest, r.kind, r.key_version)) for r in rows]
