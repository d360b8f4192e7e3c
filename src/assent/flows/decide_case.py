"""A case worker removes what a notice had hidden: for good, with the money that hangs on it."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from assent.casework import answers
from assent.casework import queries as cases
from assent.casework import save as casework
from assent.casework.leases import require_mine_or_free
from assent.catalogue import queries
from assent.consent import save as consent
from assent.consent.save_protected import settle_protected
from assent.core.access import Actor
from assent.core.casework import Placement, Ruling
from assent.core.notices import UNDECIDED
from assent.core.settlement import Effects, Move, Tell
from assent.core.standing import Line, Said
from assent.core.terms import CaseState, ItemKind, ItemState, Refusal, RefusalKind, Refused
from assent.effects.apply import apply
from assent.effects.bytes import to_drop
from assent.effects.others import tell_others
from assent.effects.stopped import stopped
from assent.gateways import clock, standing, storage
from assent.gateways.keys import new_item_id
from assent.journal.append import Event
from assent.people.queries import Member

REMOVED = Ruling(
    Placement.REFUSE,
    "takedown.likeness",
    "removed_likeness",
    "",
    "It shows a real person who did not agree to it.",
)
_OWN = Refusal("own_item", "You cannot decide on your own item.", RefusalKind.NOT_ALLOWED)


def remove_in_case(moderator: Member, number: str) -> int:
    """Remove every hidden item of a case and return how many, or refuse."""
    at = clock.now()
    key = cases.case_file(moderator.person, number).status.key
    with transaction.atomic():
        require_mine_or_free(f"case:{number.upper()}", moderator.id, at)
        # load: what belongs to the case is read once nobody can add to it any more
        casework.move_case(key, UNDECIDED, CaseState.DECIDED, at)
        file = cases.case_file(moderator.person, number)
        hidden = [i for i in file.items if i.state in (ItemState.HIDDEN, ItemState.HELD)]
        # think
        if any(i.owner == moderator.id for i in hidden):
            raise Refused(_OWN)
        moves = tuple(Move(i.id, i.state, ItemState.REMOVED) for i in hidden)
        # Of what shows somebody who may be under 18, whoever put it here hears nothing.
        heard = () if file.status.under_18 else hidden
        told = tuple(Tell(i.owner, "removed", {"item": i.id, "kind": i.kind}) for i in heard)
        person = Tell(None, "case_removed", case=key)
        effects = Effects(moves=moves, messages=(*told, person)) + stopped(
            (i.id, ItemKind(i.kind)) for i in hidden
        )
        # save
        casework.add_decision(new_item_id(), REMOVED, moves, actor=moderator.id, at=at, case=key)
        answers.settle(key, REMOVED.code)
        consent.settle_staydown(key, removed=True)
        line = Line(Said.REMOVED, key, tuple(i.id for i in hidden))
        transaction.on_commit(partial(standing.note, line), robust=True)
        settle_protected(key, stands=True)
        decided = Event("case.decided", key, {"removed": len(moves)})
        by = Actor(moderator.key, moderator.id)
        apply(effects, by=by, rule=REMOVED.rule, at=at, events=(decided,))
        tell_others(key, [i.id for i in hidden], file.details, at)
        gone = to_drop(queries.files_of(i.id for i in hidden), at)
    # tell: the bytes go once the decision stands
    for file_id in gone:
        storage.drop(file_id)
    return len(moves)
