"""Reads removal notices to and from other marketplaces. For operators and flows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from assent.casework.models import Case, ReceivedRemoval, SentRemoval
from assent.core.access import Denied, Person, may_run_sweeps
from assent.core.removals import Sent
from assent.core.terms import Refusal, Refused


@dataclass(frozen=True, slots=True)
class ToSend:
    """A notice that waits to be sent."""

    id: str
    recipient: str
    case: str
    at: datetime
    hashes: tuple[str, ...]
    tries: int


@dataclass(frozen=True, slots=True)
class SentView:
    """What went where, and what became of it: no hash, no case."""

    id: str
    recipient: str
    at: datetime
    count: int
    state: Sent
    tries: int
    next_at: datetime | None
    moved_at: datetime
    answer: str


@dataclass(frozen=True, slots=True)
class ReceivedView:
    """What came from where; `number` is our case, where something here matched."""

    sender: str
    id: str
    at: datetime
    count: int
    number: str


@dataclass(frozen=True, slots=True)
class Known:
    """A notice that was taken before."""

    digest: str
    case: str


def due(at: datetime, limit: int = 20) -> list[ToSend]:
    """Return the notices that are to be sent now, the oldest first."""
    rows = SentRemoval.objects.filter(state=Sent.WAITING, next_at__lte=at).order_by("at", "id")
    return [ToSend(r.id, r.recipient, r.case, r.at, tuple(r.hashes), r.tries) for r in rows[:limit]]


def sent(limit: int = 100) -> list[SentView]:
    """Return what was sent, or waits to be, the latest first. For operators: check before."""
    rows = SentRemoval.objects.order_by("-at", "-id")[:limit]
    return [
        SentView(r.id, r.recipient, r.at, r.count, Sent(r.state), r.tries, r.next_at, r.moved_at,
                 r.answer)
        for r in rows
    ]  # fmt: skip


def received(limit: int = 100) -> list[ReceivedView]:
    """Return what was taken, the latest first. For operators: check before."""
    rows = list(ReceivedRemoval.objects.order_by("-at", "-id")[:limit])
    numbers = dict(Case.objects.filter(id__in=[r.case for r in rows]).values_list("id", "number"))
    return [ReceivedView(r.sender, r.number, r.at, r.count, numbers.get(r.case, "")) for r in rows]


def known_removal(sender: str, number: str) -> Known | None:
    """Return the notice of a sender with this number; None where none was taken."""
    row = ReceivedRemoval.objects.filter(sender=sender, number=number).first()
    return Known(row.digest, row.case) if row else None


def unopened(case_keys: Iterable[str]) -> list[tuple[str, str]]:
    """Return (case key, sender) of those of these keys that belong to notices of other sites for
    which no case was opened yet, since nothing here matched."""
    keys = set(case_keys)
    keys -= set(Case.objects.filter(id__in=keys).values_list("id", flat=True))
    rows = ReceivedRemoval.objects.filter(case__in=keys).order_by("at", "id")
    return list(rows.values_list("case", "sender"))


def require_operator(viewer: Person) -> None:
    """Refuse everybody but operators."""
    answer = may_run_sweeps(viewer)
    if isinstance(answer, Denied):
        raise Refused(Refusal(answer.kind.value, answer.reason, answer.kind))
