"""Carry a sweep, or its preview, to every item. Each batch is one transaction, so that a killed
sweep goes on where it stopped and does nothing twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from assent.catalogue import bulk, context
from assent.catalogue import save as catalogue
from assent.catalogue.context import ScanContext
from assent.catalogue.submissions import submission_of
from assent.core.access import WORKER
from assent.core.casework import Ruling, rule_on
from assent.core.screening.submission import Submission
from assent.core.screening.verdict import Verdict
from assent.core.settlement import Effects, Move, Tell
from assent.core.sweep import moves_for, outcome
from assent.core.terms import ItemState, SweepOutcome, SweepState
from assent.effects.apply import apply, ruled
from assent.effects.rescreened import Engine, engine
from assent.effects.screened import cover_for, keep_verdict, uses_of
from assent.gateways import clock
from assent.journal.append import Event
from assent.sweeps import queries, save
from assent.sweeps.queries import SweepView

BATCH = 200


@dataclass(frozen=True, slots=True)
class _Judged:
    """An item with its new verdict, and what follows from it."""

    found: ScanContext
    submission: Submission
    verdict: Verdict
    ruling: Ruling
    result: SweepOutcome
    moves: tuple[Move, ...]

    @property
    def after(self) -> ItemState:
        return self.moves[-1].after if self.moves else self.found.item.state


def run_sweep(
    sweep_id: str, progress: Callable[[int], None] = lambda done: None, *, workers: int = 1
) -> None:
    """Give every item an outcome under the sweep's policy, then mark the sweep done, or the preview
    counted. Nothing happens if it was done before, and a paused sweep stops after its batch."""
    found = queries.sweep(sweep_id)
    assert found is not None, f"no sweep {sweep_id}"
    if found.state not in (SweepState.RUNNING, SweepState.SHADOW) or found.paused:
        return
    policy, size = queries.policy_of(sweep_id), BATCH * workers
    cursor, done = found.cursor, found.done
    with engine(policy, clock.now().date(), workers) as screening:
        while item_ids := context.item_ids_after(cursor, size):
            if not _batch(found, cursor, item_ids, screening):
                return
            cursor, done = item_ids[-1], done + len(item_ids)
            progress(done)
    _finish(sweep_id, done)


def _finish(sweep_id: str, done: int) -> None:
    at = clock.now()
    with transaction.atomic():
        if save.finish(sweep_id, at):
            finished = Event("sweep.done", sweep_id, {"items": done})
            apply(Effects(), by=WORKER, rule="sweep.done", at=at, events=(finished,))


def _batch(sweep: SweepView, cursor: str, item_ids: list[str], screening: Engine) -> bool:
    """Do the next items; False where the sweep was paused or stopped meanwhile."""
    at = clock.now()
    # load and think, while nobody waits for us
    seen = bulk.scan_contexts(item_ids)
    verdicts = _verdicts(seen.values(), screening)
    with transaction.atomic():
        catalogue.lock_all(item_ids)
        fresh = bulk.scan_contexts(item_ids)
        verdicts |= _verdicts((f for i, f in fresh.items() if f != seen.get(i)), screening)
        judged = [_judge(fresh[i], *verdicts[i], at) for i in item_ids]
        # save
        if not save.add_results(sweep.id, cursor, _results(judged), at):
            return False
        if not sweep.dry_run:
            _carry_out([j for j in judged if j.moves], at)
    return True


def _verdicts(
    items: Iterable[ScanContext], screening: Engine
) -> dict[str, tuple[Submission, Verdict]]:
    records = [submission_of(f.item, f.work_type, f.files) for f in items]
    return {r.id: (r, verdict) for r, verdict in zip(records, screening(records), strict=True)}


def _judge(found: ScanContext, submission: Submission, verdict: Verdict, at: datetime) -> _Judged:
    item = found.item
    uses = uses_of(item.kind)
    cover = cover_for(verdict, found.grant, found.requester_key, found.work_type, at, uses)
    ruling = rule_on(verdict, cover)
    result = outcome(item.state, ruling, covered=cover.covered)
    moves = tuple(Move(item.id, a, b) for a, b in moves_for(item.kind, item.state, result))
    return _Judged(found, submission, verdict, ruling, result, moves)


def _results(judged: Sequence[_Judged]) -> list[save.NewResult]:
    taken = bulk.takers_count(j.found.item.id for j in judged if j.result is SweepOutcome.REMOVED)
    return [
        save.NewResult(
            j.found.item.id,
            j.result,
            j.ruling.rule,
            j.found.item.state,
            j.after,
            taken.get(j.found.item.id, 0),
        )
        for j in judged
    ]


def _carry_out(judged: Sequence[_Judged], at: datetime) -> None:
    for one in judged:
        keep_verdict(one.submission, one.verdict, one.ruling, one.moves, at)
        event = ruled(one.found.item.id, one.ruling)
        apply(Effects(moves=one.moves), by=WORKER, rule=one.ruling.rule, at=at, events=(event,))
    apply(Effects(messages=_letters(judged)), by=WORKER, rule="sweep.done", at=at)


def _letters(judged: Sequence[_Judged]) -> tuple[Tell, ...]:
    """One letter for each owner and batch, however many of their items are in it."""
    counts = Counter(j.found.item.owner for j in judged)
    return tuple(Tell(owner, "swept", {"count": n}) for owner, n in sorted(counts.items()))
