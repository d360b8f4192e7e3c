"""Reads cases and decisions: for the person with the PIN, and for case workers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet

from assent.casework.models import Case, CaseItem, Decision, Effect
from assent.core.access import Denied, Person, may_use_queue
from assent.core.terms import CaseState, ItemState, Refusal, RefusalKind, Refused

UNKNOWN_CASE = Refusal(
    "no_such_case",
    "This number and PIN do not belong together. Please check both and try again.",
    RefusalKind.NOT_FOUND,
)
_NOBODY = "0" * 64


@dataclass(frozen=True, slots=True)
class CaseStatus:
    """What the person who asked may see: only about what they named themselves."""

    key: str
    number: str
    state: CaseState
    received_at: datetime
    deadline: datetime
    decided_at: datetime | None
    hidden: int
    searching: bool
    outcome: str


@dataclass(frozen=True, slots=True)
class CaseItemView:
    """An item of a case for its worker; `before` is its state when it was hidden."""

    id: str
    kind: str
    title: str
    state: ItemState
    before: ItemState | None
    how: str
    owner: int


@dataclass(frozen=True, slots=True)
class CaseFile:
    """All that a case worker sees."""

    status: CaseStatus
    relation: str
    where: tuple[str, ...]
    signature: str
    contact: Mapping[str, str] | None
    details: Mapping[str, Any]
    items: tuple[CaseItemView, ...]


def status(
    number: str, pin: str, digest: Callable[[str], str], same: Callable[[str, str], bool]
) -> CaseStatus:
    """Return a case by number and PIN, or one refusal for a wrong PIN and an unknown number.

    Both answers do the same work: one look-up, one digest, one comparison in constant time.
    """
    row = Case.objects.filter(number=number.strip().upper()).first()
    given = digest(pin.strip().upper())
    right = same(given, row.pin_digest if row else _NOBODY)
    if row is None or not right:
        raise Refused(UNKNOWN_CASE)
    return _status(row)


def case_file(viewer: Person, number: str) -> CaseFile:
    """Return a case with its notice and items to a case worker, or refuse."""
    _staff_only(viewer)
    row = Case.objects.select_related("notice").filter(number=number.upper()).first()
    if row is None:
        raise Refused(UNKNOWN_CASE)
    notice = row.notice
    return CaseFile(
        _status(row),
        notice.relation,
        tuple(notice.where),
        notice.signature,
        notice.contact,
        notice.details,
        tuple(_case_item(i) for i in row.items.select_related("item").order_by("at", "id")),
    )


def open_cases(viewer: Person) -> list[CaseStatus]:
    """Return undecided cases, the nearest deadline first, or refuse."""
    _staff_only(viewer)
    done = (CaseState.DECIDED, CaseState.CLOSED)
    return [_status(c) for c in Case.objects.exclude(state__in=done).order_by("deadline")]


@dataclass(frozen=True, slots=True)
class CaseCounts:
    """What may be published about cases: numbers alone."""

    received: int
    hidden_items: int
    removed_items: int
    decided: int
    decided_in_time: int
    open: int
    overdue: int


def case_counts(at: datetime) -> CaseCounts:
    """Return how many takedown requests came in and what became of them."""
    decided = Case.objects.filter(decided_at__isnull=False)
    waiting = Case.objects.filter(decided_at__isnull=True)
    of_cases = CaseItem.objects.values("item").distinct()
    return CaseCounts(
        Case.objects.count(),
        of_cases.count(),
        of_cases.filter(item__state=ItemState.REMOVED).count(),
        decided.count(),
        decided.filter(decided_at__lte=F("deadline")).count(),
        waiting.count(),
        waiting.filter(deadline__lt=at).count(),
    )


def hidden_since(at: datetime) -> int:
    """Return how many items notices have hidden by name since `at`."""
    return CaseItem.objects.filter(how="named", at__gte=at).count()


def state_before(item_id: str, after: ItemState) -> ItemState | None:
    """Return the state from which a decision last moved the item to `after`."""
    row = Effect.objects.filter(item_id=item_id, after=after).order_by("-id").first()
    return ItemState(row.before) if row else None


def decisions_on(item_id: str) -> list[tuple[datetime, str, str, str]]:
    """Return (when, rule, code, sentence) of each decision on an item, newest first."""
    rows: QuerySet[Decision] = Decision.objects.filter(item_id=item_id).order_by("-at", "-id")
    return [(d.at, d.rule, d.code, d.sentence) for d in rows]


def _staff_only(viewer: Person) -> None:
    answer = may_use_queue(viewer)
    if isinstance(answer, Denied):
        raise Refused(Refusal(answer.kind.value, answer.reason, answer.kind))


def _status(row: Case) -> CaseStatus:
    decision = row.decision_set.order_by("-at").first() if row.decided_at else None
    return CaseStatus(
        row.id,
        row.number,
        CaseState(row.state),
        row.received_at,
        row.deadline,
        row.decided_at,
        row.items.filter(how="named").count(),
        row.needs_search,
        decision.code if decision else "",
    )


def _case_item(row: CaseItem) -> CaseItemView:
    return CaseItemView(
        row.item_id,
        row.item.kind,
        row.item.title,
        ItemState(row.item.state),
        state_before(row.item_id, ItemState.HIDDEN),
        row.how,
        row.item.owner_id,
    )
