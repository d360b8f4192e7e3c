"""Take in what a provider tells us of accounts and payouts: each word once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assent.core.access import WORKER
from assent.core.cashouts import (
    BankEvent,
    BankKind,
    CashoutState,
    account_after,
    cashout_after,
    settling,
)
from assent.core.settlement import Effects, Tell
from assent.core.terms import Refusal, RefusalKind, Refused
from assent.effects.apply import apply
from assent.gateways import clock
from assent.gateways.secrets import keyed_digest
from assent.journal.append import Event
from assent.ledger import cashouts
from assent.ledger import save_cashouts as save

_UNKNOWN = Refusal("not_found", "There is no such account or payout.", RefusalKind.NOT_FOUND)
_OTHER_SUM = Refusal("wrong_sum", "The sum is not what was to be paid.", RefusalKind.CONFLICT)
_ACCOUNT = (BankKind.CONFIRMED, BankKind.DECLINED)


def take_bank_event(event: BankEvent) -> str:
    """Return the state of what the event is about, or refuse what is about nothing of ours."""
    at = clock.now()
    with transaction.atomic():
        if event.kind in _ACCOUNT:
            return _about_account(event, at)
        return _about_cashout(event, at)


def _about_account(event: BankEvent, at: datetime) -> str:
    found = cashouts.account(event.about, lock=True)
    if found is None:
        raise Refused(_UNKNOWN)
    if cashouts.known_message(event.id):
        return found.state
    save.add_message(event, at)
    state = account_after(found.state, event.kind)
    if state is None:
        return found.state
    # The provider's word for somebody is kept as a digest under our key: equal or not, no more.
    identity = keyed_digest("payout-identity", event.identity) if event.identity else ""
    save.settle_account(found.id, state, identity, at)
    told = Tell(found.owner, f"payout_account_{state}")
    moved = Event("payout_account.settled", found.id, {"state": state})
    effects = Effects(messages=(told,))
    apply(effects, by=WORKER, rule="credits.cashed_out", at=at, events=(moved,))
    return state


def _about_cashout(event: BankEvent, at: datetime) -> str:
    found = cashouts.cashout(event.about, lock=True)
    if found is None:
        raise Refused(_UNKNOWN)
    if event.cents != found.cents:
        raise Refused(_OTHER_SUM)
    if cashouts.known_message(event.id):
        return found.state
    save.add_message(event, at)
    state = cashout_after(found.state, event.kind)
    if state is None:
        return found.state
    save.move(found.id, state, at)
    paid = state is CashoutState.PAID
    told = Tell(found.owner, f"cashout_{state}", {"credits": found.credits, "cents": found.cents})
    moved = Event("cashout.moved", found.id, {"state": state})
    effects = Effects(resolutions=settling(found.id, paid=paid), messages=(told,))
    apply(effects, by=WORKER, rule="credits.cashed_out", at=at, events=(moved,))
    return state
