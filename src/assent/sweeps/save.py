"""Writes policy versions, sweeps and their results."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from assent.core.screening.policy import Policy
from assent.core.terms import Refusal, RefusalKind, Refused, SweepOutcome, SweepState
from assent.sweeps.models import PolicyVersion, Sweep, SweepResult


def put_policy(policy: Policy, *, by: int | None, at: datetime) -> None:
    """Insert a policy version; an announced one is never edited."""
    PolicyVersion.objects.get_or_create(
        id=policy.id,
        defaults={
            "starts_at": datetime.combine(policy.starts_at, time(), UTC),
            "summary": f"Rules in order: {', '.join(rule.id for rule in policy.rules)}"[:500],
            "rules": _record(policy),
            "announced_at": at,
            "announced_by_id": by,
        },
    )


def _record(policy: Policy) -> dict[str, Any]:
    rules = [
        {
            "id": rule.id,
            "when": {name: sorted(map(str, values)) for name, values in rule.when.items()},
            "signals": sorted(rule.signals),
            "outcome": rule.outcome,
            "code": rule.code,
        }
        for rule in policy.rules
    ]
    return {"possible": policy.possible, "likely": policy.likely, "rules": rules}


def add_sweep(sweep_id: str, policy_id: str, at: datetime, *, dry_run: bool) -> None:
    """Insert a sweep that is running."""
    Sweep.objects.create(
        id=sweep_id, policy_id=policy_id, state=SweepState.RUNNING, started_at=at, dry_run=dry_run
    )


def add_result(sweep_id: str, item_id: str, outcome: SweepOutcome, rule: str) -> None:
    """Insert where the sweep left an item, and move the cursor past it."""
    SweepResult.objects.create(sweep_id=sweep_id, item_id=item_id, outcome=outcome, rule=rule)
    Sweep.objects.filter(id=sweep_id).update(cursor=item_id)


def finish(sweep_id: str, at: datetime) -> None:
    """Mark a running sweep done, or refuse."""
    running = Sweep.objects.filter(id=sweep_id, state=SweepState.RUNNING)
    if not running.update(state=SweepState.DONE, finished_at=at):
        raise Refused(
            Refusal("sweep_not_running", "This sweep is not running.", RefusalKind.CONFLICT)
        )
