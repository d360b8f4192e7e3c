"""A case worker found something that a notice only described: it joins the case, hidden at once."""

from __future__ import annotations

from django.db import transaction

from assent.casework import queries as cases
from assent.casework import save as casework
from assent.catalogue import context, queries
from assent.catalogue import save as catalogue
from assent.consent import save as consent
from assent.core.access import Actor
from assent.core.casework import UNDECIDED, Placement, Ruling, locate
from assent.core.settlement import Effects, Move
from assent.core.terms import CaseState, ItemState, Refusal, Refused
from assent.effects.apply import apply
from assent.gateways import clock
from assent.gateways.keys import new_item_id
from assent.gateways.secrets import KEY_VERSION, file_digests
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
        with_parts = [*found, *context.entries_of(found)]
        every = [*with_parts, *context.exact_copies(with_parts)]
        moves = tuple(
            Move(item, state, ItemState.HIDDEN)
            for item, state in catalogue.lock_all(every).items()
            if not state.is_gone
        )
        # save
        casework.add_case_items(file.status.key, every, "search", at)
        casework.add_decision(
            new_item_id(), FOUND, moves, actor=moderator.id, at=at, case=file.status.key
        )
        pairs = [p for f in queries.files_of(every) for p in file_digests(f.sha256, f.tensor_hash)]
        consent.add_staydown(pairs, file.status.key, KEY_VERSION, at)
        joined = Event("case.joined", file.status.key, {"items": len(every)})
        by = Actor(moderator.key, moderator.id)
        apply(Effects(moves=moves), by=by, rule=FOUND.rule, at=at, events=(joined,))
    return len(every)
