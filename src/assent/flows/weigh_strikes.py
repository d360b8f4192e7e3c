"""Suspend whoever's strikes weigh enough, and end a suspension whose time or ground is over. Run by
the worker's clock."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from django.db import transaction

from assent.casework import answers, strikes
from assent.catalogue import belongings, queries
from assent.catalogue import save as catalogue
from assent.core.access import WORKER
from assent.core.settlement import Effects, Move, Tell, refunding
from assent.core.strikes import EXPIRES, Level, Outlook, outlook
from assent.core.terms import ItemKind, ItemState, Refused
from assent.effects.apply import apply
from assent.gateways import clock
from assent.gateways.keys import new_item_id
from assent.journal.append import Event
from assent.people.queries import Member, by_id

_RUNNING = (ItemState.HELD, ItemState.OPEN)


def weigh_strikes() -> int:
    """Weigh everybody whose standing may have changed, and return for how many it did."""
    at = clock.now()
    changed = 0
    for member_id in strikes.to_weigh(at - EXPIRES):
        with suppress(Refused):  # somebody who has left; or another worker was faster
            changed += _weigh(by_id(member_id), at)
    return changed


def _weigh(who: Member, at: datetime) -> bool:
    with transaction.atomic():
        items = belongings.items_of(who.id)
        now = outlook(strikes.strikes_of(who.id), len(items), at)
        open_ = strikes.open_suspension(who.id)
        if now.level is Level.SUSPENDED and open_ is None:
            _begin(who, now, at)
        elif now.level is Level.SUSPENDED and open_ is not None and now.until != open_.until:
            _change(who, open_.id, now, at)
        elif now.level is not Level.SUSPENDED and open_ is not None:
            _end(who, open_.id, at)
        else:
            return False
    return True


def _begin(who: Member, now: Outlook, at: datetime) -> None:
    """Suspend: what runs is cancelled, and every supporter has exactly their own back."""
    assert now.until is not None
    effects = Effects()
    for item in belongings.items_of(who.id):
        if item.kind is ItemKind.BOUNTY and item.state in _RUNNING:
            catalogue.lock(item.id, item.state)
            # Where somebody has worked for it, it is awarded or decided as it would have been.
            if queries.entries_alive(item.id):
                continue
            moved = Move(item.id, item.state, ItemState.CANCELLED)
            effects += Effects(moves=(moved,)) + refunding(queries.pledges_of(item.id))
    suspension = new_item_id()
    answers.suspend(suspension, who.id, at, now.until)
    until = now.until.date().isoformat()
    told = Effects(messages=(Tell(who.id, "suspended", {"until": until}),))
    event = Event("member.suspended", who.key, {"points": now.points, "until": until})
    apply(effects + told, by=WORKER, rule="strikes.weighed", at=at, events=(event,))


def _change(who: Member, suspension: str, now: Outlook, at: datetime) -> None:
    assert now.until is not None
    answers.suspend_until(suspension, now.until)
    until = now.until.date().isoformat()
    told = Effects(messages=(Tell(who.id, "suspended", {"until": until}),))
    event = Event("member.suspended", who.key, {"points": now.points, "until": until})
    apply(told, by=WORKER, rule="strikes.weighed", at=at, events=(event,))


def _end(who: Member, suspension: str, at: datetime) -> None:
    answers.end_suspension(suspension, at)
    told = Effects(messages=(Tell(who.id, "suspension_over"),))
    event = Event("member.restored", who.key)
    apply(told, by=WORKER, rule="strikes.weighed", at=at, events=(event,))
