"""Award an entry: pledges become payouts that wait out the cooling-off.

The requester awards everybody's pledges, or, where a bounty says so, each supporter their own.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from assent.catalogue import queries
from assent.catalogue import save as catalogue
from assent.catalogue.values import BountyView, EntryView, PledgeView
from assent.core.access import Actor, Verb
from assent.core.collusion import CYCLE, AwardFacts, doubt
from assent.core.ledger import PayoutState, PledgeState
from assent.core.settlement import Effects, Move, Party, PayoutFacts, Tell, awarding
from assent.core.terms import AwardMode, ItemState, Refusal, RefusalKind, Refused
from assent.effects.apply import apply
from assent.gateways import clock
from assent.gateways.keys import new_item_id
from assent.ledger.cashouts import identities_of
from assent.ledger.queries import paid_lately
from assent.people.queries import Member, addresses_of, by_id

_NOTHING = Refusal(
    "nothing_to_award", "There are no credits of yours left to award.", RefusalKind.CONFLICT
)


def award_entry(awarder: Member, entry_id: str) -> tuple[PayoutFacts, ...]:
    """Award an entry and return its payouts, or refuse. A payout that might go back to whoever
    paid it carries its `doubt`, and waits for a moderator."""
    # load
    at = clock.now()
    entry = queries.entry(awarder.person, entry_id)
    queries.require(awarder.person, Verb.AWARD, entry.facts)
    creator = by_id(entry.item.owner).party
    with transaction.atomic():
        # Read again under the bounty's lock, so that no pledge can slip in unawarded.
        catalogue.lock_any(entry.bounty)
        entry = queries.entry(awarder.person, entry_id)
        queries.require(awarder.person, Verb.AWARD, entry.facts)
        bounty = queries.bounty(awarder.person, entry.bounty)
        # think
        chosen = _chosen(bounty, awarder)
        if not chosen:
            raise Refused(_NOTHING)
        payouts = _payouts(bounty, entry, chosen, creator, at)
        effects = awarding(_moves(bounty, entry, chosen), payouts) + _told(awarder, payouts)
        # save
        by = Actor(awarder.key, awarder.id)
        apply(effects, by=by, rule="bounty.award", at=at)
    return effects.new_payouts


def _chosen(bounty: BountyView, awarder: Member) -> list[PledgeView]:
    held = [p for p in bounty.pledges if p.state is PledgeState.HELD]
    if bounty.award_mode is AwardMode.EACH:
        return [p for p in held if p.supporter == awarder.id]
    return held


def _payouts(
    bounty: BountyView, entry: EntryView, chosen: list[PledgeView], creator: Party, at: datetime
) -> list[PayoutFacts]:
    due_at = at + timedelta(seconds=settings.PAYOUT_COOLING_OFF_SECONDS)
    paid_by = frozenset(p.supporter for p in chosen) | {bounty.item.owner}
    sign = doubt(
        AwardFacts(
            paid_by,
            creator.id,
            addresses_of(paid_by | {creator.id}),
            paid_lately(creator.id, at - CYCLE),
            identities_of(paid_by | {creator.id}),
        )
    )
    return [
        PayoutFacts(
            new_item_id(),
            bounty.item.id,
            p.id,
            entry.item.id,
            creator,
            p.amount,
            PayoutState.PENDING,
            due_at,
            sign or "",
        )
        for p in chosen
    ]


def _moves(bounty: BountyView, entry: EntryView, chosen: list[PledgeView]) -> list[Move]:
    """The entry is awarded; once no pledge is left, the others are declined and it is settled."""
    first = entry.item.state is ItemState.PUBLISHED
    moves = [Move(entry.item.id, ItemState.PUBLISHED, ItemState.AWARDED)] if first else []
    held = [p for p in bounty.pledges if p.state is PledgeState.HELD]
    if len(chosen) < len(held):
        return moves
    moves += [
        Move(e.item.id, e.item.state, ItemState.DECLINED)
        for e in bounty.entries
        if e.item.state is ItemState.PUBLISHED and e.item.id != entry.item.id
    ]
    return [*moves, Move(bounty.item.id, bounty.item.state, ItemState.SETTLED)]


def _told(awarder: Member, payouts: list[PayoutFacts]) -> Effects:
    doubted = [p for p in payouts if p.doubt]
    who = {awarder.id} | {p.creator.id for p in doubted} if doubted else set()
    data = {"bounty": payouts[0].bounty}
    return Effects(messages=tuple(Tell(one, "award_doubted", data) for one in sorted(who)))
