"""Reads reports of anything but a likeness."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime

from assent.casework.models import Report
from assent.casework.status import UNKNOWN_CASE, normalised_number
from assent.core.access import Denied, Person, may_use_queue
from assent.core.reports import ReportKind
from assent.core.terms import ItemState, Refusal, Refused

_NOBODY = "0" * 64


@dataclass(frozen=True, slots=True)
class ReportStatus:
    """What whoever reported may see."""

    number: str
    kind: ReportKind
    at: datetime
    deadline: datetime
    answered_at: datetime | None
    upheld: bool | None


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report as a moderator sees it."""

    status: ReportStatus
    id: str
    item: str
    item_kind: str
    item_title: str
    item_state: ItemState
    owner: int
    by: int | None
    text: str
    name: str
    contact: str


def status(number: str, given: str) -> ReportStatus:
    """Return a report by its number and the digest of its PIN, or one refusal for a wrong PIN and
    an unknown number."""
    row = Report.objects.filter(number=normalised_number(number)).first()
    right = hmac.compare_digest(given, row.pin_digest if row else _NOBODY)
    if row is None or not right:
        raise Refused(UNKNOWN_CASE)
    return _status(row)


def report(viewer: Person, number: str) -> ReportView:
    """Return a report to a moderator, or refuse."""
    _staff_only(viewer)
    row = Report.objects.select_related("item").filter(number=number.upper()).first()
    if row is None:
        raise Refused(UNKNOWN_CASE)
    return _view(row)


def open_reports(viewer: Person) -> list[ReportView]:
    """Return the reports that wait, the nearest deadline first, or refuse."""
    _staff_only(viewer)
    rows = Report.objects.filter(answered_at=None).select_related("item")
    return [_view(row) for row in rows.order_by("deadline", "id")]


def _staff_only(viewer: Person) -> None:
    answer = may_use_queue(viewer)
    if isinstance(answer, Denied):
        raise Refused(Refusal(answer.kind.value, answer.reason, answer.kind))


def _status(row: Report) -> ReportStatus:
    return ReportStatus(
        row.number, ReportKind(row.kind), row.at, row.deadline, row.answered_at, row.upheld
    )


def _view(row: Report) -> ReportView:
    told = {name: str(row.details.get(name, "")) for name in ("text", "name", "contact")}
    item = row.item
    return ReportView(
        _status(row), row.id, item.id, item.kind, item.title, ItemState(item.state), item.owner_id,
        row.by_id, **told,
    )  # fmt: skip
