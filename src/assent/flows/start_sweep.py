"""Count what a policy version would change, or announce it and start its sweep; or go on with one
that was interrupted."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assent.catalogue.bulk import item_count
from assent.core.access import Actor
from assent.core.screening.policies import default_policy, shipped_policies
from assent.core.screening.policy import Policy
from assent.core.settlement import Effects
from assent.core.terms import Refusal, RefusalKind, Refused
from assent.effects.apply import apply
from assent.gateways import clock
from assent.gateways.keys import new_item_id
from assent.gateways.queue import enqueue
from assent.journal.append import Event
from assent.sweeps import queries, save

_NOT_COUNTED = Refusal(
    "no_preview",
    "Nobody has counted yet what this would change. Make a preview first, and look at its sample.",
    RefusalKind.CONFLICT,
)


def start_sweep(
    policy_id: str,
    *,
    dry_run: bool,
    by: Actor,
    draft: Policy | None = None,
    queued: bool = False,
) -> str:
    """Return the id of a running sweep, or of a preview (`dry_run`), under this policy version.

    A preview may also be of a `draft`, which is no version of this marketplace yet. A sweep is
    refused under any version but the one that new submissions are screened under, and before a
    preview of it was counted. `queued` leaves the work to the worker.
    """
    # load and think
    at = clock.now()
    policy = _version(policy_id, dry_run=dry_run, draft=draft)
    # save
    with transaction.atomic():
        going = queries.unfinished(policy_id, dry_run=dry_run)
        if going is not None:
            return going.id
        if not dry_run and not queries.is_previewed(policy_id):
            raise Refused(_NOT_COUNTED)
        sweep_id = _start(policy, dry_run=dry_run, by=by, at=at)
        if queued:
            enqueue("run_sweep", sweep_id=sweep_id)
    return sweep_id


def _version(policy_id: str, *, dry_run: bool, draft: Policy | None) -> Policy:
    known = {policy.id: policy for policy in shipped_policies()}
    if draft is not None and dry_run:
        known.setdefault(draft.id, draft)
    in_force = default_policy().id
    if policy_id not in known or (not dry_run and policy_id != in_force):
        raise Refused(
            Refusal(
                "unknown_policy",
                f"There is no policy version {policy_id} to sweep under. In force: {in_force}.",
                RefusalKind.NOT_FOUND,
            )
        )
    return draft if draft is not None and dry_run else known[policy_id]


def _start(policy: Policy, *, dry_run: bool, by: Actor, at: datetime) -> str:
    sweep_id = new_item_id()
    if dry_run:
        save.put_policy(policy)
    else:
        save.put_policy(policy, by=by.id, at=at)
    save.add_sweep(sweep_id, policy.id, at, dry_run=dry_run, total=item_count())
    started = Event("sweep.started", sweep_id, {"policy": policy.id, "dry_run": dry_run})
    apply(Effects(), by=by, rule="policy.announced", at=at, events=(started,))
    return sweep_id
