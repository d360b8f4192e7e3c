"""Add credits to an open bounty: they go into the bounty's own escrow."""

from __future__ import annotations

from django.db import transaction

from assent.casework.strikes import require_not_suspended
from assent.catalogue import queries
from assent.catalogue import save as catalogue
from assent.core.access import Actor, Verb
from assent.core.ledger import PledgeState
from assent.core.offers import CREDITS_MAX, CREDITS_MIN
from assent.core.settlement import PledgeFacts, pledging
from assent.core.terms import ItemState, Refusal, Refused
from assent.effects.apply import apply
from assent.gateways import clock
from assent.gateways.keys import new_item_id
from assent.people.queries import Member


def pledge_credits(supporter: Member, bounty_id: str, amount: int) -> str:
    """Pledge credits and return the pledge's id, or refuse."""
    # load
    at = clock.now()
    require_not_suspended(supporter.id, at)
    bounty = queries.bounty(supporter.person, bounty_id)
    queries.require(supporter.person, Verb.PLEDGE, bounty.facts)
    # think
    if not CREDITS_MIN <= amount <= CREDITS_MAX:
        wrong = f"Add between {CREDITS_MIN} and {CREDITS_MAX:,} credits."
        raise Refused(Refusal("check_the_form", wrong, fields={"credits": wrong}))
    pledge = PledgeFacts(new_item_id(), bounty_id, supporter.party, amount, PledgeState.HELD)
    # save
    with transaction.atomic():
        catalogue.lock(bounty_id, ItemState.OPEN)
        by = Actor(supporter.key, supporter.id)
        apply(pledging(pledge), by=by, rule="bounty.open", at=at)
    return pledge.id
