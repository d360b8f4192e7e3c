"""A moderator approves or refuses what is held."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assent.casework import save as casework
from assent.casework.leases import require_mine_or_free
from assent.catalogue import context, queries
from assent.catalogue import save as catalogue
from assent.catalogue.context import ScanContext
from assent.catalogue.submissions import submission_of
from assent.consent.queries import staydown_hits
from assent.core.access import Actor, Verb
from assent.core.casework import Placement, Ruling, approval_refusal
from assent.core.screening.policies import default_policy
from assent.core.screening.screen import screen
from assent.core.settlement import Effects, Tell, placing, refunding, releasing
from assent.core.terms import ItemKind, ItemState, Refusal, RefusalKind, Refused
from assent.effects.apply import apply, ruled
from assent.effects.protected import protected_names
from assent.effects.screened import cover_for, uses_of
from assent.gateways import clock
from assent.gateways.keyring import file_lookups
from assent.gateways.keys import new_item_id
from assent.people.queries import Member

REASON_MAX = 1000
_NOT_SCANNED = Refusal(
    "still_scanning",
    "Its files are still being scanned. Please decide when that is done.",
    RefusalKind.CONFLICT,
    retry=True,
)
_NO_REASON = Refusal(
    "reason_missing",
    "Say why: the person will read it.",
    fields={"reason": f"Write a reason of at most {REASON_MAX} characters."},
)


def decide_held(moderator: Member, item_id: str, *, approve: bool, reason: str) -> None:
    """Publish or refuse a held item, with the money that hangs on it, or refuse to."""
    # load
    at = clock.now()
    seen = queries.item_facts(item_id)
    if seen is None:
        raise Refused(queries.NOTHING_HERE)
    queries.require(moderator.person, Verb.DECIDE, seen[1])
    with transaction.atomic():
        require_mine_or_free(f"item:{item_id}", moderator.id, at)
        catalogue.lock(item_id, ItemState.HELD)
        found = context.scan_context(item_id)
        # think
        if approve:
            _check_approval(found, at)
        ruling = _ruling(approve, reason.strip())
        effects = _effects(found, ruling)
        # save
        casework.add_decision(
            new_item_id(), ruling, effects.moves, actor=moderator.id, at=at, item=item_id
        )
        by = Actor(moderator.key, moderator.id)
        apply(effects, by=by, rule=ruling.rule, at=at, events=(ruled(item_id, ruling),))


def _check_approval(found: ScanContext, at: datetime) -> None:
    if found.still_waiting:
        raise Refused(_NOT_SCANNED)
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
    hits = staydown_hits(d for f in found.files for d in file_lookups(f.sha256, f.tensor_hash))
    refusal = approval_refusal(verdict, cover, hits)
    if refusal:
        raise Refused(refusal)


def _ruling(approve: bool, reason: str) -> Ruling:
    if not approve and not 0 < len(reason) <= REASON_MAX:
        raise Refused(_NO_REASON)
    if approve:
        return Ruling(Placement.PUBLISH, "moderator.approved", "ok", "", reason[:REASON_MAX])
    return Ruling(Placement.REFUSE, "moderator.refused", "refused_by_moderator", "", reason)


def _effects(found: ScanContext, ruling: Ruling) -> Effects:
    item = found.item
    is_bounty = item.kind is ItemKind.BOUNTY
    public = ItemState.OPEN if is_bounty else ItemState.PUBLISHED
    moved = placing(item.id, ItemState.HELD, ruling.placement, public)
    approved = ruling.placement is Placement.PUBLISH
    template = "published" if approved else "refused"
    told = Effects(messages=(Tell(item.owner, template, {"item": item.id, "kind": item.kind}),))
    if not is_bounty:
        return moved + told
    pledges = queries.pledges_of(item.id)
    return moved + told + (releasing(pledges) if approved else refunding(pledges))
