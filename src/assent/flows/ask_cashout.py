"""Ask for earned credits to be paid out as money, and take that back while nobody has decided."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assent.casework.strikes import require_not_suspended
from assent.core.access import Actor
from assent.core.cashouts import (
    CashoutState,
    cents,
    fee,
    refusal,
    reserving,
    settling,
)
from assent.core.ledger import member as wallet_of
from assent.core.settlement import Effects
from assent.core.terms import Refusal, RefusalKind, Refused
from assent.effects.apply import apply
from assent.gateways import clock
from assent.gateways.keys import new_item_id
from assent.journal.append import Event
from assent.ledger import cashouts
from assent.ledger import save_cashouts as save
from assent.ledger.cashouts import CashoutView
from assent.people.queries import Member

_NOT_FOUND = Refusal("not_found", "There is no such cash-out.", RefusalKind.NOT_FOUND)
_DECIDED = Refusal("cashout_decided", "This cash-out was decided already.", RefusalKind.CONFLICT)


def ask_cashout(who: Member, credits_: int, cashout_id: str = "") -> CashoutView:
    """Reserve the credits and return what was asked for, or refuse. Whoever sends the same id
    twice, with a second press of a button, has asked once."""
    at = clock.now()
    require_not_suspended(who.id, at)
    with transaction.atomic():
        account = cashouts.account_of(who.id)
        # Under the account's lock: two at once would each see all that was earned.
        account = cashouts.account(account.id, lock=True) if account else None
        known = cashouts.cashout(cashout_id) if cashout_id else None
        if known is not None:
            if known.owner != who.id:
                raise Refused(_NOT_FOUND)
            return known
        state = account.state if account else None
        refused = refusal(credits_, cashouts.cashable_of(who.key), state)
        if refused:
            raise Refused(refused)
        assert account is not None
        asked = CashoutView(
            cashout_id or new_item_id(),
            who.id,
            account.id,
            credits_,
            fee(credits_),
            cents(credits_),
            CashoutState.ASKED,
            at,
        )
        save.add_cashout(asked)
        effects = Effects(payments=reserving(asked.id, credits_, wallet_of(who.key)))
        _write(effects, who, Event("cashout.asked", asked.id, {"credits": credits_}), at)
    return asked


def take_back_cashout(who: Member, cashout_id: str) -> None:
    """Put the credits back into the wallet, fee and all; refused once somebody has decided."""
    at = clock.now()
    with transaction.atomic():
        found = cashouts.cashout(cashout_id, lock=True)
        if found is None or found.owner != who.id:
            raise Refused(_NOT_FOUND)
        if found.state is not CashoutState.ASKED:
            raise Refused(_DECIDED)
        save.move(found.id, CashoutState.TAKEN_BACK, at)
        effects = Effects(resolutions=settling(found.id, paid=False))
        moved = Event("cashout.moved", found.id, {"state": CashoutState.TAKEN_BACK})
        _write(effects, who, moved, at)


def _write(effects: Effects, who: Member, event: Event, at: datetime) -> None:
    apply(effects, by=Actor(who.key, who.id), rule="credits.cashed_out", at=at, events=(event,))
