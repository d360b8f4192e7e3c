"""Undo a sweep: what it moved returns to the state that it was in. The money had only waited."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assent.casework import save as casework
from assent.casework.waiting import under_notice
from assent.catalogue import context
from assent.catalogue import save as catalogue
from assent.consent.queries import grant_terms
from assent.core.access import Actor
from assent.core.casework import Placement, Ruling
from assent.core.consent.cover import in_force
from assent.core.settlement import Effects, Move, Tell
from assent.core.sweep import moves_back
from assent.core.terms import ItemState, Refusal, RefusalKind, Refused, SweepState
from assent.effects.apply import apply
from assent.gateways import clock
from assent.gateways.keys import new_item_id
from assent.gateways.queue import enqueue
from assent.journal.append import Event
from assent.sweeps import queries, save
from assent.sweeps.queries import ResultView

BATCH = 200
_TOO_LATE = Refusal(
    "sweep_final",
    "This sweep cannot be undone. It is a preview, or its removals are final: their files are "
    "deleted, and credits are back with those who paid.",
    RefusalKind.CONFLICT,
)
_RESTORED = Ruling(
    Placement.PUBLISH, "sweep.undone", "sweep_undone", "", "The sweep that moved it was undone."
)


def undo_sweep(sweep_id: str, *, by: Actor) -> int:
    """Restore every item that the sweep moved and return how many, or refuse. What somebody else
    has decided, named in a takedown notice or withdrawn meanwhile is left where it is. Killed, it
    goes on when it is called again."""
    found = queries.sweep(sweep_id)
    if found is None or (found.state is not SweepState.UNDONE and not _begin(sweep_id, by)):
        raise Refused(_TOO_LATE)
    done = 0
    while results := queries.to_end(sweep_id, BATCH):
        with transaction.atomic():
            at = clock.now()
            states = catalogue.lock_all(r.item for r in results)
            done += sum(_one(r, states[r.item], by, at) for r in results)
    return done


def begin_undo(sweep_id: str, *, by: Actor) -> None:
    """Stop the sweep and let the worker undo it, or refuse."""
    with transaction.atomic():
        if not _begin(sweep_id, by):
            raise Refused(_TOO_LATE)
        enqueue("undo_sweep", sweep_id=sweep_id)


def _begin(sweep_id: str, by: Actor) -> bool:
    with transaction.atomic():
        if not save.mark_undone(sweep_id):
            return False
        undone = Event("sweep.undone", sweep_id)
        apply(Effects(), by=by, rule="sweep.undone", at=clock.now(), events=(undone,))
    return True


def _one(result: ResultView, state: ItemState, by: Actor, at: datetime) -> bool:
    if state is not result.after or _claimed(result, at):
        save.end_result(result.id, "left")
        return False
    moves = tuple(Move(result.item, a, b) for a, b in moves_back(result.before, result.after))
    casework.add_decision(new_item_id(), _RESTORED, moves, actor=by.id, at=at, item=result.item)
    catalogue.restore_screening(result.item, result.at, at)
    told = Tell(result.owner, "restored", {"item": result.item, "kind": result.kind})
    apply(Effects(moves=moves, messages=(told,)), by=by, rule=_RESTORED.rule, at=at)
    save.end_result(result.id, "restored")
    return True


def _claimed(result: ResultView, at: datetime) -> bool:
    """Whether somebody else has a claim to its staying away: a notice, or a grant that ended."""
    grant_id = context.grant_behind(result.item)
    ended = grant_id is not None and not in_force(grant_terms(grant_id), at.date())
    return ended or under_notice(result.item)
