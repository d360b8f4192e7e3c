"""Reads who holds which piece of the queue."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from assent.casework.models import WorkLease
from assent.core.leases import Lease, taken
from assent.core.terms import Refused


def lease_of(subject: str, at: datetime) -> Lease | None:
    """Return who has a piece of work now, or None."""
    return leases(at, [subject]).get(subject)


def leases(at: datetime, subjects: Iterable[str] | None = None) -> dict[str, Lease]:
    """Return the leases in force, all of them or those of these subjects, by subject."""
    rows = WorkLease.objects.filter(until__gt=at).select_related("holder")
    if subjects is not None:
        rows = rows.filter(subject__in=list(subjects))
    return {r.subject: Lease(r.subject, r.holder_id, r.holder.username, r.until) for r in rows}


def require_mine_or_free(subject: str, who: int, at: datetime) -> None:
    """Refuse a decision on what somebody else is working on. The row is held until the transaction
    ends, so that nobody takes it meanwhile."""
    held = WorkLease.objects.select_for_update(no_key=True).filter(subject=subject).first()
    refusal = taken(lease_of(subject, at), who) if held else None
    if refusal:
        raise Refused(refusal)
