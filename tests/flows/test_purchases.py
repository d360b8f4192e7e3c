"""Buying credits: what was paid is issued once, whatever the provider says, and how often."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assent.core.ledger import Balance
from assent.core.purchases import DAILY_MAX, EventKind, ProviderEvent, PurchaseState, after, price
from assent.core.terms import Refused
from assent.flows.begin_purchase import begin_purchase
from assent.flows.redeem_gift import VALID_DAYS, make_gift, redeem_gift
from assent.flows.take_payment import take_payment
from assent.gateways import clock, payments
from assent.ledger.models import GiftCode, Purchase, Transfer
from assent.ledger.purchases import faults, purchases_of
from assent.ops.proofs import ledger_proof
from assent.people.queries import Member
from tests.flows.market import HOUSE, join, posted, wallet


@pytest.fixture(autouse=True)
def sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.conf.settings.PAYMENTS", "sandbox")


@pytest.fixture
def buyer() -> Member:
    return join("bea")


def begun(who: Member, credits_: int = 1000) -> str:
    begin_purchase(who, credits_)
    return purchases_of(who.id)[0].id


def said(
    purchase: str, kind: EventKind, number: int = 1, cents: int | None = None
) -> ProviderEvent:
    cost = Purchase.objects.get(id=purchase).cents if cents is None else cents
    return ProviderEvent(f"evt_{purchase}_{number}", kind, purchase, cost)


def test_what_is_paid_is_issued_once(buyer: Member) -> None:
    purchase = begun(buyer)
    assert wallet(buyer) == Balance(), "nothing before the provider says so"
    for _ in range(3):
        assert take_payment(said(purchase, EventKind.PAID)) is PurchaseState.PAID
    take_payment(said(purchase, EventKind.PAID, number=2))
    assert wallet(buyer) == Balance(posted=1000)
    assert Transfer.objects.filter(key=f"purchase:{purchase}").count() == 1
    assert (faults(), ledger_proof().faults) == ([], ())


def test_another_sum_or_an_unknown_purchase_is_not_taken(buyer: Member) -> None:
    purchase = begun(buyer)
    unknown = ProviderEvent("evt_x", EventKind.PAID, "000000000000", price(1000))
    for wrong in (said(purchase, EventKind.PAID, cents=1), unknown):
        with pytest.raises(Refused):
            take_payment(wrong)
    assert wallet(buyer) == Balance()


def test_a_dispute_takes_back_what_was_not_spent(buyer: Member) -> None:
    spent, kept = begun(buyer), begun(buyer, 500)
    take_payment(said(spent, EventKind.PAID))
    posted(buyer, credits_=800)
    take_payment(said(spent, EventKind.DISPUTED, 2))
    assert wallet(buyer) == Balance(), "the 200 that were left; the pledge stands"
    take_payment(said(kept, EventKind.PAID, 3))
    for number in (4, 5):
        take_payment(said(kept, EventKind.DISPUTED, number))
    assert wallet(buyer) == Balance()
    assert ledger_proof().faults == ()


EVENTS = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(EventKind), st.integers(1, 4)), max_size=14
)


@given(events=EVENTS)
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_comes_in_whatever_order_issued_is_what_was_paid(
    events: list[tuple[int, EventKind, int]], buyer: Member
) -> None:
    Purchase.objects.filter(buyer_id=buyer.id).update(at=clock.now() - timedelta(days=2))
    bought = []
    for _ in range(3):
        address = begin_purchase(buyer, 500)
        asked = payments.of_ticket(address.rpartition("/")[2])
        assert asked is not None
        bought.append(asked["purchase"])
    expected = dict.fromkeys(bought, PurchaseState.BEGUN)
    seen: set[str] = set()
    for which, kind, number in events:
        event = said(bought[which], kind, number)
        before = expected[event.purchase]
        if event.id not in seen:
            expected[event.purchase] = after(before, kind) or before
        seen.add(event.id)
        assert take_payment(event) is expected[event.purchase]
    now = {p.id: p.state for p in purchases_of(buyer.id, 500)}
    assert {one: now[one] for one in bought} == expected
    assert faults() == []
    assert ledger_proof().faults == ()


def test_a_day_has_a_limit(buyer: Member) -> None:
    for _ in range(DAILY_MAX // 5000):
        begin_purchase(buyer, 5000)
    with pytest.raises(Refused) as refused:
        begin_purchase(buyer, 500)
    assert refused.value.refusal.code == "daily_limit"
    with clock.at(clock.now() + timedelta(days=1, minutes=1)):
        begin_purchase(buyer, 500)
    for wrong in (0, -500, 7, 10**9):
        with pytest.raises(Refused):
            begin_purchase(buyer, wrong)


def test_without_a_provider_nothing_is_sold(buyer: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.conf.settings.PAYMENTS", "")
    with pytest.raises(Refused):
        begin_purchase(buyer, 500)
    assert not Purchase.objects.exists()


# What the provider signs -------------------------------------------------------------------------


def test_only_what_is_signed_and_fresh_is_read(buyer: Member) -> None:
    event = said(begun(buyer), EventKind.PAID)
    body, signature = payments.message(event, clock.now())
    assert payments.event_of(body, signature) == event
    inside: dict[str, Any] = json.loads(body)
    for wrong in (
        (json.dumps(inside | {"cents": 1}).encode(), signature),
        (json.dumps(inside | {"kind": "gift"}).encode(), signature),
        (body, ""),
        (body, "t=1,v1=2"),
        (b"", signature),
        (b"[]", signature),
        (body, signature.replace("v1=", "v0=")),
        (body, f"t={10**30},v1=0"),
    ):
        with pytest.raises(payments.UnsignedError):
            payments.event_of(*wrong)
    for late in (timedelta(minutes=6), -timedelta(minutes=6)):
        with clock.at(clock.now() + late), pytest.raises(payments.UnsignedError):
            payments.event_of(body, signature)


def test_a_page_of_the_sandbox_is_for_an_hour() -> None:
    ticket = payments.checkout("0" * 12, 500, 500).rpartition("/")[2]
    found = payments.of_ticket(ticket)
    assert found is not None
    assert found["purchase"] == "0" * 12
    assert payments.of_ticket("made-up") is None
    with clock.at(clock.now() + timedelta(hours=2)):
        assert payments.of_ticket(ticket) is None


# Gift codes --------------------------------------------------------------------------------------


def test_a_gift_code_works_once_and_is_kept_as_a_digest(buyer: Member, sam: Member) -> None:
    code = make_gift(250, by=HOUSE)
    assert code.replace("-", "") not in str(list(GiftCode.objects.values()))
    assert redeem_gift(buyer, f" {code.lower()} ") == 250
    for who in (buyer, sam):
        with pytest.raises(Refused):
            redeem_gift(who, code)
    assert wallet(buyer) == Balance(posted=250)
    late = make_gift(100, by=HOUSE)
    with clock.at(clock.now() + timedelta(days=VALID_DAYS, minutes=1)), pytest.raises(Refused):
        redeem_gift(buyer, late)
    for wrong in ("", "AAAA-BBBB", "\x00"):
        with pytest.raises(Refused):
            redeem_gift(buyer, wrong)


def test_guessing_is_counted(buyer: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    spent: list[str] = []
    monkeypatch.setattr(
        "assent.flows.redeem_gift.limits.spend", lambda name, key: spent.append(f"{name} {key}")
    )
    with pytest.raises(Refused):
        redeem_gift(buyer, "AAAA-BBBB-CCCC-DDDD")
    assert spent == [f"status gift:{buyer.id}"]
