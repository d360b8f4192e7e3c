"""A decision on one held item, as a page of one, a page of many and their preview need it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from assent.casework import save as casework
from assent.casework import save_looks
from assent.casework.leases import require_mine_or_free
from assent.casework.looks import require_no_opinion
from assent.catalogue import context, queries
from assent.catalogue import save as catalogue
from assent.catalogue.context import ScanContext
from assent.catalogue.submissions import submission_of
from assent.consent.queries import staydown_hits
from assent.core.access import Actor, Verb
from assent.core.bulk import Pledged
from assent.core.casework import Placement, Ruling, approval_refusal
from assent.core.quality import is_drawn
from assent.core.screening.policies import default_policy
from assent.core.screening.screen import screen
from assent.core.settlement import (
    Effects,
    PledgeFacts,
    Tell,
    placing,
    refunding,
    releasing,
)
from assent.core.terms import ItemKind, ItemState, Refusal, RefusalKind, Refused
from assent.effects.apply import apply, ruled
from assent.effects.protected import protected_names
from assent.effects.screened import cover_for, uses_of
from assent.effects.stopped import stopped
from assent.gateways.keyring import file_lookups
from assent.gateways.keys import new_item_id
from assent.gateways.secrets import day_salt
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


def ruling_of(reason: str, *, approve: bool) -> Ruling:
    """Return a moderator's ruling, or refuse where a refusal has no reason."""
    if not approve and not 0 < len(reason) <= REASON_MAX:
        raise Refused(_NO_REASON)
    if approve:
        return Ruling(Placement.PUBLISH, "moderator.approved", "ok", "", reason[:REASON_MAX])
    return Ruling(Placement.REFUSE, "moderator.refused", "refused_by_moderator", "", reason)


def begin(moderator: Member, item_id: str, at: datetime) -> ScanContext:
    """Hold a held item's row and return what is known of it, or refuse: it moved on, somebody else
    works on it, or a colleague is being asked. Must run inside a transaction."""
    require_mine_or_free(f"item:{item_id}", moderator.id, at)
    catalogue.lock(item_id, ItemState.HELD)
    require_no_opinion(item_id)
    return context.scan_context(item_id)


def finish(
    moderator: Member, found: ScanContext, ruling: Ruling, at: datetime
) -> tuple[str, tuple[Pledged, ...]]:
    """Write a decision with all its effects, draw whether somebody else looks at it too, and
    return its id with what happened to the pledges; or refuse what nobody may publish."""
    item = found.item
    if ruling.placement is Placement.PUBLISH:
        refusal = refused_approval(found, at)
        if refusal:
            raise Refused(refusal)
    effects = _effects(found, ruling, pledges_behind(found))
    decision = new_item_id()
    casework.add_decision(decision, ruling, effects.moves, actor=moderator.id, at=at, item=item.id)
    if is_drawn(decision, day_salt("quality", at.date()), settings.QUALITY_SHARE):
        save_looks.draw(decision, at)
    by = Actor(moderator.key, moderator.id)
    apply(effects, by=by, rule=ruling.rule, at=at, events=(ruled(item.id, ruling),))
    return decision, tuple(Pledged(*moved) for moved in effects.pledge_moves)


def require_may_decide(moderator: Member, item_id: str) -> None:
    """Refuse what somebody may not decide: what they cannot see, and their own."""
    seen = queries.item_facts(item_id)
    if seen is None:
        raise Refused(queries.NOTHING_HERE)
    queries.require(moderator.person, Verb.DECIDE, seen[1])


def refused_approval(found: ScanContext, at: datetime) -> Refusal | None:
    """Return why not even a moderator may publish this now, or None."""
    if found.still_waiting:
        return _NOT_SCANNED
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
    return approval_refusal(verdict, cover, hits_of(found))


def hits_of(found: ScanContext) -> list[bool]:
    """Return a value for each file of it that equals something under a takedown request: True
    where that was decided."""
    return staydown_hits(d for f in found.files for d in file_lookups(f.sha256, f.tensor_hash))


def mark_of(found: ScanContext) -> str:
    """Return a mark of what somebody sees of an item: another one once anything of it changes."""
    item = found.item
    files = sorted((f.id, f.state.value, f.sha256) for f in found.files)
    seen = (item.state.value, item.title, item.description, item.tags, files, found.grant)
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]


def pledges_behind(found: ScanContext) -> list[PledgeFacts]:
    """Return the pledges that a decision on this item moves: none but a bounty's."""
    return queries.pledges_of(found.item.id) if found.item.kind is ItemKind.BOUNTY else []


def _effects(found: ScanContext, ruling: Ruling, pledges: Sequence[PledgeFacts]) -> Effects:
    item = found.item
    public = ItemState.OPEN if item.kind is ItemKind.BOUNTY else ItemState.PUBLISHED
    moved = placing(item.id, ItemState.HELD, ruling.placement, public)
    approved = ruling.placement is Placement.PUBLISH
    template = "published" if approved else "refused"
    told = Effects(messages=(Tell(item.owner, template, {"item": item.id, "kind": item.kind}),))
    if item.kind is ItemKind.LISTING and not approved:
        return moved + told + stopped([(item.id, item.kind)])
    return moved + told + (releasing(pledges) if approved else refunding(pledges))
