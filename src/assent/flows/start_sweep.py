"""Announce a policy version and start its sweep, or go on with one that was interrupted."""

from __future__ import annotations

from django.db import transaction

from assent.core.access import Actor
from assent.core.screening.policies import default_policy
from assent.core.settlement import Effects
from assent.core.terms import Refusal, RefusalKind, Refused
from assent.effects.apply import apply
from assent.gateways import clock
from assent.gateways.keys import new_item_id
from assent.journal.append import Event
from assent.sweeps import queries, save


def start_sweep(policy_id: str, *, dry_run: bool, by: Actor) -> str:
    """Return the id of a running sweep under this policy version, or refuse an unknown one."""
    # load
    at = clock.now()
    policy = default_policy()
    # think
    if policy_id != policy.id:
        raise Refused(
            Refusal(
                "unknown_policy",
                f"There is no policy version {policy_id}. In force: {policy.id}.",
                RefusalKind.NOT_FOUND,
            )
        )
    going = queries.unfinished(policy_id, dry_run=dry_run)
    if going is not None:
        return going.id
    # save
    sweep_id = new_item_id()
    with transaction.atomic():
        save.put_policy(policy, by=by.id, at=at)
        save.add_sweep(sweep_id, policy_id, at, dry_run=dry_run)
        started = Event("sweep.started", sweep_id, {"policy": policy_id, "dry_run": dry_run})
        apply(Effects(), by=by, rule="policy.announced", at=at, events=(started,))
    return sweep_id
