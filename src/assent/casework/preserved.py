"""Reads what is preserved of what shows apparent minors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from assent.casework.models import CaseItem, Preserved
from assent.core.terms import ItemKind


@dataclass(frozen=True, slots=True)
class PreservedView:
    """A preserved file: never what is in it. `case` is the random key of its case."""

    file: str
    item: str
    case: str
    sha256: str
    size: int
    at: datetime
    until: datetime
    sealed_at: datetime | None
    erased_at: datetime | None


def everything_preserved() -> list[PreservedView]:
    """Return what is preserved and what was, the latest first."""
    return [_view(row) for row in Preserved.objects.order_by("-at", "file")]


def preserved_in(case_key: str) -> list[PreservedView]:
    """Return what is preserved of one case."""
    return [_view(row) for row in Preserved.objects.filter(case=case_key).order_by("file")]


def preserved(file_id: str) -> PreservedView | None:
    """Return one preserved file, or None."""
    row = Preserved.objects.filter(file=file_id).first()
    return _view(row) if row else None


@dataclass(frozen=True, slots=True)
class Named:
    """An item of a case: who put it here, and when."""

    id: str
    kind: ItemKind
    owner: int
    created_at: datetime


def items_of_case(case_key: str) -> list[Named]:
    """Return the items of a case, the oldest first."""
    rows = CaseItem.objects.filter(case_id=case_key).select_related("item")
    return [
        Named(r.item_id, ItemKind(r.item.kind), r.item.owner_id, r.item.created_at)
        for r in rows.order_by("item__created_at", "id")
    ]


def minors_cases(item_ids: Iterable[str]) -> dict[str, str]:
    """Return which of these items belong to a case about an apparent minor, each with its key."""
    rows = CaseItem.objects.filter(item_id__in=list(item_ids), case__under_18=True)
    return dict(rows.values_list("item_id", "case_id"))


def unsealed() -> list[str]:
    """Return the ids of files that wait to be sealed."""
    rows = Preserved.objects.filter(sealed_at=None, erased_at=None)
    return list(rows.values_list("file", flat=True))


def due(at: datetime) -> list[str]:
    """Return the ids of files that were preserved long enough."""
    rows = Preserved.objects.filter(until__lte=at, erased_at=None)
    return list(rows.values_list("file", flat=True))


def _view(row: Preserved) -> PreservedView:
    return PreservedView(
        row.file, row.item, row.case, row.sha256, row.size, row.at, row.until, row.sealed_at,
        row.erased_at,
    )  # fmt: skip
