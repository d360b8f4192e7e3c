"""Writes cases, notices, decisions, official matters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from assent.casework.models import Case, CaseItem, Decision, Effect, Matter, Notice, Preserved
from assent.casework.status import MOVED_ON
from assent.core.casework import Ruling
from assent.core.notices import NoticeForm
from assent.core.official import MatterForm
from assent.core.settlement import Move
from assent.core.terms import CaseState, Refused


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case as it is opened."""

    key: str
    number: str
    pin_digest: str
    received_at: datetime
    deadline: datetime
    state: CaseState
    needs_search: bool
    source: str = "person"
    missing: tuple[str, ...] = ()
    triage_by: datetime | None = None
    hides_later: bool = False


def add_case(case: NewCase, form: NoticeForm) -> None:
    """Insert a case and its notice."""
    details = dict(form.details or {})
    row = Case.objects.create(
        id=case.key,
        number=case.number,
        pin_digest=case.pin_digest,
        state=case.state,
        received_at=case.received_at,
        deadline=case.deadline,
        needs_search=case.needs_search,
        source=case.source,
        missing=list(case.missing),
        triage_by=case.triage_by,
        hides_later=case.hides_later,
        language=form.language,
        under_18=bool(details.get("under_18")),
        intimate=bool(details.get("intimate")),
        danger=bool(details.get("danger")),
    )
    Notice.objects.create(
        case=row,
        where=list(form.where),
        relation=form.relation,
        signature=form.signature,
        contact=dict(form.contact) if form.contact else None,
        details=details,
    )


def add_case_items(case_key: str, item_ids: Iterable[str], how: str, at: datetime) -> None:
    """Join items to a case; those already in it stay."""
    CaseItem.objects.bulk_create(
        [CaseItem(case_id=case_key, item_id=i, how=how, at=at) for i in item_ids],
        ignore_conflicts=True,
    )


def move_case(case_key: str, before: Iterable[CaseState], after: CaseState, at: datetime) -> None:
    """Change a case's state if it is still in one of `before`, else refuse."""
    changes: dict[str, object] = {"state": after}
    if after is CaseState.DECIDED:
        changes["decided_at"] = at
    if not Case.objects.filter(id=case_key, state__in=list(before)).update(**changes):
        raise Refused(MOVED_ON)


def add_decision(
    decision_id: str,
    ruling: Ruling,
    moves: Iterable[Move],
    *,
    actor: int | None,
    at: datetime,
    item: str | None = None,
    case: str | None = None,
) -> None:
    """Insert a decision with an effect for each item that it moved."""
    row = Decision.objects.create(
        id=decision_id,
        at=at,
        actor_id=actor,
        rule=ruling.rule,
        policy=ruling.policy,
        code=ruling.code,
        sentence=ruling.sentence,
        item_id=item,
        case_id=case,
    )
    Effect.objects.bulk_create(
        [Effect(decision=row, item_id=m.item, before=m.before, after=m.after) for m in moves]
    )


def add_matter(matter_id: str, form: MatterForm, at: datetime) -> None:
    """Insert a matter."""
    Matter.objects.create(
        id=matter_id, kind=form.kind, country=form.country, category=form.category,
        authority=form.authority.strip(), reference=form.reference.strip(), note=form.note.strip(),
        received_at=form.received_at, written_at=at,
    )  # fmt: skip


def acknowledge_matter(matter_id: str, at: datetime) -> None:
    """Note that its sender was told that it arrived, or refuse where that was noted."""
    waiting = Matter.objects.filter(id=matter_id, acknowledged_at=None, closed_at=None)
    if not waiting.update(acknowledged_at=at):
        raise Refused(MOVED_ON)


def close_matter(matter_id: str, outcome: str, at: datetime) -> None:
    """Note how it ended, or refuse where that was noted."""
    if not Matter.objects.filter(id=matter_id, closed_at=None).update(
        closed_at=at, outcome=outcome
    ):
        raise Refused(MOVED_ON)


def preserve(
    files: Iterable[tuple[str, str, str, int]], case_key: str, at: datetime, until: datetime
) -> None:
    """Note that files, each (id, item, SHA-256, bytes), are to be sealed and preserved."""
    rows = [
        Preserved(file=file, item=item, case=case_key, sha256=sha, size=size, at=at, until=until)
        for file, item, sha, size in files
    ]
    Preserved.objects.bulk_create(rows, ignore_conflicts=True)


def mark_sealed(file_id: str, at: datetime, *, found: bool) -> None:
    """Note that a file is sealed; where there were no bytes any more, that it is erased."""
    field = {"sealed_at": at} if found else {"erased_at": at}
    Preserved.objects.filter(file=file_id).update(**field)


def extend_preserved(file_id: str, until: datetime) -> None:
    """Preserve a file longer."""
    Preserved.objects.filter(file=file_id).update(until=until)


def mark_erased(file_id: str, at: datetime) -> None:
    """Note that the sealed bytes of a file are deleted."""
    Preserved.objects.filter(file=file_id, erased_at=None).update(erased_at=at)
