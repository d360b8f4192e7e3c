"""Delete an account: the person goes, the books stay right."""

from __future__ import annotations

from django.db import transaction

from assent.catalogue import belongings, queries
from assent.catalogue import save as catalogue
from assent.core.access import Actor
from assent.core.leaving import Ties
from assent.core.leaving import leave as think
from assent.core.ledger import PayoutState
from assent.core.ledger import member as wallet_of
from assent.core.terms import Refusal, Refused
from assent.effects.apply import apply
from assent.gateways import clock, storage
from assent.gateways.keys import new_item_id
from assent.journal.append import Event
from assent.ledger.cashouts import open_of
from assent.ledger.queries import balance_of, payouts_of_creator
from assent.ledger.sales import still_to_be_paid
from assent.people import save as people
from assent.people.queries import Member


def ties_of(who: Member) -> Ties:
    """Return what the member has here."""
    waiting = [p for p in payouts_of_creator(who.id) if p.state is PayoutState.PENDING]
    return Ties(
        belongings.items_of(who.id),
        belongings.waiting_pledges(who.id),
        len(waiting),
        open_of(who.id),
        balance_of(wallet_of(who.key)).available,
        still_to_be_paid(who.id),
    )


def leave(who: Member, *, gives_up_credits: bool = False) -> str:
    """Delete the member's account and return the pseudonym that its history stays under, or refuse.

    Credits that are given up stay in the account that nobody can open any more: no transfer is
    invented for them, and the books still add up."""
    at = clock.now()
    with transaction.atomic():
        # load
        ties = ties_of(who)
        # think
        thought = think(ties, gives_up_credits=gives_up_credits)
        if isinstance(thought, Refusal):
            raise Refused(thought)
        # save
        pseudonym = f"{people.LEFT}{new_item_id()}"
        left = Event("member.left", who.key)
        by = Actor(who.key, who.id)
        apply(thought.effects, by=by, rule="member.left", at=at, events=(left,))
        catalogue.erase_words(thought.erased)
        people.forget(who.id, pseudonym)
    # tell: the bytes go once this stands
    for stored in queries.files_of(thought.erased):
        storage.drop(stored.id)
    return pseudonym
