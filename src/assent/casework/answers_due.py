"""How long complaints, objections and reports take: counts alone, for the evidence that card
networks ask for."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Manager, Q

from assent.casework.models import Appeal, Case, Complaint, Report


def answers_since(since: datetime, at: datetime, within: timedelta) -> tuple[int, int]:
    """Return how many came in since then or are still open, and how many of these took longer than
    `within`, or do."""
    asked: list[Manager[Any]] = [Complaint.objects, Appeal.objects, Report.objects]
    total = late = 0
    for rows in asked:
        found = rows.filter(Q(at__gte=since) | Q(answered_at=None))
        slow = Q(answered_at__gt=F("at") + within) | Q(answered_at=None, at__lt=at - within)
        total += found.count()
        late += found.filter(slow).count()
    return total, late


def unexplained(at: datetime) -> int:
    """Return how many cases missed their clock and nobody has said why."""
    late = Q(decided_at__gt=F("deadline")) | Q(decided_at=None, deadline__lt=at)
    return Case.objects.filter(late, late_because="").count()
