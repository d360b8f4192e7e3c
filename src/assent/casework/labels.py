"""Reads what people decided on held items and nobody changed, for measuring screening by it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from assent.casework.looks import DID
from assent.casework.models import CaseItem, Decision
from assent.core.casework import Placement
from assent.core.terms import ItemState

_GONE = [state for state in ItemState if state.is_gone]


def standing_decisions(first: datetime, before: datetime) -> Iterator[tuple[str, Placement]]:
    """Yield (item, where a person put it) for each held item decided in this time: unless it is or
    was in a case, was taken down, or was decided again since."""
    same = Q(item_id=OuterRef("item_id")) & ~Q(id=OuterRef("id"))
    again = Decision.objects.filter(same, at__gte=OuterRef("at"))
    in_a_case = CaseItem.objects.filter(item_id=OuterRef("item_id"))
    rows = Decision.objects.filter(at__gte=first, at__lt=before, rule__in=DID, case=None)
    rows = rows.exclude(actor=None).exclude(item=None).exclude(item__state__in=_GONE)
    rows = rows.filter(~Exists(again), ~Exists(in_a_case)).order_by("at", "id")
    for item, rule in rows.values_list("item_id", "rule").iterator():
        yield item, DID[rule]
