"""Track a bounty or a listing, or stop: what happens to it is then told as news."""

from __future__ import annotations

from assent.catalogue import queries
from assent.core.access import Verb
from assent.core.terms import Refused
from assent.gateways import clock
from assent.people.queries import Member
from assent.watching import save


def track_item(member: Member, item_id: str, *, track: bool) -> None:
    """Track an item or stop tracking it, or refuse. Stopping works for what is gone as well."""
    # load
    if not track:
        save.untrack(member.id, item_id)
        return
    seen = queries.item_facts(item_id)
    if seen is None:
        raise Refused(queries.NOTHING_HERE)
    # think
    queries.require(member.person, Verb.TRACK, seen[1])
    # save
    save.track(member.id, item_id, clock.now())
