"""What the brakes kept from hiding by itself: a person looks within the hour, and where the brake
was about its sender and nobody looked, it hides when the hour is over."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assent.casework import answers
from assent.casework import queries as cases
from assent.casework import save as casework
from assent.casework.leases import require_mine_or_free
from assent.casework.status import MOVED_ON
from assent.core.access import WORKER, Actor
from assent.core.casework import Placement, Ruling
from assent.core.notices import UNDECIDED, locate
from assent.core.settlement import Effects, Tell
from assent.core.terms import CaseState, Refused
from assent.effects.apply import apply
from assent.effects.hiding import hide
from assent.effects.opening import budget, found_by
from assent.gateways import clock
from assent.journal.append import Event
from assent.people.queries import Member

LOOKED = Ruling(Placement.HOLD, "takedown.looked_first", "hidden_on_request", "", "")
OVERDUE = Ruling(Placement.HOLD, "takedown.nobody_looked", "hidden_on_request", "", "")
# A person has looked, so that only what no page could show is too much.
MOST = 10_000


def hide_named(moderator: Member, number: str) -> int:
    """Hide all that a request names by link, id or hash, with its copies; return how many."""
    at = clock.now()
    key = cases.case_file(moderator.person, number).status.key
    with transaction.atomic():
        require_mine_or_free(f"case:{number.upper()}", moderator.id, at)
        if not answers.looked(key):
            raise Refused(MOVED_ON)
        by = Actor(moderator.key, moderator.id)
        return _hide(key, LOOKED, by, at, most=MOST)


def note_looked(moderator: Member, number: str) -> None:
    """Note that somebody looked and hides nothing of it now; the case is still to be decided."""
    at = clock.now()
    key = cases.case_file(moderator.person, number).status.key
    with transaction.atomic():
        require_mine_or_free(f"case:{number.upper()}", moderator.id, at)
        if not answers.looked(key):
            raise Refused(MOVED_ON)
        by = Actor(moderator.key, moderator.id)
        event = Event("case.looked", key)
        apply(Effects(), by=by, rule=LOOKED.rule, at=at, events=(event,))


def hide_overdue() -> int:
    """Hide what slowed senders named an hour ago and nobody looked at; return how many items. The
    brakes of a notice and of an hour hold here too."""
    at = clock.now()
    hidden = 0
    for key in cases.slowed_until(at):
        with transaction.atomic():
            if answers.looked(key):
                hidden += _hide(key, OVERDUE, WORKER, at, most=budget(at))
    return hidden


def _hide(key: str, ruling: Ruling, by: Actor, at: datetime, *, most: int) -> int:
    # Refuses a decided case, and holds its row, so that it is not decided without these.
    _, found = found_by(locate(cases.told_where(key)), most)
    if not found.ids:
        apply(Effects(), by=by, rule=ruling.rule, at=at, events=(Event("case.looked", key),))
        return 0
    casework.move_case(key, UNDECIDED, CaseState.HIDDEN, at)
    # What a person hides is not taken from what may hide by itself within the hour.
    named = found.found["named"]
    more = [i for i in found.ids if i not in set(named)]
    how = found.found if by is WORKER else {"named": named, "search": more}
    moves = hide(key, how, ruling, actor=by.id, at=at)
    joined = Event("case.joined", key, {"items": len(found.ids)})
    told = (Tell(None, "case_hidden", case=key),)
    effects = Effects(moves=moves, messages=told)
    apply(effects, by=by, rule=ruling.rule, at=at, events=(joined,))
    return len(moves)
