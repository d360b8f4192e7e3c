"""What would happen if several held items were decided at once. Nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from assent.casework.leases import lease_of
from assent.casework.looks import OPEN_OPINION, open_opinion, require_staff
from assent.catalogue import context
from assent.catalogue.values import ItemView
from assent.core.bulk import Outlook, count_refusal
from assent.core.leases import taken
from assent.core.terms import ItemState, Refusal, RefusalKind, Refused
from assent.effects.bulk import outlook
from assent.effects.held import require_may_decide
from assent.gateways import clock
from assent.people.queries import Member

_MOVED_ON = Refusal("changed", "It is not held any more.", RefusalKind.CONFLICT)


def preview_bulk(moderator: Member, item_ids: Sequence[str]) -> list[tuple[ItemView, Outlook]]:
    """Return each of these items, in their order, with what either decision would do to it; or
    refuse where they are none or too many. What is not there is left out."""
    require_staff(moderator.person)
    at = clock.now()
    ids = context.known_ids(tuple(item_ids))
    refusal = count_refusal(len(ids))
    if refusal:
        raise Refused(refusal)
    found = [context.scan_context(item_id) for item_id in ids]
    return [(one.item, outlook(one, _barred(moderator, one.item, at), at)) for one in found]


def _barred(moderator: Member, item: ItemView, at: datetime) -> Refusal | None:
    if item.state is not ItemState.HELD:
        return _MOVED_ON
    try:
        require_may_decide(moderator, item.id)
    except Refused as refused:
        return refused.refusal
    if open_opinion(item.id):
        return OPEN_OPINION
    return taken(lease_of(f"item:{item.id}", at), moderator.id)
