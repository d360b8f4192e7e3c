"""Take one's credits back out of a bounty, while nothing has been handed in."""

from __future__ import annotations

from django.db import transaction

from assent.catalogue import queries
from assent.catalogue import save as catalogue
from assent.core.access import Actor, Verb
from assent.core.ledger import PledgeState
from assent.core.settlement import refunding
from assent.effects.apply import apply
from assent.gateways import clock
from assent.people.queries import Member


def take_back_pledge(supporter: Member, bounty_id: str) -> int:
    """Return the supporter's own pledges to them, exactly, and how many credits that was."""
    at = clock.now()
    with transaction.atomic():
        # load: under the bounty's lock, so that nobody hands in or awards meanwhile
        catalogue.lock_any(bounty_id)
        bounty = queries.bounty(supporter.person, bounty_id)
        queries.require(supporter.person, Verb.UNPLEDGE, bounty.facts)
        # think
        own = [
            p
            for p in bounty.pledge_facts
            if p.supporter.id == supporter.id and p.state is PledgeState.HELD
        ]
        # save
        by = Actor(supporter.key, supporter.id)
        apply(refunding(own), by=by, rule="pledge.taken_back", at=at)
    return sum(p.amount for p in own)
