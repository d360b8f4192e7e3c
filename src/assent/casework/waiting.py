"""Which items wait for the decision of a case."""

from __future__ import annotations

from assent.casework.models import CaseItem
from assent.core.terms import CaseState


def under_notice(item_id: str) -> bool:
    """Return whether the item belongs to a case that is open, or whose removal stands."""
    return CaseItem.objects.filter(item_id=item_id).exclude(case__state=CaseState.CLOSED).exists()
