"""Reads decisions on several items at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assent.casework.models import BulkDecision, BulkItem, Effect
from assent.core.bulk import Pledged, can_undo
from assent.core.ledger import PledgeState
from assent.core.terms import ItemKind, ItemState, Refusal, RefusalKind, Refused

_UNKNOWN = Refusal("not_found", "There is nothing here that you can see.", RefusalKind.NOT_FOUND)


@dataclass(frozen=True, slots=True)
class BulkPart:
    """An item of such a decision. `decision` is None for one that was skipped."""

    item: str
    kind: ItemKind
    title: str
    owner: int
    decision: str | None
    pledges: tuple[Pledged, ...]
    skipped: str
    left: str
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class BulkView:
    """One person's decision on several items."""

    id: str
    by: int
    by_name: str
    at: datetime
    approve: bool
    undone_at: datetime | None
    parts: tuple[BulkPart, ...]

    @property
    def decided(self) -> tuple[BulkPart, ...]:
        """What it decided."""
        return tuple(p for p in self.parts if p.decision)

    @property
    def skipped(self) -> tuple[BulkPart, ...]:
        """What it left out."""
        return tuple(p for p in self.parts if not p.decision)

    @property
    def left(self) -> tuple[BulkPart, ...]:
        """What the undo did not bring back."""
        return tuple(p for p in self.parts if p.left)

    @property
    def brought_back(self) -> tuple[BulkPart, ...]:
        """What the undo brought back."""
        return tuple(p for p in self.parts if p.undone_at)

    def can_undo(self, at: datetime) -> bool:
        """Whether it can still be taken back."""
        return self.undone_at is None and bool(self.decided) and can_undo(self.at, at)


def bulk(bulk_id: str) -> BulkView:
    """Return a decision on several items, or refuse. For staff: check before."""
    row = BulkDecision.objects.select_related("by").filter(id=bulk_id).first()
    if row is None:
        raise Refused(_UNKNOWN)
    parts = BulkItem.objects.select_related("item").filter(bulk=row).order_by("id")
    return BulkView(
        row.id, row.by_id, row.by.username, row.at, row.approve, row.undone_at,
        tuple(_part(part) for part in parts),
    )  # fmt: skip


def _part(row: BulkItem) -> BulkPart:
    pledges = (Pledged(i, PledgeState(a), PledgeState(b)) for i, a, b in row.pledges)
    return BulkPart(
        row.item_id, ItemKind(row.item.kind), row.item.title, row.item.owner_id, row.decision_id,
        tuple(pledges), row.skipped, row.left, row.undone_at,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Done:
    """What a decision did to an item, and whether anybody decided on it since or its owner
    objected."""

    at: datetime
    before: ItemState
    after: ItemState
    moved_since: bool


def done_by(decision_id: str, item: str) -> Done:
    """Return what a decision did to an item that it moved."""
    effects = Effect.objects.filter(item_id=item)
    own = effects.select_related("decision").get(decision_id=decision_id)
    since = effects.filter(id__gt=own.id).exists() or own.appeals.exists()
    return Done(own.decision.at, ItemState(own.before), ItemState(own.after), since)
