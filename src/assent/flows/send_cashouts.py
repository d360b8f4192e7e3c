"""Have the provider pay out what was approved. Run by the worker's clock."""

from __future__ import annotations

from django.db import transaction

from assent.core.access import WORKER
from assent.core.cashouts import CashoutState
from assent.core.settlement import Effects
from assent.effects.apply import apply
from assent.gateways import clock, payments
from assent.journal.append import Event
from assent.ledger import cashouts
from assent.ledger import save_cashouts as save
from assent.ledger.cashouts import CashoutView


def send_cashouts() -> list[tuple[bytes, str]]:
    """Send each approved cash-out, and return what the provider said at once, if anything.

    Nothing is sent while the last check of the books found a fault, and nothing whose earnings were
    taken down meanwhile. That it is being sent is written first: if the machine dies in between, it
    is sent again under the same number, which the provider pays once."""
    if not payments.provider() or stopped():
        return []
    said = []
    for found in cashouts.cashouts_in(CashoutState.APPROVED):
        if _claimed(found):
            said += payments.send_payout(found.id, found.account, found.cents)
    return said


def send_again(cashout_id: str) -> list[tuple[bytes, str]]:
    """Ask the provider again for a cash-out of which it has said nothing, or that was being sent
    when the machine died; the hour until the next time begins anew."""
    at = clock.now()
    with transaction.atomic():
        found = cashouts.cashout(cashout_id, lock=True)
        if found is None or found.state is not CashoutState.SENDING or stopped():
            return []
        save.move(cashout_id, CashoutState.SENDING, at)
    return payments.send_payout(found.id, found.account, found.cents)


def stopped() -> bool:
    """Return whether payouts are stopped because the books are not right."""
    last = cashouts.last_check()
    return last is not None and last.stops_cashouts


def _claimed(of: CashoutView) -> bool:
    """Mark a cash-out as being sent; False where it must wait or somebody was faster."""
    at = clock.now()
    with transaction.atomic():
        found = cashouts.cashout(of.id, lock=True)
        if found is None or found.state is not CashoutState.APPROVED:
            return False
        if not cashouts.covered(of.owner):
            return False
        save.move(of.id, CashoutState.SENDING, at)
        event = Event("cashout.moved", of.id, {"state": CashoutState.SENDING})
        apply(Effects(), by=WORKER, rule="credits.cashed_out", at=at, events=(event,))
    return True
