"""Make the removals of a sweep final: files go, money is settled, copies are called back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db import transaction

from assent.casework import save as casework
from assent.casework.waiting import under_notice
from assent.catalogue import context
from assent.catalogue import queries as items
from assent.catalogue import save as catalogue
from assent.catalogue.values import FileView
from assent.consent import save as consent
from assent.core.access import Actor
from assent.core.casework import Placement, Ruling
from assent.core.settlement import Effects, Move, Tell
from assent.core.terms import ItemState, Refusal, RefusalKind, Refused, SweepOutcome
from assent.effects.apply import apply
from assent.effects.bytes import to_drop
from assent.effects.stopped import stopped
from assent.gateways import clock, storage
from assent.gateways.keyring import file_digests
from assent.gateways.keys import new_item_id
from assent.gateways.queue import enqueue
from assent.journal.append import Event
from assent.sweeps import queries, save
from assent.sweeps.queries import ResultView

BATCH = 100
_NOT_DONE = Refusal(
    "sweep_not_done",
    "Only the removals of a sweep that is done, and was not undone, can be made final.",
    RefusalKind.CONFLICT,
)
_FINAL = Ruling(
    Placement.REFUSE, "sweep.final", "sweep_final", "", "The rules do not allow it any more."
)


def settle_sweep(sweep_id: str, *, by: Actor) -> int:
    """Remove for good what the sweep hid as removed and return how many, or refuse. From here on
    it cannot be undone. Killed, it goes on when it is called again."""
    found = queries.sweep(sweep_id)
    if found is None or (found.settled_at is None and not _begin(sweep_id, by)):
        raise Refused(_NOT_DONE)
    done = 0
    while results := queries.to_end(sweep_id, BATCH):
        with transaction.atomic():
            at = clock.now()
            states = catalogue.lock_all(r.item for r in results)
            done += sum(_one(sweep_id, r, states[r.item], by, at) for r in results)
    return done


def begin_settling(sweep_id: str, *, by: Actor) -> None:
    """Make the removals final from now on and let the worker carry that out, or refuse."""
    with transaction.atomic():
        if not _begin(sweep_id, by):
            raise Refused(_NOT_DONE)
        enqueue("settle_sweep", sweep_id=sweep_id)


def _begin(sweep_id: str, by: Actor) -> bool:
    at = clock.now()
    with transaction.atomic():
        if not save.mark_settled(sweep_id, at):
            return False
        final = Event("sweep.settled", sweep_id)
        apply(Effects(), by=by, rule="sweep.final", at=at, events=(final,))
    return True


def _one(sweep_id: str, result: ResultView, state: ItemState, by: Actor, at: datetime) -> bool:
    """A moderator decides what needs review, and a case what a notice names: both are left."""
    is_ours = result.outcome is SweepOutcome.REMOVED and state is ItemState.HIDDEN
    if not is_ours or under_notice(result.item):
        save.end_result(result.id, "left")
        return False
    moves = (Move(result.item, ItemState.HIDDEN, ItemState.REMOVED),)
    told = tuple(
        Tell(user, "delete_copy", {"item": item}) for item, user in context.takers_of([result.item])
    )
    casework.add_decision(new_item_id(), _FINAL, moves, actor=by.id, at=at, item=result.item)
    effects = Effects(moves=moves, messages=told) + stopped([(result.item, result.kind)])
    apply(effects, by=by, rule=_FINAL.rule, at=at)
    _keep_away(sweep_id, items.files_of([result.item]), at)
    save.end_result(result.id, "settled")
    return True


def _keep_away(sweep_id: str, files: Sequence[FileView], at: datetime) -> None:
    """What a sweep removed stays down, and its bytes go once the removal stands."""
    digests = [d for f in files for d in file_digests(f.sha256, f.tensor_hash)]
    consent.add_staydown(digests, sweep_id, at, decided=True)
    for file_id in to_drop(files, at):
        transaction.on_commit(partial(storage.drop, file_id))
