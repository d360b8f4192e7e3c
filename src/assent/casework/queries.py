"""Reads cases and decisions, for case workers and for flows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from assent.casework.models import (
    Case,
    CaseItem,
    CaseNote,
    Complaint,
    Decision,
    Effect,
    Notice,
    Proposal,
)
from assent.casework.status import UNKNOWN_CASE, CaseStatus, status_of, statuses_of
from assent.core.access import Denied, Person, may_use_queue
from assent.core.notices import UNDECIDED, Ground
from assent.core.terms import ItemState, Refusal, Refused


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


def case_file(viewer: Person, number: str) -> CaseFile:
    """Return a case with its notice and items to a case worker, or refuse."""
    _staff_only(viewer)
    row = Case.objects.select_related("notice").filter(number=number.upper()).first()
    if row is None:
        raise Refused(UNKNOWN_CASE)
    # Whoever asked may have erased what they told us; what is left is still decided.
    notice = Notice.objects.filter(case=row).first() or Notice(where=[], relation="", details={})
    return CaseFile(
        status_of(row),
        notice.relation,
        tuple(notice.where),
        notice.signature,
        notice.contact,
        notice.details,
        _case_items(row),
    )


def open_cases(viewer: Person) -> list[CaseStatus]:
    """Return undecided cases, or refuse: first what is about somebody who may be under 18, then who
    may be in danger, then what has not hidden before somebody looks, then the nearest deadline."""
    _staff_only(viewer)
    rows = Case.objects.filter(state__in=UNDECIDED)
    first = F("triage_by").asc(nulls_last=True)
    return statuses_of(rows.order_by("-under_18", "-danger", first, "deadline"))


def late_cases(viewer: Person, at: datetime) -> list[CaseStatus]:
    """Return the cases whose clock was missed and of which nobody said why, or refuse."""
    _staff_only(viewer)
    late = Q(decided_at__gt=F("deadline")) | Q(decided_at=None, deadline__lt=at)
    return statuses_of(Case.objects.filter(late, late_because="").order_by("deadline"))


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
    """Return how many items notices have hidden since `at` without anybody looking."""
    return CaseItem.objects.filter(how__in=("named", "hash", "copy"), at__gte=at).count()


@dataclass(frozen=True, slots=True)
class ClockView:
    """A case whose clock runs: how much of it was warned about."""

    key: str
    received_at: datetime
    deadline: datetime
    alerted: int


def running_clocks() -> list[ClockView]:
    """Return every undecided case's clock."""
    rows = Case.objects.filter(state__in=UNDECIDED, alerted__lt=100).order_by("deadline", "id")
    return [ClockView(c.id, c.received_at, c.deadline, c.alerted) for c in rows]


@dataclass(frozen=True, slots=True)
class ComplaintView:
    """A complaint that waits: what the person wrote, and until when it must be answered."""

    number: str
    at: datetime
    deadline: datetime
    text: str
    deciders: frozenset[int]


def open_complaints(viewer: Person) -> list[ComplaintView]:
    """Return the complaints that wait, the nearest deadline first, or refuse."""
    _staff_only(viewer)
    rows = Complaint.objects.filter(answered_at=None).select_related("case").order_by("deadline")
    return [_complaint(row) for row in rows]


def complaint_of(viewer: Person, case_key: str) -> ComplaintView | None:
    """Return a case's open complaint, None where there is none, or refuse."""
    _staff_only(viewer)
    rows = Complaint.objects.filter(answered_at=None, case_id=case_key).select_related("case")
    row = rows.first()
    return _complaint(row) if row else None


def _complaint(row: Complaint) -> ComplaintView:
    case = row.case
    actors = case.decision_set.exclude(actor=None).values_list("actor", flat=True)
    second = case.proposals.values_list("by", "agreed_by")
    deciders = {*actors, *(who for pair in second for who in pair if who)}
    return ComplaintView(case.number, row.at, row.deadline, row.text, frozenset(deciders))


def to_erase(decided_before: datetime) -> list[str]:
    """Return the keys of cases decided before this moment whose notice is still kept."""
    rows = Case.objects.filter(decided_at__lt=decided_before, notice__isnull=False)
    return list(rows.order_by("id").values_list("id", flat=True))


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal to turn a request down that waits for a second person."""

    id: int
    by: int
    by_name: str
    ground: Ground


def proposal(case_key: str) -> ProposalView | None:
    """Return the proposal of a case that waits, or None."""
    rows = Proposal.objects.select_related("by").filter(case_id=case_key, agreed_at=None)
    row = rows.order_by("-id").first()
    return ProposalView(row.id, row.by_id, row.by.username, Ground(row.ground)) if row else None


def waits_for_look() -> bool:
    """Return whether anything waits for a person before it hides."""
    return Case.objects.filter(state__in=UNDECIDED, triage_by__isnull=False).exists()


def looked_at_late(at: datetime) -> list[str]:
    """Return the keys of cases that somebody should have looked at by now, not noted as late."""
    rows = Case.objects.filter(state__in=UNDECIDED, triage_by__lte=at, look_late=False)
    return list(rows.order_by("triage_by", "id").values_list("id", flat=True))


def hiding_later(at: datetime, limit: int = 50) -> list[str]:
    """Return the keys of undecided cases at which nobody looked in time, and of which something may
    hide by itself now; the longest waiting first."""
    rows = Case.objects.filter(state__in=UNDECIDED, hides_later=True, triage_by__lte=at)
    return list(rows.order_by("triage_by", "id").values_list("id", flat=True)[:limit])


def items_of(case_key: str) -> set[str]:
    """Return the ids of what belongs to a case."""
    return set(CaseItem.objects.filter(case_id=case_key).values_list("item_id", flat=True))


def told_where(case_key: str) -> list[str]:
    """Return every line in which the person said where it is: in the request, its hashes, and what
    they wrote since."""
    row = Notice.objects.filter(case_id=case_key).first()
    if row is None:
        return []
    hashes = (row.details or {}).get("hashes") or []
    written = [note.text for note in notes_of(case_key) if not note.worker]
    lines = [line for text in written for line in text.splitlines()]
    return [*row.where, *(str(one) for one in hashes), *lines]


def exists(case_key: str) -> bool:
    """Return whether there is a case with this key."""
    return Case.objects.filter(id=case_key).exists()


def open_among(case_keys: Iterable[str]) -> list[str]:
    """Return those of these keys that belong to cases which are not decided."""
    rows = Case.objects.filter(id__in=list(case_keys), state__in=UNDECIDED).order_by(
        "received_at", "id"
    )
    return list(rows.values_list("id", flat=True))


def in_other_open_cases(case_key: str) -> set[str]:
    """Return the ids of this case's items that another undecided case holds as well."""
    mine = CaseItem.objects.filter(case_id=case_key).values("item")
    others = CaseItem.objects.filter(item__in=mine, case__state__in=UNDECIDED)
    return set(others.exclude(case_id=case_key).values_list("item_id", flat=True))


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


def _case_items(case: Case) -> tuple[CaseItemView, ...]:
    rows = list(case.items.select_related("item").order_by("at", "id"))
    hidden = Effect.objects.filter(item__cases__case=case, after=ItemState.HIDDEN).order_by("id")
    before = dict(hidden.values_list("item_id", "before"))  # the last one of each stays
    return tuple(_case_item(row, before.get(row.item_id)) for row in rows)


def _case_item(row: CaseItem, before: str | None) -> CaseItemView:
    return CaseItemView(
        row.item_id,
        row.item.kind,
        row.item.title,
        ItemState(row.item.state),
        ItemState(before) if before else None,
        row.how,
        row.item.owner_id,
    )


@dataclass(frozen=True, slots=True)
class Reached:
    """How the person of a case is reached; `contact` is sealed as it was stored."""

    number: str
    received_at: datetime
    deadline: datetime
    language: str
    contact: Mapping[str, str]
    confirmed: bool


def reached(case_key: str) -> Reached | None:
    """Return how the person of a case is reached; None once they erased what they told us."""
    row = Notice.objects.select_related("case").filter(case_id=case_key).first()
    if row is None:
        return None
    case, contact = row.case, row.contact or {}
    confirmed = case.confirmed_at is not None
    return Reached(case.number, case.received_at, case.deadline, case.language, contact, confirmed)


def evidence_of(case_key: str) -> list[dict[str, Any]]:
    """Return what the record knows of a case's items, as JSON values; whoever put one here stands
    in it under their random key."""
    rows = CaseItem.objects.filter(case_id=case_key).select_related("item__owner")
    return [
        {
            "id": row.item_id,
            "kind": row.item.kind,
            "state": row.item.state,
            "came_at": row.item.created_at.isoformat(),
            "in_case_since": row.at.isoformat(),
            "found_as": row.how,
            "put_here_by": row.item.owner.journal_key,
        }
        for row in rows.order_by("at", "id")
    ]


@dataclass(frozen=True, slots=True)
class NoteView:
    """A word in the box of a case; `worker` says whether a case worker wrote it."""

    at: datetime
    text: str
    worker: bool


def notes_of(case_key: str) -> list[NoteView]:
    """Return what the person and case workers wrote each other, oldest first."""
    rows = CaseNote.objects.filter(case_id=case_key).order_by("at", "id")
    return [NoteView(n.at, n.text, n.by_id is not None) for n in rows]


def key_of(number: str) -> str | None:
    """Return the random key under which the journal knows a case; None where there is none."""
    return Case.objects.filter(number=number.upper()).values_list("id", flat=True).first()
