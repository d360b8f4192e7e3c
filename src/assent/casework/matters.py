"""Reads official matters, for the staff alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assent.casework.models import Matter
from assent.core.access import Denied, Person, may_use_queue
from assent.core.official import CATEGORIES, MatterForm, MatterKind
from assent.core.terms import Refusal, RefusalKind, Refused

_UNKNOWN = Refusal("not_found", "There is nothing here that you can see.", RefusalKind.NOT_FOUND)


@dataclass(frozen=True, slots=True)
class MatterView:
    """A matter as the staff see it."""

    id: str
    form: MatterForm
    acknowledged_at: datetime | None
    closed_at: datetime | None
    outcome: str

    @property
    def about(self) -> str:
        """What it is about, in words."""
        return CATEGORIES.get(self.form.category, self.form.category)

    @property
    def ended(self) -> str:
        """How it ended, in words; empty while it is open."""
        return self.form.kind.outcomes.get(self.outcome, "")


def matters(viewer: Person) -> list[MatterView]:
    """Return every matter to the staff, open ones first, each the oldest first, or refuse."""
    _staff_only(viewer)
    open_first = sorted(Matter.objects.order_by("received_at"), key=lambda m: bool(m.closed_at))
    return [_view(row) for row in open_first]


def matter(viewer: Person, matter_id: str) -> MatterView:
    """Return one matter to the staff, or refuse."""
    _staff_only(viewer)
    row = Matter.objects.filter(id=matter_id).first()
    if row is None:
        raise Refused(_UNKNOWN)
    return _view(row)


def open_threats() -> int:
    """Return how many threats were written down that no authority was told of."""
    return Matter.objects.filter(kind=MatterKind.THREAT, acknowledged_at=None).count()


def _staff_only(viewer: Person) -> None:
    answer = may_use_queue(viewer)
    if isinstance(answer, Denied):
        raise Refused(Refusal(answer.kind.value, answer.reason, answer.kind))


def _view(row: Matter) -> MatterView:
    form = MatterForm(
        MatterKind(row.kind), row.country, row.category, row.authority, row.reference, row.note,
        row.received_at,
    )  # fmt: skip
    return MatterView(row.id, form, row.acknowledged_at, row.closed_at, row.outcome)
