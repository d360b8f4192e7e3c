"""Post a draft: it is screened before anyone sees it and before any credit moves."""

from __future__ import annotations

from django.db import transaction

from assent.casework.strikes import require_not_suspended
from assent.catalogue import queries
from assent.catalogue import save as catalogue
from assent.catalogue.submissions import submission_of
from assent.catalogue.values import BountyView
from assent.consent.queries import grant_id_of
from assent.core.access import Actor, Verb
from assent.core.casework import Placement, Ruling, rule_on
from assent.core.ledger import PledgeState
from assent.core.offers import BountyDraft, posting_refusal
from assent.core.settlement import Effects, PledgeFacts, placing, pledging
from assent.core.terms import ItemState, Refused
from assent.effects.apply import apply, ruled
from assent.effects.screened import cover_for, keep_verdict, to_be_looked_at, verdict_on
from assent.gateways import clock
from assent.gateways.keys import new_item_id
from assent.people.queries import Member


def post_bounty(requester: Member, bounty_id: str) -> Ruling:
    """Screen a draft and put it where its ruling says; refuse if it cannot be posted at all.

    Published: the credits go into the bounty's escrow. Held: they are reserved. Refused: no
    transfer exists, and the row stays so that its requester can see why.
    """
    at = clock.now()
    require_not_suspended(requester.id, at)
    with transaction.atomic():
        # load: under the row's lock, so that what is published is what was screened
        catalogue.lock_any(bounty_id)
        bounty = queries.bounty(requester.person, bounty_id)
        queries.require(requester.person, Verb.POST, bounty.facts)
        # think
        refusal = posting_refusal(_draft(bounty), at.date())
        if refusal:
            raise Refused(refusal)
        submission = submission_of(bounty.item, bounty.work_type)
        verdict = verdict_on(submission, at)
        grant = grant_id_of(bounty.grant or "")
        ruling = rule_on(verdict, cover_for(verdict, grant, requester.key, bounty.work_type, at))
        effects = _effects(requester, bounty, ruling)
        effects += to_be_looked_at(verdict, bounty_id, ruling.placement)
        # save
        keep_verdict(submission, verdict, ruling, effects.moves, at)
        by = Actor(requester.key, requester.id)
        event = ruled(bounty_id, ruling)
        apply(effects, by=by, rule=ruling.rule, at=at, events=(event,))
    return ruling


def _draft(bounty: BountyView) -> BountyDraft:
    item = bounty.item
    return BountyDraft(
        item.title, item.description, bounty.work_type, item.tags, bounty.credits, bounty.deadline,
        "", bounty.entry_mode, bounty.award_mode, bounty.entries_max,
    )  # fmt: skip


def _effects(requester: Member, bounty: BountyView, ruling: Ruling) -> Effects:
    moved = placing(bounty.item.id, ItemState.DRAFT, ruling.placement, ItemState.OPEN)
    if ruling.placement is Placement.REFUSE:
        return moved
    state = PledgeState.HELD if ruling.placement is Placement.PUBLISH else PledgeState.PENDING
    return moved + pledging(
        PledgeFacts(new_item_id(), bounty.item.id, requester.party, bounty.credits, state)
    )
