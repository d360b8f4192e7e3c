"""Say where money is to be paid out to: written down first, then the provider asks who it is."""

from __future__ import annotations

from django.db import transaction

from assent.core.access import Actor
from assent.core.settlement import Effects
from assent.core.terms import Refusal, RefusalKind, Refused
from assent.effects.apply import apply
from assent.gateways import clock, payments
from assent.gateways.keys import new_item_id
from assent.journal.append import Event
from assent.ledger import save_cashouts as save
from assent.ledger.cashouts import open_of
from assent.people.queries import Member

_OFF = Refusal("no_payments", "Nothing can be paid out here.", RefusalKind.CONFLICT)
_UNDER_WAY = Refusal(
    "cashout_under_way",
    "A cash-out is under way. Change where it goes when that is over.",
    RefusalKind.CONFLICT,
)


def set_up_payouts(who: Member) -> str:
    """Return the address of the provider's page, or refuse."""
    at = clock.now()
    if not payments.pays_out():
        raise Refused(_OFF)
    with transaction.atomic():
        if open_of(who.id):
            raise Refused(_UNDER_WAY)
        account_id = new_item_id()
        save.add_account(account_id, who.id, payments.provider(), at)
        event = Event("payout_account.begun", account_id)
        by = Actor(who.key, who.id)
        apply(Effects(), by=by, rule="credits.cashed_out", at=at, events=(event,))
    # tell: outside the transaction
    return payments.account_page(account_id)
