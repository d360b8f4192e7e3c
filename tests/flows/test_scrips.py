"""Scrips and rails: the database itself keeps credits from what they may not reach."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from assent.catalogue.models import Item
from assent.core.ledger import ISSUE, AccountKind, AccountName, Cause, Payment, escrow, member
from assent.core.terms import Rating, Refused
from assent.flows.begin_purchase import begin_purchase
from assent.gateways import clock
from assent.ledger import post
from assent.ledger.models import Rail, Scrip
from assent.ledger.scrips import scrips
from tests.flows.market import drafted, join


def moves(payment: Payment) -> None:
    with transaction.atomic():
        post.pay([payment], clock.now())


def test_there_is_one_in_use_and_one_that_nobody_sells() -> None:
    credit, mature = scrips()
    assert (credit.code, credit.enabled, credit.ceiling) == ("credit", True, Rating.SUGGESTIVE)
    assert (mature.code, mature.enabled, mature.rails) == ("mature", False, ())


@pytest.mark.parametrize(
    ("rating", "funds"), [("sfw", True), ("suggestive", True), ("explicit", False)]
)
def test_req_pay_07_credits_never_reach_above_their_ceiling(rating: str, funds: bool) -> None:
    rita = join("rita", 100)
    bounty = drafted(rita)
    Item.objects.filter(id=bounty).update(rating=rating)
    payment = Payment("p", member(rita.key), escrow(bounty), 10, Cause.PLEDGE, bounty, pending=True)
    if funds:
        moves(payment)
        return
    with pytest.raises(DatabaseError, match="may not fund this"):
        moves(payment)


def test_a_scrip_that_is_switched_off_funds_nothing_and_turns_into_nothing() -> None:
    rita = join("rita", 100)
    mine = AccountName(AccountKind.MEMBER, rita.key, "mature")
    issue = AccountName(AccountKind.ISSUE, "", "mature")
    moves(Payment("m", issue, mine, 50, Cause.GRANT, "x"))
    bounty = drafted(rita)
    chest = AccountName(AccountKind.ESCROW, bounty, "mature")
    with pytest.raises(DatabaseError, match="may not fund this"):
        moves(Payment("e", mine, chest, 10, Cause.PLEDGE, bounty))
    for wrong in (
        Payment("t", mine, member(rita.key), 10, Cause.REFUND, "x"),
        Payment("u", ISSUE, mine, 10, Cause.GRANT, "x"),
    ):
        with pytest.raises(DatabaseError, match="never turns into another"):
            moves(wrong)


def test_a_rail_without_adult_work_sells_nothing_that_reaches_it() -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Rail.objects.create(code="card", scrip_id="mature", allows_adult=False)
    with pytest.raises(DatabaseError), transaction.atomic():
        Scrip.objects.filter(code="credit").update(ceiling="explicit")
    with pytest.raises(DatabaseError), transaction.atomic():
        Rail.objects.filter(code="sandbox").update(scrip_id="mature")
    Rail.objects.create(code="special", scrip_id="mature", allows_adult=True)


def test_req_pay_09_a_provider_that_is_no_rail_sells_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("django.conf.settings.PAYMENTS", "sandbox")
    rita = join("rita")
    begin_purchase(rita, 500)
    Rail.objects.filter(code="sandbox").delete()
    with pytest.raises(Refused) as refused:
        begin_purchase(rita, 500)
    assert refused.value.refusal.code == "not_sold_here"
