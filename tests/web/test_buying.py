"""Buying credits on its pages, with everything that the sandbox can do."""

from __future__ import annotations

import pytest
from django.test import Client

from assent.core.ledger import Balance
from assent.core.purchases import EventKind, ProviderEvent
from assent.flows.redeem_gift import make_gift
from assent.gateways import clock, payments
from assent.ledger.purchases import purchases_of
from tests.cast import Visitor
from tests.flows.market import HOUSE, wallet


@pytest.fixture(autouse=True)
def sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.conf.settings.PAYMENTS", "sandbox")


@pytest.mark.parametrize(
    ("choice", "owned", "words"),
    [
        ("pay", 1000, "paid"),
        ("twice", 1000, "paid"),
        ("decline", 0, "declined"),
        ("dispute", 0, "taken back through the card"),
        ("forged", 0, "not paid yet"),
        ("leave", 0, "not paid yet"),
    ],
)
def test_whatever_the_provider_does_the_wallet_is_right(
    cora: Visitor, choice: str, owned: int, words: str
) -> None:
    assert "Buy credits" in cora.get("/wallet").text
    page = cora.post("/wallet/buy", {"credits": "1000"})
    assert page.goes_to.startswith("/wallet/sandbox/")
    assert "no money is taken" in cora.get(page.goes_to).text
    cora.post(page.goes_to, {"choice": choice})
    assert wallet(cora.member) == Balance(posted=owned)
    assert words in cora.get("/wallet/buy").text
    paid = choice in ("pay", "twice", "dispute")
    assert ("You bought credits" in cora.get("/wallet").text) is paid


def test_the_address_for_the_provider_takes_signed_messages_alone(cora: Visitor) -> None:
    cora.post("/wallet/buy", {"credits": "500"})
    (begun,) = purchases_of(cora.member.id)
    event = ProviderEvent("evt_1", EventKind.PAID, begun.id, begun.cents)
    body, signature = payments.message(event, clock.now())
    outside = Client(enforce_csrf_checks=True)

    def sent(signed: str) -> int:
        headers = {"Payment-Signature": signed}
        return outside.post(
            "/payments/events", body, content_type="application/json", headers=headers
        ).status_code

    assert [sent(""), sent("t=1,v1=x")] == [404, 404]
    assert wallet(cora.member) == Balance()
    assert [sent(signature), sent(signature)] == [200, 200]
    assert wallet(cora.member) == Balance(posted=500)


def test_wrong_amounts_and_codes_are_said_calmly(
    cora: Visitor, stranger: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cora.post("/wallet/buy", {"credits": "7"}).status == 422
    assert cora.post("/wallet/buy", {}).status == 422
    assert cora.post("/wallet/gift", {"code": "AAAA"}).status == 409
    assert stranger.get("/wallet/buy").goes_to.startswith("/account/login/")
    assert cora.get("/wallet/sandbox/made-up").status == 404
    assert cora.post("/wallet/gift", {"code": make_gift(40, by=HOUSE)}).goes_to == "/wallet"
    assert "You redeemed a gift code" in cora.get("/wallet").text
    monkeypatch.setattr("django.conf.settings.PAYMENTS", "")
    assert "cannot be bought here" in cora.get("/wallet/buy").text
    assert "Buy credits" not in cora.get("/wallet").text
