"""Reads strikes off the decisions, suspensions, and who holds which piece of work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from assent.casework.models import Appeal, Effect, Suspension
from assent.core.strikes import POINTS, Strike
from assent.core.terms import ItemState, Refusal, RefusalKind, Refused

_TAKEN_AWAY = (ItemState.HIDDEN, ItemState.REMOVED)


@dataclass(frozen=True, slots=True)
class SuspensionView:
    """A suspension as it stands: `ended_at` where it was over before its time."""

    id: str
    member: int
    began_at: datetime
    until: datetime
    ended_at: datetime | None


def strikes_of(user_id: int) -> list[Strike]:
    """Return the strikes of a member, the oldest first: one for each decision, however many items
    it was about, from the moment that its owner was told."""
    found: dict[str, Strike] = {}
    for row in _counting().filter(item__owner_id=user_id):
        told = row.told_at or row.decision.at
        strike = Strike(row.decision_id, told, POINTS[row.decision.rule])
        known = found.get(row.decision_id)
        if known is None or strike.at < known.at:
            found[row.decision_id] = strike
    return sorted(found.values(), key=lambda s: (s.at, s.decision))


def statement_behind(strike: Strike, user_id: int) -> str:
    """Return the id of a statement of reasons behind a strike."""
    rows = Effect.objects.filter(decision_id=strike.decision, item__owner_id=user_id)
    return f"{strike.decision}-{rows.order_by('id')[0].item_id}"


def to_weigh(since: datetime) -> list[int]:
    """Return the members whose standing may have changed: those with strikes that were told since
    then, and those who are suspended."""
    recent = _counting().filter(Q(told_at__gte=since) | Q(decision__at__gte=since))
    ids = set(recent.values_list("item__owner_id", flat=True))
    ids |= set(Suspension.objects.filter(ended_at=None).values_list("member_id", flat=True))
    return sorted(ids)


def suspension_of(user_id: int, at: datetime) -> SuspensionView | None:
    """Return the suspension that a member is under, or None."""
    row = Suspension.objects.filter(member_id=user_id, ended_at=None, until__gt=at).first()
    return _view(row) if row else None


def suspensions_of(user_id: int) -> list[SuspensionView]:
    """Return every suspension of a member, the latest first."""
    rows = Suspension.objects.filter(member_id=user_id).order_by("-began_at")
    return [_view(row) for row in rows]


def open_suspension(user_id: int) -> SuspensionView | None:
    """Return the suspension of a member that was not ended, whether or not its time is over."""
    row = Suspension.objects.filter(member_id=user_id, ended_at=None).first()
    return _view(row) if row else None


def require_not_suspended(user_id: int, at: datetime) -> None:
    """Refuse what somebody who is suspended may not do."""
    found = suspension_of(user_id, at)
    if found is not None:
        until = f"{found.until.day} {found.until:%B %Y}"
        words = f"Your account is suspended until {until}. Decisions, in your menu, says why."
        raise Refused(Refusal("suspended", words, RefusalKind.NOT_ALLOWED))


def _counting() -> QuerySet[Effect]:
    """Effects that count: taken away by a rule that weighs, told, and not reversed since."""
    reversed_ = Appeal.objects.filter(effect__decision=OuterRef("decision"), reversed=True)
    told = Q(decision__case__isnull=True) | Q(told_at__isnull=False)
    return (
        Effect.objects.filter(told, decision__rule__in=POINTS, after__in=_TAKEN_AWAY)
        .filter(~Exists(reversed_))
        .select_related("decision")
        .order_by("id")
    )


def _view(row: Suspension) -> SuspensionView:
    return SuspensionView(row.id, row.member_id, row.began_at, row.until, row.ended_at)
