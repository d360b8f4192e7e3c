"""Buying through Stripe's own library against a stand-in. Not verified against the real service."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from assent.core.ledger import Balance
from assent.core.purchases import PurchaseState
from assent.core.terms import Refused
from assent.flows.begin_purchase import begin_purchase
from assent.flows.set_up_payouts import set_up_payouts
from assent.flows.take_payment import take_payment
from assent.gateways import payments, stripe_cards
from assent.journal.models import JournalRow
from assent.ledger.models import Purchase
from assent.ledger.purchases import purchases_of
from assent.ops.cashouts import reconcile
from assent.people.queries import Member
from tests.flows.market import join, wallet
from tests.stripe_standin import KEY, SECRET, StandIn, signed


@pytest.fixture
def stand_in(settings: Any) -> Iterator[StandIn]:
    """A stand-in, and a marketplace that is set up for it."""
    server = StandIn()
    settings.PAYMENTS = "stripe"
    settings.STRIPE_KEY, settings.STRIPE_WEBHOOK_SECRET = KEY, SECRET
    settings.STRIPE_ADDRESS = server.address
    yield server
    server.shut()


@pytest.fixture
def buyer() -> Member:
    return join("bea")


def begun(who: Member, stand_in: StandIn, credits_: int = 1000) -> str:
    """Begin to buy; the id of Stripe's page."""
    address = begin_purchase(who, credits_)
    assert address.startswith(f"{stand_in.address}/pay/")
    return address.rsplit("/", 1)[1]


def taken(message: tuple[bytes, str]) -> PurchaseState | None:
    event = payments.event_of(*message)
    return take_payment(event) if event else None


def test_what_is_paid_is_issued_once_however_often_it_is_said(
    buyer: Member, stand_in: StandIn
) -> None:
    page = begun(buyer, stand_in)
    assert stand_in.sessions[page]["amount_total"] == 1000
    assert wallet(buyer) == Balance()
    said = stand_in.pay(page)
    assert [taken(said), taken(said)] == [PurchaseState.PAID] * 2
    taken(stand_in.pay(page, "checkout.session.async_payment_succeeded"))
    assert wallet(buyer) == Balance(posted=1000)
    assert reconcile().differences == ()
    assert not reconcile().stops_cashouts


@pytest.mark.parametrize("how", ["drops", "fails"])
def test_a_call_that_is_lost_is_asked_again_and_makes_one_page(
    buyer: Member, stand_in: StandIn, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    setattr(stand_in, how, 2)
    begun(buyer, stand_in)
    assert len(stand_in.sessions) == 1
    assert len([one for one in stand_in.asked if one[0] == "POST"]) == 3


def test_where_it_does_not_answer_nothing_is_lost_and_that_is_said(
    buyer: Member, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    stand_in.fails = 99
    with pytest.raises(Refused, match="does not answer"):
        begin_purchase(buyer, 1000)
    assert Purchase.objects.get().state == PurchaseState.BEGUN
    with pytest.raises(Refused, match="does not answer"):
        reconcile()
    stand_in.fails = 0
    assert reconcile().differences == ()


def test_without_its_secrets_nothing_is_sold(buyer: Member, settings: Any) -> None:
    settings.PAYMENTS, settings.STRIPE_KEY = "stripe", ""
    with pytest.raises(Refused, match="cannot be bought"):
        begin_purchase(buyer, 1000)
    with pytest.raises(payments.UnsignedError):
        payments.event_of(b"{}", "t=1,v1=2")


def test_what_is_not_signed_by_it_or_too_old_does_not_count(
    buyer: Member, stand_in: StandIn
) -> None:
    body, signature = stand_in.pay(begun(buyer, stand_in))
    text = body.decode()
    wrong = [
        (body, ""),
        (body, "nonsense"),
        (body + b" ", signature),
        (body.replace(b"1000", b"9000"), signature),
        signed(text, secret="whsec_of_somebody_else"),
        signed(text, at=time.time() - 301),
        signed("[]"),
        signed("nothing"),
        (b"\xff", signature),
    ]
    for one in wrong:
        with pytest.raises(payments.UnsignedError):
            payments.event_of(*one)
    assert wallet(buyer) == Balance()


def test_another_sum_or_currency_is_not_taken(buyer: Member, stand_in: StandIn) -> None:
    page = begun(buyer, stand_in)
    about = {**stand_in.sessions[page], "payment_status": "paid"}
    with pytest.raises(Refused):
        taken(stand_in.message("checkout.session.completed", about | {"amount_total": 1}))
    with pytest.raises(payments.UnsignedError):
        taken(stand_in.message("checkout.session.completed", about | {"currency": "usd"}))
    assert wallet(buyer) == Balance()


def test_what_is_about_nothing_of_ours_is_let_go(buyer: Member, stand_in: StandIn) -> None:
    page = begun(buyer, stand_in)
    unpaid = stand_in.message("checkout.session.completed", stand_in.sessions[page])
    other = stand_in.message("customer.created", {"id": "cus_1"})
    theirs = stand_in.message("checkout.session.completed",
                              {"payment_status": "paid", "metadata": {}})  # fmt: skip
    assert [taken(one) for one in (unpaid, other, theirs)] == [None] * 3


def test_a_page_that_ran_out_is_declined_and_a_late_payment_still_counts(
    buyer: Member, stand_in: StandIn
) -> None:
    page = begun(buyer, stand_in)
    assert taken(stand_in.pay(page, "checkout.session.expired")) is PurchaseState.DECLINED
    assert taken(stand_in.pay(page)) is PurchaseState.PAID
    assert wallet(buyer) == Balance(posted=1000)


def test_a_dispute_is_looked_up_and_takes_back_what_was_not_spent(
    buyer: Member, stand_in: StandIn
) -> None:
    page = begun(buyer, stand_in)
    taken(stand_in.pay(page))
    assert taken(stand_in.dispute(page)) is PurchaseState.DISPUTED
    assert wallet(buyer) == Balance()
    assert reconcile().differences == ()


def test_messages_that_were_lost_are_caught_up_over_several_pages_of_its_book(
    buyer: Member, stand_in: StandIn
) -> None:
    pages = [begun(buyer, stand_in, 500) for _ in range(7)]
    for page in pages:
        stand_in.pay(page)
    stand_in.dispute(pages[0])
    found = reconcile()
    assert (found.caught_up, found.differences, found.faults) == (8, (), ())
    assert wallet(buyer) == Balance(posted=3000)


def test_a_payment_that_we_do_not_know_is_a_difference_and_stops_cash_outs(
    buyer: Member, stand_in: StandIn
) -> None:
    page = begun(buyer, stand_in)
    stand_in.sessions[page]["metadata"] = {"assent_purchase": "000000000000"}
    stand_in.pay(page)
    found = reconcile()
    assert found.stops_cashouts
    assert "which we don’t know" in " ".join(found.differences)


def test_no_secret_of_it_is_in_the_database(buyer: Member, stand_in: StandIn) -> None:
    taken(stand_in.pay(begun(buyer, stand_in)))
    told = json.dumps(list(JournalRow.objects.values_list("data", flat=True)))
    kept = json.dumps([str(vars(p)) for p in Purchase.objects.all()])
    for secret in (KEY, SECRET, "pi_", "cs_"):
        assert secret not in told + kept


def test_nothing_is_paid_out_through_it(buyer: Member, stand_in: StandIn) -> None:
    with pytest.raises(Refused, match="paid out here"):
        set_up_payouts(buyer)
    with pytest.raises(payments.UnsignedError):
        payments.bank_event_of(b"{}", "t=1,v1=2")


def test_its_messages_come_in_by_the_address_and_header_that_it_uses(
    buyer: Member, stand_in: StandIn, client: Any
) -> None:
    body, signature = stand_in.pay(begun(buyer, stand_in))
    address = "/payments/events"
    kind = "application/json"
    assert (
        client.post(address, body, kind, headers={"Payment-Signature": signature}).status_code
        == 404
    )
    answer = client.post(address, body, kind, headers={"Stripe-Signature": signature})
    assert (answer.status_code, answer.json()) == (200, {"state": "paid"})
    other, signature = stand_in.message("customer.created", {"id": "cus_1"})
    answer = client.post(address, other, kind, headers={"Stripe-Signature": signature})
    assert answer.json() == {"state": "ignored"}
    assert purchases_of(buyer.id)[0].state is PurchaseState.PAID
    assert stripe_cards.is_ready()
