"""Writes policy versions, sweeps and their results."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from assent.core.screening.policy import Policy
from assent.core.terms import (
    ItemState,
    Refusal,
    RefusalKind,
    Refused,
    SweepOutcome,
    SweepState,
)
from assent.sweeps.models import PolicyVersion, Sweep, SweepResult

_NOT_RUNNING = Refusal("sweep_not_running", "This sweep is not running.", RefusalKind.CONFLICT)
_EDITED = Refusal(
    "policy_edited",
    "A policy version with this id is kept already, and its rules are others. Give the new rules a "
    "new id.",
    RefusalKind.CONFLICT,
)


@dataclass(frozen=True, slots=True)
class NewResult:
    """Where a sweep left an item; `downloads` is how many log-ins had taken a copy."""

    item: str
    outcome: SweepOutcome
    rule: str
    before: ItemState
    after: ItemState
    downloads: int = 0


def put_policy(policy: Policy, *, by: int | None = None, at: datetime | None = None) -> None:
    """Keep a policy version, announced from `at` on where it is given. The rules behind an id are
    never edited."""
    row, _ = PolicyVersion.objects.get_or_create(
        id=policy.id,
        defaults={
            "starts_at": datetime.combine(policy.starts_at, time(), UTC),
            "summary": f"Rules in order: {', '.join(rule.id for rule in policy.rules)}"[:500],
            "rules": _record(policy),
        },
    )
    if _bare(row.rules) != _bare(_record(policy)):
        raise Refused(_EDITED)
    if at is not None and row.announced_at is None:
        row.announced_at, row.announced_by_id = at, by
        row.save(update_fields=["announced_at", "announced_by"])


def _record(policy: Policy) -> dict[str, Any]:
    rules = [
        {
            "id": rule.id,
            "when": {name: sorted(values, key=str) for name, values in rule.when.items()},
            "signals": sorted(rule.signals),
            "outcome": rule.outcome.value,
            "code": rule.code,
            "sentence": rule.sentence,
        }
        for rule in policy.rules
    ]
    return {"possible": policy.possible, "likely": policy.likely, "rules": rules}


def _bare(record: dict[str, Any]) -> list[object]:
    """What decides. Rows of earlier releases have no sentences, and their values as texts."""
    rules = [
        [r["id"], {n: sorted(map(str, v)) for n, v in r["when"].items()}, r["outcome"], r["code"]]
        for r in record["rules"]
    ]
    return [record["possible"], record["likely"], rules]


def add_sweep(sweep_id: str, policy_id: str, at: datetime, *, dry_run: bool, total: int) -> None:
    """Insert a sweep that is running, or a preview that is being counted."""
    state = SweepState.SHADOW if dry_run else SweepState.RUNNING
    Sweep.objects.create(
        id=sweep_id, policy_id=policy_id, state=state, started_at=at, dry_run=dry_run, total=total
    )


def add_results(sweep_id: str, cursor: str, results: Iterable[NewResult], at: datetime) -> bool:
    """Insert where the sweep left these items, and move the cursor past them; False, with nothing
    written, where the sweep was paused or stopped, or another worker has done them."""
    listed = list(results)
    going = Sweep.objects.filter(
        id=sweep_id, cursor=cursor, paused=False, state__in=(SweepState.RUNNING, SweepState.SHADOW)
    )
    if not going.update(cursor=listed[-1].item):
        return False
    rows = [
        SweepResult(
            sweep_id=sweep_id,
            item_id=r.item,
            outcome=r.outcome,
            rule=r.rule,
            before=r.before,
            after=r.after,
            downloads=r.downloads,
            at=at,
        )
        for r in listed
    ]
    SweepResult.objects.bulk_create(rows)
    return True


def finish(sweep_id: str, at: datetime) -> bool:
    """Mark a running sweep done, or a preview counted; False where it is not going on."""
    going = Sweep.objects.filter(id=sweep_id, paused=False)
    ended = going.filter(state=SweepState.RUNNING).update(state=SweepState.DONE, finished_at=at)
    return bool(
        ended
        or going.filter(state=SweepState.SHADOW).update(state=SweepState.PREVIEWED, finished_at=at)
    )


def pause(sweep_id: str, *, paused: bool) -> None:
    """Pause a sweep that runs, or let it go on; refuse where there is nothing to do."""
    rows = Sweep.objects.filter(id=sweep_id, state=SweepState.RUNNING, paused=not paused)
    if not rows.update(paused=paused):
        raise Refused(_NOT_RUNNING)


def mark_undone(sweep_id: str) -> bool:
    """From now on the sweep is undone and no runner goes on with it; False where that was so or
    cannot be: its removals are final, or it is a preview."""
    states = (SweepState.RUNNING, SweepState.DONE)
    rows = Sweep.objects.filter(id=sweep_id, state__in=states, settled_at=None, dry_run=False)
    return bool(rows.update(state=SweepState.UNDONE))


def mark_settled(sweep_id: str, at: datetime) -> bool:
    """From now on its removals are final; False where that was so, or the sweep is not done."""
    rows = Sweep.objects.filter(id=sweep_id, state=SweepState.DONE, settled_at=None)
    return bool(rows.update(settled_at=at))


def end_result(result_id: int, end: str) -> None:
    """Write what became of an item that the sweep had moved."""
    SweepResult.objects.filter(id=result_id).update(end=end)
