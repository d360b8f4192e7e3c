"""Short words for earning and cashing out, so that a test reads as a story."""

from __future__ import annotations

from datetime import timedelta

from assent.core.cashouts import BankEvent, BankKind
from assent.core.purchases import EventKind, ProviderEvent
from assent.flows.award_entry import award_entry
from assent.flows.begin_purchase import begin_purchase
from assent.flows.pay_due import pay_due
from assent.flows.set_up_payouts import set_up_payouts
from assent.flows.take_bank_event import take_bank_event
from assent.flows.take_payment import take_payment
from assent.gateways import clock, payments, sandbox
from assent.gateways.keys import new_key
from assent.ledger.cashouts import account_of
from assent.ledger.purchases import purchases_of
from assent.people.queries import Member
from tests.flows.market import handed_in, posted


def bought(who: Member, credits_: int = 2500) -> str:
    """Credits bought and paid for; the purchase by its number."""
    begin_purchase(who, credits_)
    purchase = purchases_of(who.id)[0]
    sandbox.write("paid", purchase.id, purchase.cents)
    take_payment(ProviderEvent(f"evt_{new_key()}", EventKind.PAID, purchase.id, purchase.cents))
    return purchase.id


def disputed(purchase: str, cents: int) -> None:
    """A payment taken back through the card."""
    sandbox.write("disputed", purchase, cents)
    take_payment(ProviderEvent(f"evt_{new_key()}", EventKind.DISPUTED, purchase, cents))


def won(requester: Member, creator: Member, credits_: int, seed: int = 1) -> tuple[str, str]:
    """A bounty won and paid, after the cooling-off; bounty and entry."""
    bounty = posted(requester, credits_=credits_)
    entry = handed_in(creator, bounty, seed)
    award_entry(requester, entry)
    with clock.at(clock.now() + timedelta(days=30)):
        pay_due()
    return bounty, entry


def confirmed(who: Member, number: str = "", bank: str = "pay") -> str:
    """An account confirmed by the provider, whose bank behaves like this."""
    ticket = set_up_payouts(who).rpartition("/")[2]
    asked = payments.of_ticket(ticket)
    assert asked is not None
    account = str(asked["account"])
    sandbox.behave(account, bank)
    identity = number or f"of {who.name}"
    event = BankEvent(f"evt_{new_key()}", BankKind.CONFIRMED, account, 0, identity)
    assert take_bank_event(event) == "confirmed"
    found = account_of(who.id)
    assert found is not None
    return found.id
