"""Cashing out on its pages: by the member, at the sandbox's bank, by whoever approves."""

from __future__ import annotations

import csv
import html
import io
import re
from pathlib import Path

import pytest
from django.test import Client

from assent.core.cashouts import BankEvent, BankKind
from assent.flows.grant_credits import grant_credits
from assent.gateways import clock, payments
from assent.ledger.cashouts import cashouts_of
from assent.ops.cashouts import pay_out, reconcile
from tests.cast import Visitor
from tests.flows.cashing import bought, confirmed, won
from tests.flows.market import HOUSE, join
from tests.web.test_leaving import sure

PAGE = "/wallet/cash-out"


@pytest.fixture(autouse=True)
def provider(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("django.conf.settings.PAYMENTS", "sandbox")
    monkeypatch.setattr("django.conf.settings.SANDBOX_DIR", tmp_path)


@pytest.fixture
def earner(cora: Visitor) -> Visitor:
    """Cora, who earned 2,500 credits."""
    buyer = join("buyer")
    bought(buyer, 2500)
    won(buyer, cora.member, 2500)
    return cora


def at_the_bank(who: Visitor, choice: str, number: str = "INVENTED 7") -> None:
    page = sure(who).post("/wallet/cash-out/account").goes_to
    assert "no money moves" in who.get(page).text
    who.post(page, {"choice": choice, "number": number})


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ("pay", "paid"),
        ("twice", "paid"),
        ("fail", "your bank sent it back"),
        ("silent", "being sent"),
    ],
)
def test_from_the_first_page_to_the_bank(
    earner: Visitor, mo: Visitor, choice: str, said: str
) -> None:
    assert "Cash out up to 2,500" in earner.get("/wallet").text
    assert "First, where the money goes" in earner.get(PAGE).text
    at_the_bank(earner, choice)
    first = earner.post(PAGE, {"credits": "2000"})
    assert "You receive 19.50 euros" in first.text
    assert cashouts_of(earner.member.id) == [], "shown first, done on yes"
    assert earner.post(PAGE, {"credits": "2000", "sure": "on"}).goes_to == PAGE
    (asked,) = cashouts_of(earner.member.id)
    assert "waits for a person" in earner.get(PAGE).text
    assert "2,000 credits, asked for" in mo.get("/queue").text
    work = f"/queue/cash-outs/{asked.id}"
    assert "confirmed less than 7 days ago" in mo.get(work).text
    assert mo.post(work, {"action": "approve"}).goes_to == "/queue"
    pay_out()
    assert said in earner.get(PAGE).text
    reconcile()
    assert "everything right" in mo.get("/accounts").text
    assert "Together 0" in mo.get("/accounts").text


def test_papers_that_are_not_accepted(earner: Visitor) -> None:
    at_the_bank(earner, "decline")
    assert "you were not confirmed" in earner.get(PAGE).text
    assert earner.post(PAGE, {"credits": "1000", "sure": "on"}).status == 409
    at_the_bank(earner, "pay")
    assert "How many credits?" in earner.get(PAGE).text


def test_taking_it_back(earner: Visitor, rita: Visitor) -> None:
    at_the_bank(earner, "pay")
    earner.post(PAGE, {"credits": "1000", "sure": "on"})
    (asked,) = cashouts_of(earner.member.id)
    assert rita.post(f"{PAGE}/{asked.id}/back").status == 404
    assert earner.post(f"{PAGE}/{asked.id}/back").goes_to == PAGE
    assert "taken back by you" in earner.get(PAGE).text


@pytest.mark.parametrize("credits_", ["", "x", "999", "2501", "99999999999999999999"])
def test_wrong_amounts_are_said_calmly(earner: Visitor, credits_: str) -> None:
    at_the_bank(earner, "pay")
    page = earner.post(PAGE, {"credits": credits_, "sure": "on"})
    assert page.status in (409, 422)
    assert cashouts_of(earner.member.id) == []


def test_a_refusal_needs_a_reason_and_shows_it(earner: Visitor, mo: Visitor) -> None:
    at_the_bank(earner, "pay")
    earner.post(PAGE, {"credits": "1000", "sure": "on"})
    work = f"/queue/cash-outs/{cashouts_of(earner.member.id)[0].id}"
    assert mo.post(work, {"action": "refuse"}).status == 422
    mo.post(work, {"action": "refuse", "reason": "Ask again with your own account."})
    assert "refused: Ask again with your own account." in earner.get(PAGE).text


def test_the_address_for_the_bank_takes_signed_messages_alone(earner: Visitor) -> None:
    account = confirmed(earner.member)
    event = BankEvent("evt_9", BankKind.CONFIRMED, account, 0, "x")
    body, signature = payments.bank_message(event, clock.now())
    outside = Client(enforce_csrf_checks=True)

    def sent(signed: str) -> int:
        headers = {"Payment-Signature": signed}
        return outside.post(
            "/payments/payouts", body, content_type="application/json", headers=headers
        ).status_code

    assert [sent(""), sent("t=1,v1=x"), sent(signature), sent(signature)] == [404, 404, 200, 200]


def test_where_nothing_is_paid_out(earner: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.conf.settings.PAYMENTS", "")
    assert "Nothing can be paid out here" in earner.get(PAGE).text
    assert sure(earner).post("/wallet/cash-out/account").status == 409


def test_where_the_money_goes_is_changed_by_password_alone(earner: Visitor) -> None:
    asked = earner.post("/wallet/cash-out/account")
    assert asked.goes_to.startswith("/account/reauthenticate/")
    assert sure(earner).post("/wallet/cash-out/account").goes_to.startswith("/wallet/sandbox-bank/")


# The wallet --------------------------------------------------------------------------------------


def test_movements_by_kind_and_page_by_page(earner: Visitor, rita: Visitor) -> None:
    page = earner.get("/wallet?show=earned")
    assert page.text.count("You were paid for your entry to") == 1
    assert "Nothing of this kind has moved" in earner.get("/wallet?show=cashed").text
    assert "Earned by month" in page.text
    for number in range(120):
        grant_credits(earner.member.party, 1, f"gift-{number}", by=HOUSE)
    address, seen = "/wallet?show=bought", []
    while address:
        page = earner.get(address)
        seen.append(page.text.count("The house gave you credits"))
        more = re.search(r'href="([^"]*cursor=[^"]*)" rel="next"', page.html)
        address = f"/wallet{html.unescape(more[1])}" if more else ""
        if more:
            theirs = address
    assert seen == [50, 50, 20]
    for wrong in ("/wallet?cursor=nonsense", "/wallet?cursor=AAAA"):
        assert earner.get(wrong).status == 422
    assert rita.get(theirs).status == 422, "a place in somebody else's wallet"


def test_statements_add_up(earner: Visitor, rita: Visitor) -> None:
    month = f"{clock.now():%Y-%m}"
    address = f"/wallet/statements/{month}.csv"
    assert earner.get("/wallet").html.count("/wallet/statements/") >= 2
    bought(earner.member, 500)
    page = earner.get(address)
    assert page.headers["Cache-Control"] == "no-store"
    rows = list(csv.DictReader(io.StringIO(page.raw.decode())))
    amounts = [int(row["credits"]) for row in rows if row["credits"]]
    opening, closing = int(rows[0]["balance"]), int(rows[-1]["balance"])
    assert opening + sum(amounts) == closing
    assert 500 in amounts
    assert earner.get(address.replace(".csv", ".pdf")).raw.startswith(b"%PDF-")
    for wrong in ("2026-13.csv", "2999-01.pdf", "x.csv", f"{month}.exe", month):
        assert earner.get(f"/wallet/statements/{wrong}").status == 404
    assert "500" not in rita.get(address).raw.decode().split("Opening")[0]


def test_a_page_of_the_sandbox_opens_for_what_it_was_given_out_for(earner: Visitor) -> None:
    bank = sure(earner).post("/wallet/cash-out/account").goes_to
    card = earner.post("/wallet/buy", {"credits": "500"}).goes_to
    assert earner.get(bank.replace("sandbox-bank", "sandbox")).status == 404
    assert earner.get(card.replace("sandbox", "sandbox-bank")).status == 404


def test_the_button_pressed_twice_asks_once(earner: Visitor) -> None:
    at_the_bank(earner, "pay")
    page = earner.post(PAGE, {"credits": "1000"})
    once = re.search(r'name="once" value="([0-9a-z]{12})"', page.html)
    assert once is not None
    for _ in range(2):
        earner.post(PAGE, {"credits": "1000", "sure": "on", "once": once[1]})
    assert len(cashouts_of(earner.member.id)) == 1
    assert earner.post(PAGE, {"credits": "1000", "sure": "on", "once": "../x"}).status == 422
