"""Take back a decision on several items, within ten minutes: every item is held again, the credits
are where they were, and what its owner was told and has not read is unsaid."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assent.casework import save as casework
from assent.casework import save_looks
from assent.casework.bulks import BulkPart, BulkView, bulk, done_by
from assent.casework.looks import require_staff
from assent.casework.waiting import under_notice
from assent.catalogue import queries
from assent.catalogue import save as catalogue
from assent.core.access import Actor
from assent.core.bulk import is_untouched, undoing
from assent.core.casework import Placement, Ruling
from assent.core.settlement import Effects, Move, Tell
from assent.core.terms import Refusal, RefusalKind, Refused, Role
from assent.effects.apply import apply
from assent.gateways import clock
from assent.gateways.keys import new_item_id
from assent.journal import save as journal
from assent.journal.append import Event
from assent.people.queries import Member

_RULING = Ruling(
    Placement.HOLD,
    "moderator.undone",
    "needs_review",
    "",
    "The decision was taken back. A person decides again.",
)
_TOO_LATE = Refusal(
    "undo_over",
    "It can be taken back for ten minutes, and once. What was wrong is now put right item by item.",
    RefusalKind.CONFLICT,
)
_NOT_YOURS = Refusal(
    "undo_not_yours",
    "Whoever decided takes it back, or an operator.",
    RefusalKind.NOT_ALLOWED,
)
_MOVED = Refusal(
    "item_changed",
    "Somebody acted on it meanwhile, so that it is left as it is.",
    RefusalKind.CONFLICT,
)
# What keeps credits from being reserved again.
_OF_CREDITS = ("not_enough_credits", "not_enough_earned", "earnings_frozen")
_SPENT = "The credits were spent meanwhile, so that they cannot be reserved again."


def undo_bulk(moderator: Member, bulk_id: str) -> BulkView:
    """Bring back every item that nobody acted on meanwhile and return the decision as it stands
    then, or refuse: it is too late, or somebody else's."""
    require_staff(moderator.person)
    found, at = bulk(bulk_id), clock.now()
    if moderator.id != found.by and moderator.role is not Role.OPERATOR:
        raise Refused(_NOT_YOURS)
    if not found.can_undo(at):
        raise Refused(_TOO_LATE)
    by = Actor(moderator.key, moderator.id)
    with transaction.atomic():
        save_looks.end_bulk(bulk_id, at)
        undone = Event("bulk.undone", bulk_id)
        apply(Effects(), by=by, rule=_RULING.rule, at=at, events=(undone,))
    for part in found.decided:
        _one(bulk_id, part, by, clock.now())
    return bulk(bulk_id)


def _one(bulk_id: str, part: BulkPart, by: Actor, at: datetime) -> None:
    try:
        with transaction.atomic():
            _bring_back(part, by, at)
            save_looks.end_bulk_item(bulk_id, part.item, at)
    except Refused as refused:
        why = _SPENT if refused.refusal.code in _OF_CREDITS else _MOVED.sentence
        save_looks.end_bulk_item(bulk_id, part.item, None, left=why)


def _bring_back(part: BulkPart, by: Actor, at: datetime) -> None:
    assert part.decision, "what was skipped is not brought back"
    done = done_by(part.decision, part.item)
    catalogue.lock(part.item, done.after)
    if done.moved_since or under_notice(part.item):
        raise Refused(_MOVED)
    effects = Effects(moves=(Move(part.item, done.after, done.before),)) + _credits(part)
    casework.add_decision(new_item_id(), _RULING, effects.moves, actor=by.id, at=at, item=part.item)
    save_looks.undraw(part.decision)
    journal.unsay(part.item, done.at)
    told = Tell(part.owner, "held", {"item": part.item, "kind": part.kind})
    event = Event("decision.undone", part.item, {"decision": part.decision})
    apply(
        effects + Effects(messages=(told,)), by=by, rule=_RULING.rule, at=at, events=(event,)
    )  # fmt: skip


def _credits(part: BulkPart) -> Effects:
    now = {pledge.id: pledge for pledge in queries.pledges_of(part.item)}
    if not is_untouched(part.pledges, now):
        raise Refused(_MOVED)
    return undoing(part.pledges, now, {pledge.id: new_item_id() for pledge in part.pledges})
