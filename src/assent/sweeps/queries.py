"""Reads policy versions and sweeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, QuerySet, Sum

from assent.core.screening.policy import Policy, Rule
from assent.core.terms import ItemKind, ItemState, Outcome, SweepOutcome, SweepState
from assent.sweeps.models import PolicyVersion, Sweep, SweepResult


@dataclass(frozen=True, slots=True)
class SweepView:
    """A sweep with its counts by outcome. `changing` counts the items that it moved, or would;
    `ends` what became of those later."""

    id: str
    policy: str
    summary: str
    state: SweepState
    started_at: datetime
    finished_at: datetime | None
    cursor: str
    dry_run: bool
    paused: bool
    total: int
    settled_at: datetime | None
    counts: Mapping[str, int]
    changing: int
    ends: Mapping[str, int]
    downloads: int

    @property
    def done(self) -> int:
        """How many items have an outcome."""
        return sum(self.counts.values())

    @property
    def in_scope(self) -> int:
        """How many the new rules concern: all but those that were kept."""
        return self.done - self.counts.get(SweepOutcome.KEPT, 0)

    @property
    def scale(self) -> int:
        """The end of its progress bar: items made since its start are swept too."""
        return max(self.total, self.done, 1)


@dataclass(frozen=True, slots=True)
class ResultView:
    """Where a sweep left, or would leave, one item."""

    id: int
    item: str
    kind: ItemKind
    owner: int
    title: str
    outcome: SweepOutcome
    rule: str
    before: ItemState
    after: ItemState
    at: datetime


@dataclass(frozen=True, slots=True)
class VersionView:
    """A policy version that is kept; `announced_at` is None for a draft."""

    id: str
    starts_at: datetime
    announced_at: datetime | None
    policy: Policy


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
    state = SweepState.SHADOW if dry_run else SweepState.RUNNING
    row = (
        Sweep.objects.select_related("policy")
        .filter(policy_id=policy_id, state=state, dry_run=dry_run)
        .first()
    )
    return _view(row) if row else None


def is_previewed(policy_id: str) -> bool:
    """Return whether somebody has counted what a sweep under this version would do."""
    return Sweep.objects.filter(policy_id=policy_id, state=SweepState.PREVIEWED).exists()


def by_rule(sweep_id: str) -> list[tuple[str, str, int, int]]:
    """Return (outcome, rule, items, of them moved or to be moved), the most first."""
    rows = SweepResult.objects.filter(sweep_id=sweep_id)
    counted = rows.values_list("outcome", "rule").annotate(n=Count("id")).order_by("-n", "rule")
    moved = {
        (outcome, rule): n
        for outcome, rule, n in rows.exclude(after=F("before"))
        .values_list("outcome", "rule")
        .annotate(n=Count("id"))
    }
    return [(o, rule, n, moved.get((o, rule), 0)) for o, rule, n in counted]


def sample(sweep_id: str, size: int = 20) -> list[ResultView]:
    """Return a random sample of what it changes; another one each time."""
    return [_result(row) for row in _moved(sweep_id).order_by("?")[:size]]


def to_end(sweep_id: str, limit: int) -> list[ResultView]:
    """Return the next results whose item was moved and of which nothing became yet."""
    return [_result(row) for row in _moved(sweep_id).filter(end="").order_by("id")[:limit]]


def _moved(sweep_id: str) -> QuerySet[SweepResult]:
    rows = SweepResult.objects.filter(sweep_id=sweep_id).exclude(after=F("before"))
    return rows.select_related("item").exclude(after="")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A sweep that goes on, and those of the items asked about that have no result under it."""

    started_at: datetime
    policy: Policy
    items: frozenset[str]


def waiting_for(item_ids: Iterable[str]) -> Waiting | None:
    """Return which of these items wait for their outcome under the version that was announced;
    None where no sweep goes on."""
    row = Sweep.objects.select_related("policy").filter(state=SweepState.RUNNING).first()
    if row is None:
        return None
    ids = frozenset(item_ids)
    done = SweepResult.objects.filter(sweep=row, item_id__in=ids)
    left = ids - set(done.values_list("item_id", flat=True))
    return Waiting(row.started_at, _policy(row.policy), left)


def versions() -> list[VersionView]:
    """Return every policy version that is kept, oldest first."""
    rows = PolicyVersion.objects.order_by("starts_at", "id")
    return [VersionView(r.id, r.starts_at, r.announced_at, _policy(r)) for r in rows]


def policy_of(sweep_id: str) -> Policy:
    """Return the rules that a sweep applies, as they were kept at its start."""
    return _policy(Sweep.objects.select_related("policy").get(id=sweep_id).policy)


def _policy(row: PolicyVersion) -> Policy:
    kept = row.rules
    rules = tuple(_rule(rule) for rule in kept["rules"])
    return Policy(row.id, row.starts_at.date(), kept["possible"], kept["likely"], rules)


# Rows of earlier releases kept every value as a text.
_TRUTHS = {"True": True, "False": False}


def _rule(kept: Mapping[str, Any]) -> Rule:
    return Rule(
        kept["id"],
        {n: frozenset(_TRUTHS.get(str(v), v) for v in vs) for n, vs in kept["when"].items()},
        frozenset(kept["signals"]),
        Outcome(kept["outcome"]),
        kept["code"],
        kept.get("sentence", kept["code"]),
    )


def _result(row: SweepResult) -> ResultView:
    assert row.at is not None
    return ResultView(
        row.id,
        row.item_id,
        ItemKind(row.item.kind),
        row.item.owner_id,
        row.item.title,
        SweepOutcome(row.outcome),
        row.rule,
        ItemState(row.before),
        ItemState(row.after),
        row.at,
    )


def _view(row: Sweep) -> SweepView:
    counts = dict(row.results.values_list("outcome").annotate(n=Count("id")))
    moved = _moved(row.id).order_by()
    ends = dict(moved.exclude(end="").values_list("end").annotate(n=Count("id")))
    taken = row.results.filter(outcome=SweepOutcome.REMOVED).aggregate(n=Sum("downloads"))
    return SweepView(
        row.id,
        row.policy_id,
        row.policy.summary,
        SweepState(row.state),
        row.started_at,
        row.finished_at,
        row.cursor,
        row.dry_run,
        row.paused,
        row.total,
        row.settled_at,
        counts,
        moved.count(),
        ends,
        taken["n"] or 0,
    )
