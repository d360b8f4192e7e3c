"""Before anything is served: whatever was taken down is taken down in this database too, even if it
was restored from a backup of before."""

from __future__ import annotations

from django.db import transaction

from assent.casework import save as casework
from assent.catalogue import context
from assent.catalogue import save as catalogue
from assent.consent import save as consent
from assent.consent.queries import watched_cases
from assent.core.access import WORKER
from assent.core.casework import Placement, Ruling
from assent.core.settlement import Effects, Move
from assent.core.standing import standing
from assent.core.terms import ItemState
from assent.effects.apply import apply
from assent.gateways import clock
from assent.gateways import standing as log
from assent.gateways.keys import new_item_id

REAPPLIED = Ruling(Placement.HOLD, "takedown.reapplied", "hidden_on_request", "", "")


def reapply_takedowns() -> int:
    """Hide what the log says is gone and watch for what it says is watched for; return how many
    items that hid. On a database that was never set back there is nothing to do."""
    at = clock.now()
    found = standing(log.lines())
    missing = set(found.digests) - watched_cases(found.digests)
    with transaction.atomic():
        states = catalogue.lock_all(context.known_ids(tuple(sorted(found.gone))))
        live = [i for i, state in states.items() if not state.is_gone]
        moves = tuple(Move(i, states[i], ItemState.HIDDEN) for i in live)
        for case in sorted(missing):
            digests = sorted(found.digests[case], key=lambda d: d.digest)
            consent.add_staydown(digests, case, at, decided=case in found.decided)
        if moves:
            casework.add_decision(new_item_id(), REAPPLIED, moves, actor=None, at=at)
            apply(Effects(moves=moves), by=WORKER, rule=REAPPLIED.rule, at=at)
    return len(moves)
