"""What the brakes kept from hiding by itself: a person looks within the hour, and where nobody has,
it hides when the hour is over, no more of one request and in one hour than ever."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
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
from assent.effects.hiding import Reach, hide
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
        _, every = found_by(locate(cases.told_where(key)), MOST)
        if not every.ids:
            _nothing(key, by, at)
            return 0
        # What a person hides is not taken from what may hide by itself within the hour.
        named = every.found["named"]
        more = [i for i in every.ids if i not in set(named)]
        return _hide(key, Reach({"named": named, "search": more}, 0), LOOKED, by, at)


def note_looked(moderator: Member, number: str) -> None:
    """Note that somebody looked and hides nothing of it now; the case is still to be decided."""
    at = clock.now()
    key = cases.case_file(moderator.person, number).status.key
    with transaction.atomic():
        require_mine_or_free(f"case:{number.upper()}", moderator.id, at)
        if not answers.looked(key):
            raise Refused(MOVED_ON)
        _nothing(key, Actor(moderator.key, moderator.id), at)


def _nothing(key: str, by: Actor, at: datetime) -> None:
    event = Event("case.looked", key)
    apply(Effects(), by=by, rule=LOOKED.rule, at=at, events=(event,))


def hide_overdue() -> int:
    """Hide what nobody looked at within the hour; return how many items. At most 50 of a request,
    those that hid already among them, and 500 an hour; what is beyond waits for a person."""
    at = clock.now()
    return sum(_hide_late(key, at) for key in cases.hiding_later(at))


def _hide_late(key: str, at: datetime) -> int:
    most = budget(at)
    if most < settings.TAKEDOWN_HIDES_PER_NOTICE:
        return 0  # the hour is full: the next run looks again
    with transaction.atomic():
        located = locate(cases.told_where(key))
        named, found = found_by(located, most)
        if found.beyond or named < len(located.ids):
            answers.leave_to_people(key)
        else:
            answers.looked(key)
        known = cases.items_of(key)
        new = {how: [i for i in ids if i not in known] for how, ids in found.found.items()}
        return _hide(key, Reach(new, 0), OVERDUE, WORKER, at) if any(new.values()) else 0


def _hide(key: str, found: Reach, ruling: Ruling, by: Actor, at: datetime) -> int:
    # Refuses a decided case, and holds its row, so that it is not decided without these.
    casework.move_case(key, UNDECIDED, CaseState.HIDDEN, at)
    moves = hide(key, found.found, ruling, actor=by.id, at=at)
    joined = Event("case.joined", key, {"items": len(found.ids)})
    told = (Tell(None, "case_hidden", case=key),)
    effects = Effects(moves=moves, messages=told)
    apply(effects, by=by, rule=ruling.rule, at=at, events=(joined,))
    return len(moves)
