"""Award an entry: every pledge becomes a payout that waits out the cooling-off."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from assent.catalogue import queries
from assent.catalogue import save as catalogue
from assent.catalogue.values import BountyView, EntryView
from assent.core.access import Actor, Verb
from assent.core.ledger import PayoutState, PledgeState
from assent.core.settlement import Effects, Move, Party, PayoutFacts, awarding
from assent.core.terms import ItemState
from assent.effects.apply import apply
from assent.gateways import clock
from assent.gateways.keys import new_item_id
from assent.people.queries import Member, by_id


def award_entry(requester: Member, entry_id: str) -> tuple[PayoutFacts, ...]:
    """Award an entry and return its payouts, or refuse."""
    # load
    at = clock.now()
    entry = queries.entry(requester.person, entry_id)
    queries.require(requester.person, Verb.AWARD, entry.facts)
    creator = by_id(entry.item.owner).party
    with transaction.atomic():
        # The bounty is read under its lock, so that no pledge can slip in unawarded.
        catalogue.lock_any(entry.bounty)
        bounty = queries.bounty(requester.person, entry.bounty)
        # think
        effects = _effects(bounty, entry, creator, at)
        # save
        by = Actor(requester.key, requester.id)
        apply(effects, by=by, rule="bounty.award", at=at)
    return effects.new_payouts


def _effects(bounty: BountyView, entry: EntryView, creator: Party, at: datetime) -> Effects:
    due_at = at + timedelta(seconds=settings.PAYOUT_COOLING_OFF_SECONDS)
    payouts = [
        PayoutFacts(
            new_item_id(),
            bounty.item.id,
            p.id,
            entry.item.id,
            creator,
            p.amount,
            PayoutState.PENDING,
            due_at,
        )
        for p in bounty.pledges
        if p.state is PledgeState.HELD
    ]
    others = [
        Move(e.item.id, e.item.state, ItemState.DECLINED)
        for e in bounty.entries
        if e.item.state is ItemState.PUBLISHED and e.item.id != entry.item.id
    ]
    return awarding(
        Move(entry.item.id, ItemState.PUBLISHED, ItemState.AWARDED),
        others,
        Move(bounty.item.id, bounty.item.state, ItemState.SETTLED),
        payouts,
    )
