"""A case worker found something that a notice only described: it joins the case, hidden at once."""

from __future__ import annotations

from django.db import transaction

from assent.casework import queries as cases
from assent.casework import save as casework
from assent.catalogue import context
from assent.core.access import Actor
from assent.core.casework import Placement, Ruling
from assent.core.notices import UNDECIDED, locate
from assent.core.settlement import Effects, Tell
from assent.core.terms import CaseState, Refusal, Refused
from assent.effects.apply import apply
from assent.effects.hiding import hide, reach
from assent.gateways import clock
from assent.journal.append import Event
from assent.people.queries import Member

FOUND = Ruling(Placement.HOLD, "takedown.found_by_search", "hidden_on_request", "", "")
_NOTHING = Refusal(
    "no_such_item",
    "No item has this link or id.",
    fields={"item": "Paste the link of a bounty, an entry or a listing, or its id."},
)


def add_to_case(moderator: Member, number: str, where: str) -> int:
    """Hide the items at these links or ids, with their entries and exact copies, and join them to
    the case; return how many joined, or refuse."""
    # load
    at = clock.now()
    file = cases.case_file(moderator.person, number)
    with transaction.atomic():
        # Refuses a decided case, and holds its row, so that it is not decided without these.
        casework.move_case(file.status.key, UNDECIDED, CaseState.HIDDEN, at)
        # think
        found = context.known_ids(locate(where.splitlines()).ids)
        if not found:
            raise Refused(_NOTHING)
        # A person has looked, so no brake holds.
        every = reach(found, "search", budget=10_000)
        # save
        moves = hide(file.status.key, {"search": every.ids}, FOUND, actor=moderator.id, at=at)
        joined = Event("case.joined", file.status.key, {"items": len(every.ids)})
        by = Actor(moderator.key, moderator.id)
        told = (Tell(None, "case_hidden", case=file.status.key),)
        apply(Effects(moves=moves, messages=told), by=by, rule=FOUND.rule, at=at, events=(joined,))
    return len(every.ids)
