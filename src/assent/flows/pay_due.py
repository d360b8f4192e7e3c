"""Post the payouts whose cooling-off is over. Run by the worker's clock."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assent.catalogue import context
from assent.catalogue import save as catalogue
from assent.consent.queries import grant_terms
from assent.core.access import WORKER
from assent.core.consent.cover import in_force
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
        try:
            with transaction.atomic():
                _still_stands(payout, at)
                apply(paying(payout), by=WORKER, rule="payout.cooling_off_over", at=at)
        except Refused:  # hidden meanwhile, or another worker was faster
            continue
        done += 1
    return done


def _still_stands(payout: PayoutFacts, at: datetime) -> None:
    """Hold both rows and refuse if either was taken down, or if the consent that they rest on is
    not in force: a notice or a withdrawal waits for us, or we for it."""
    states = catalogue.lock_all([payout.entry, payout.bounty])
    if states != {payout.entry: ItemState.AWARDED, payout.bounty: ItemState.SETTLED}:
        raise Refused(catalogue.CHANGED)
    grant_id = context.grant_behind(payout.bounty)
    if grant_id is not None and not in_force(grant_terms(grant_id), at.date()):
        raise Refused(catalogue.CHANGED)
