"""Carry a sweep to every item. Each item is one transaction, so a killed sweep goes on where it
stopped and does nothing twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from django.db import transaction

from assent.catalogue import context
from assent.catalogue import save as catalogue
from assent.catalogue.submissions import submission_of
from assent.catalogue.values import FileView, ItemView
from assent.consent import save as consent
from assent.core.access import WORKER
from assent.core.casework import rule_on
from assent.core.screening.policies import default_policy
from assent.core.screening.screen import screen
from assent.core.settlement import Effects, Move
from assent.core.sweep import moves_for, outcome
from assent.core.terms import ItemState, SweepOutcome, SweepState
from assent.effects.apply import apply, ruled
from assent.effects.protected import protected_names
from assent.effects.screened import cover_for, keep_verdict, uses_of
from assent.effects.stopped import stopped
from assent.gateways import clock, storage
from assent.gateways.secrets import KEY_VERSION, file_digests
from assent.journal.append import Event
from assent.sweeps import queries, save

BATCH = 200


def run_sweep(sweep_id: str, progress: Callable[[int], None] = lambda done: None) -> None:
    """Give every item an outcome under the sweep's policy, then mark the sweep done; nothing
    happens if it was done before."""
    found = queries.sweep(sweep_id)
    assert found is not None, f"no sweep {sweep_id}"
    if found.state is not SweepState.RUNNING:
        return
    cursor, done = found.cursor, found.done
    while item_ids := context.item_ids_after(cursor, BATCH):
        for item_id in item_ids:
            _one(sweep_id, item_id, dry_run=found.dry_run)
            cursor, done = item_id, done + 1
            progress(done)
    at = clock.now()
    with transaction.atomic():
        save.finish(sweep_id, at)
        finished = Event("sweep.done", sweep_id, {"items": done})
        apply(Effects(), by=WORKER, rule="sweep.done", at=at, events=(finished,))


def _one(sweep_id: str, item_id: str, *, dry_run: bool) -> None:
    at = clock.now()
    with transaction.atomic():
        catalogue.lock_any(item_id)
        found = context.scan_context(item_id)
        submission = submission_of(found.item, found.work_type, found.files)
        verdict = screen(submission, default_policy(), at=at.date(), protected=protected_names())
        cover = cover_for(
            verdict,
            found.grant,
            found.requester_key,
            found.work_type,
            at,
            uses_of(found.item.kind),
        )
        ruling = rule_on(verdict, cover)
        result = outcome(found.item.state, ruling, covered=cover.covered)
        save.add_result(sweep_id, item_id, result, ruling.rule)
        moves = _moves(found.item, result)
        if moves and not dry_run:
            keep_verdict(submission, verdict, ruling, moves, at)
            event = ruled(item_id, ruling)
            apply(_effects(found.item, moves), by=WORKER, rule=ruling.rule, at=at, events=(event,))
            if moves[-1].after is ItemState.REMOVED:
                _keep_away(sweep_id, found.files, at)


def _keep_away(sweep_id: str, files: Sequence[FileView], at: datetime) -> None:
    """What a sweep removes stays down, and its bytes go once the removal stands."""
    pairs = [p for f in files for p in file_digests(f.sha256, f.tensor_hash)]
    consent.add_staydown(pairs, sweep_id, KEY_VERSION, at, decided=True)
    for stored in files:
        transaction.on_commit(partial(storage.drop, stored.id))


def _moves(item: ItemView, result: SweepOutcome) -> tuple[Move, ...]:
    return tuple(Move(item.id, a, b) for a, b in moves_for(item.kind, item.state, result))


def _effects(item: ItemView, moves: tuple[Move, ...]) -> Effects:
    if moves[-1].after is ItemState.REMOVED:
        return Effects(moves=moves) + stopped([(item.id, item.kind)])
    return Effects(moves=moves)
