"""Reads policy versions and sweeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from assent.core.terms import SweepState
from assent.sweeps.models import Sweep


@dataclass(frozen=True, slots=True)
class SweepView:
    """A sweep with its counts by outcome."""

    id: str
    policy: str
    summary: str
    state: SweepState
    started_at: datetime
    finished_at: datetime | None
    cursor: str
    dry_run: bool
    counts: Mapping[str, int]

    @property
    def done(self) -> int:
        """How many items have an outcome."""
        return sum(self.counts.values())


def sweep(sweep_id: str) -> SweepView | None:
    """Return one sweep; None where there is none."""
    row = Sweep.objects.select_related("policy").filter(id=sweep_id).first()
    return _view(row) if row else None


def sweeps(limit: int = 20) -> list[SweepView]:
    """Return the latest sweeps, newest first."""
    rows = Sweep.objects.select_related("policy").order_by("-started_at")[:limit]
    return [_view(row) for row in rows]


def unfinished(policy_id: str, *, dry_run: bool) -> SweepView | None:
    """Return the sweep of this policy that was interrupted, so that it can go on."""
    row = (
        Sweep.objects.select_related("policy")
        .filter(policy_id=policy_id, state=SweepState.RUNNING, dry_run=dry_run)
        .first()
    )
    return _view(row) if row else None


def _view(row: Sweep) -> SweepView:
    counts = dict(row.results.values_list("outcome").annotate(n=Count("id")))
    return SweepView(
        row.id,
        row.policy_id,
        row.policy.summary,
        SweepState(row.state),
        row.started_at,
        row.finished_at,
        row.cursor,
        row.dry_run,
        counts,
    )
