"""A moderator decides on credits that nobody else did: a bounty left undecided after its grace, or
an award that might go back to whoever paid it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from assent.catalogue import queries
from assent.catalogue import save as catalogue
from assent.catalogue.values import BountyView, EntryView
from assent.core.access import Actor, Denied, may_use_queue
from assent.core.ledger import PayoutState, PledgeState
from assent.core.settlement import (
    Effects,
    Move,
    PayoutFacts,
    awarding,
    refunding,
    stopping,
)
from assent.core.terms import ItemState, Refusal, RefusalKind, Refused
from assent.effects.apply import apply
from assent.gateways import clock
from assent.gateways.keys import new_item_id
from assent.journal.append import Event
from assent.ledger import save as ledger
from assent.ledger.queries import payouts_of_bounty
from assent.people.queries import Member, by_id

GRACE_DAYS = 2
_TOO_EARLY = Refusal(
    "grace_runs",
    "Its supporters have 48 hours after the deadline to award it. Please wait until then.",
    RefusalKind.CONFLICT,
)
_OWN = Refusal("own_item", "You have credits or work in this yourself.", RefusalKind.NOT_ALLOWED)
_NO_DOUBT = Refusal("no_doubt", "No award of this bounty waits for you.", RefusalKind.CONFLICT)
_NOT_HERE = Refusal("not_found", "This entry cannot win here.", RefusalKind.NOT_FOUND)


def settle_undecided(moderator: Member, bounty_id: str, entry_id: str | None) -> None:
    """Award what is left to an entry, or give every supporter back exactly their own; or refuse."""
    at = clock.now()
    with transaction.atomic():
        bounty = _locked(moderator, bounty_id)
        over = bounty.deadline + timedelta(days=GRACE_DAYS) < at.date()
        if bounty.item.state is not ItemState.CLOSED or not over:
            raise Refused(_TOO_EARLY)
        effects = _awarded(bounty, entry_id, at) if entry_id else _returned(bounty)
        settled = Event("bounty.settled", bounty_id, {"awarded": entry_id is not None})
        by = Actor(moderator.key, moderator.id)
        apply(effects, by=by, rule="moderator.settled", at=at, events=(settled,))


def decide_award(moderator: Member, bounty_id: str, *, pay: bool) -> None:
    """Let a doubted award be paid after all, or give the credits back; or refuse."""
    at = clock.now()
    with transaction.atomic():
        _locked(moderator, bounty_id)
        doubted = [
            p for p in payouts_of_bounty(bounty_id) if p.doubt and p.state is PayoutState.PENDING
        ]
        if not doubted:
            raise Refused(_NO_DOUBT)
        effects = Effects()
        if pay:
            ledger.clear_doubt(bounty_id)
        else:
            pledges = {p.pledge for p in doubted}
            own = [p for p in queries.pledges_of(bounty_id) if p.id in pledges]
            effects = stopping(doubted, own)
        decided = Event("award.decided", bounty_id, {"paid": pay})
        by = Actor(moderator.key, moderator.id)
        apply(effects, by=by, rule="moderator.award", at=at, events=(decided,))


def _locked(moderator: Member, bounty_id: str) -> BountyView:
    answer = may_use_queue(moderator.person)
    if isinstance(answer, Denied):
        raise Refused(Refusal(answer.kind.value, answer.reason, answer.kind))
    catalogue.lock_any(bounty_id)
    bounty = queries.bounty(moderator.person, bounty_id)
    stakes = {p.supporter for p in bounty.pledges} | {e.item.owner for e in bounty.entries}
    if moderator.id in stakes | {bounty.item.owner}:
        raise Refused(_OWN)
    return bounty


def _awarded(bounty: BountyView, entry_id: str, at: datetime) -> Effects:
    chosen = _candidate(bounty, entry_id)
    due_at = at + timedelta(seconds=settings.PAYOUT_COOLING_OFF_SECONDS)
    creator = by_id(chosen.item.owner).party
    payouts = [
        PayoutFacts(
            new_item_id(), bounty.item.id, p.id, entry_id, creator, p.amount,
            PayoutState.PENDING, due_at,
        )
        for p in bounty.pledges
        if p.state is PledgeState.HELD
    ]  # fmt: skip
    moves = [Move(entry_id, chosen.item.state, ItemState.AWARDED)]
    if chosen.item.state is ItemState.AWARDED:
        moves = []
    return awarding([*moves, *_declined(bounty, entry_id), _settled(bounty)], payouts)


def _candidate(bounty: BountyView, entry_id: str) -> EntryView:
    winners = (ItemState.PUBLISHED, ItemState.AWARDED)
    for entry in bounty.entries:
        if entry.item.id == entry_id and entry.item.state in winners:
            return entry
    raise Refused(_NOT_HERE)


def _returned(bounty: BountyView) -> Effects:
    moves = (*_declined(bounty, None), _settled(bounty))
    held = [p for p in bounty.pledge_facts if p.state is PledgeState.HELD]
    return Effects(moves=moves) + refunding(held)


def _declined(bounty: BountyView, winner: str | None) -> list[Move]:
    return [
        Move(e.item.id, ItemState.PUBLISHED, ItemState.DECLINED)
        for e in bounty.entries
        if e.item.state is ItemState.PUBLISHED and e.item.id != winner
    ]


def _settled(bounty: BountyView) -> Move:
    return Move(bounty.item.id, ItemState.CLOSED, ItemState.SETTLED)
