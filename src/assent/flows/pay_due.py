"""Post the payouts whose cooling-off is over. Run by the worker's clock."""

from __future__ import annotations

from django.db import transaction

from assent.catalogue import queries
from assent.core.access import WORKER
from assent.core.settlement import PayoutFacts, paying
from assent.core.terms import ItemState, Refused
from assent.effects.apply import apply
from assent.gateways import clock
from assent.ledger.queries import payouts_due


def pay_due() -> int:
    """Post each due payout once and return how many; one whose entry or bounty was hidden
    meanwhile stays pending, so that nobody is paid for what is under a takedown."""
    at = clock.now()
    done = 0
    for payout in payouts_due(at):
        if not _still_stands(payout):
            continue
        try:
            with transaction.atomic():
                apply(paying(payout), by=WORKER, rule="payout.cooling_off_over", at=at)
        except Refused:  # another worker was faster
            continue
        done += 1
    return done


def _still_stands(payout: PayoutFacts) -> bool:
    entry, bounty = queries.item_facts(payout.entry), queries.item_facts(payout.bounty)
    return (
        entry is not None
        and bounty is not None
        and entry[0].state is ItemState.AWARDED
        and bounty[0].state is ItemState.SETTLED
    )
