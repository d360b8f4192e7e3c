"""Buying and selling listings on their pages."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model

from assent.catalogue.models import StoredFile
from assent.core.ledger import Balance
from assent.flows.buy_listing import buy_listing
from assent.flows.set_price import set_price
from assent.flows.settle_sales import settle_sales
from assent.ledger.models import Sale
from tests.cast import Visitor
from tests.flows.market import in_days, lora_file, offered, scanned, versioned, wallet


@pytest.fixture
def listing(cora: Visitor) -> str:
    """A listing of Cora's for 100 credits."""
    return offered(cora.member, price=100)


def work(listing: str) -> str:
    """The address of its file."""
    return f"/files/{StoredFile.objects.get(item_id=listing, role='work').id}"


def test_whoever_buys_sees_first_what_happens_to_the_credits(rita: Visitor, listing: str) -> None:
    page = rita.get(f"/listings/{listing}")
    assert "100 credits" in page.text
    assert work(listing) not in page.html
    asked = rita.get(f"/listings/{listing}/buy").text
    for words in (
        "100 credits leave your wallet",
        "you can give it back",
        "taken down or withdrawn before that, you have all of them back",
        "95 credits are cora’s and 5 credits the house’s",
    ):
        assert words in asked
    assert rita.get(work(listing)).status == 403
    assert rita.post(f"/listings/{listing}/buy", {"price": "100"}).goes_to == f"/listings/{listing}"
    assert rita.get(work(listing)).status == 200
    assert "You bought it on" in rita.get(f"/listings/{listing}").text
    assert wallet(rita.member).available == 900
    assert "You bought Misty hills" in rita.get("/wallet").text


def test_two_presses_of_the_button_buy_once(rita: Visitor, listing: str) -> None:
    for _ in range(2):
        assert rita.post(f"/listings/{listing}/buy", {"price": "100"}).status == 302
    assert Sale.objects.count() == 1
    assert wallet(rita.member).available == 900


def test_a_price_that_changed_meanwhile_is_not_paid(
    rita: Visitor, cora: Visitor, listing: str
) -> None:
    set_price(cora.member, listing, 900)
    page = rita.post(f"/listings/{listing}/buy", {"price": "100"})
    assert page.status == 409
    assert "The price is 900 credits now" in page.text
    assert 'name="price" value="900"' in page.html
    assert wallet(rita.member).available == 1000


def test_the_page_of_a_version_leads_to_where_it_is_sold(
    rita: Visitor, cora: Visitor, listing: str
) -> None:
    page = rita.get(f"/versions/{versioned(cora.member, listing)}")
    assert "Its files open to whoever bought the listing" in page.text
    assert "/files/" not in page.main.replace("/thumb", "")[page.main.index("Files") :]


def test_nobody_buys_their_own(cora: Visitor, listing: str) -> None:
    assert cora.get(f"/listings/{listing}/buy").status == 403


def test_a_wallet_that_is_too_small_is_told_by_how_much(rita: Visitor, cora: Visitor) -> None:
    dear = offered(cora.member, 4, price=1500)
    page = rita.get(f"/listings/{dear}/buy")
    assert "need 500 more" in page.text
    assert "<button" not in page.main.partition("What happens")[2]
    assert rita.post(f"/listings/{dear}/buy", {"price": "1500"}).status == 409


def test_strangers_are_sent_to_sign_in(stranger: Visitor, listing: str) -> None:
    assert "Sign in to buy it" in stranger.get(f"/listings/{listing}").text
    assert stranger.get(f"/listings/{listing}/buy").goes_to.startswith("/account/login/")
    assert stranger.get(work(listing)).goes_to.startswith("/account/login/")


def test_what_was_not_downloaded_goes_back(rita: Visitor, sam: Visitor, listing: str) -> None:
    sale = buy_listing(rita.member, listing, 100).id
    assert "Give it back" in rita.get("/sales").text
    assert sam.post(f"/sales/{sale}/back").status == 404
    assert rita.post(f"/sales/{sale}/back").goes_to == "/sales"
    assert wallet(rita.member) == Balance(posted=1000)
    assert "Given back" in rita.get("/sales").text
    assert rita.get(work(listing)).status == 403


def test_what_was_downloaded_does_not(rita: Visitor, listing: str) -> None:
    sale = buy_listing(rita.member, listing, 100).id
    assert rita.get(work(listing)).status == 200
    assert "Give it back" not in rita.get("/sales").text
    page = rita.post(f"/sales/{sale}/back")
    assert (page.status, "You have downloaded it" in page.text) == (409, True)


def test_a_seller_reads_what_each_sale_brought_and_not_who_bought(
    rita: Visitor, cora: Visitor, listing: str
) -> None:
    buy_listing(rita.member, listing, 100)
    assert "95 waiting" in cora.get(f"/listings/{listing}").text
    page = cora.get("/sales")
    assert "Waits until" in page.text
    assert "rita" not in page.main
    with in_days(4):
        settle_sales()
    assert "Paid" in cora.get("/sales").text
    assert "You were paid for a sale of Misty hills" in cora.get("/wallet").text
    assert "Sold 1 time: 95 credits paid to you" in cora.get(f"/listings/{listing}").text
    assert cora.get("/wallet/statements/2000-01.csv").status == 200


def test_pages_of_nobody_s_say_so(rita: Visitor) -> None:
    assert "You have not bought anything yet" in rita.get("/sales").text
    assert "You have not sold anything yet" in rita.get("/sales").text


def test_the_owner_sets_the_price(cora: Visitor, rita: Visitor, listing: str) -> None:
    assert "Of each price the house keeps 5 per cent" in cora.get(f"/listings/{listing}/price").text
    assert rita.get(f"/listings/{listing}/price").status == 403
    page = cora.post(f"/listings/{listing}/price", {"price": "3"})
    assert (page.status, "Ask for 10 to 100,000 credits" in page.text) == (422, True)
    cora.post(f"/listings/{listing}/price", {"price": ""})
    assert rita.get(work(listing)).status == 200
    assert "Ask for a price" in cora.get(f"/listings/{listing}").text


def test_work_is_offered_for_a_price(cora: Visitor, rita: Visitor) -> None:
    fields = {
        "title": "Quiet hills", "type": "LoraCreation", "version": "1.0", "price": "250",
        "files": lora_file(8),
    }  # fmt: skip
    page = cora.post("/listings/new", fields)
    assert page.status == 302
    listing = scanned(page.goes_to.rpartition("/")[2])
    assert "250 credits" in rita.get(f"/listings/{listing}").text
    bad = cora.post("/listings/new", fields | {"price": "5", "files": lora_file(9)})
    assert "Ask for 10 to 100,000 credits" in bad.text


def test_a_list_is_narrowed_to_what_is_free(stranger: Visitor, cora: Visitor, listing: str) -> None:
    free = offered(cora.member, 5, "Green hills")
    assert "100 credits" in stranger.get("/listings").main
    priced = stranger.get("/listings?price=priced").main
    assert (listing in priced, free in priced) == (True, False)
    gratis = stranger.get("/listings?price=free").main
    assert (listing in gratis, free in gratis) == (False, True)


def test_a_doubted_sale_is_decided_in_the_queue(
    rita: Visitor, cora: Visitor, mo: Visitor, listing: str
) -> None:
    users = get_user_model().objects
    users.filter(pk=cora.member.id).update(email="rita+two@example.org")
    page = rita.post(f"/listings/{listing}/buy", {"price": "100"})
    rita.get(page.goes_to)  # reads the message of the sale away
    seen = rita.get(page.goes_to)
    assert "Its files open once a moderator has looked" in seen.text
    assert "Buy it" not in seen.text
    sale = Sale.objects.get()
    assert f"/queue/sales/{sale.id}" in mo.get("/queue").main
    assert rita.get(f"/queue/sales/{sale.id}").status == 403
    assert "share a mailbox" in mo.get(f"/queue/sales/{sale.id}").text
    mo.post(f"/queue/sales/{sale.id}", {"choice": "pay"})
    assert rita.get(work(listing)).status == 200
    assert mo.get(f"/queue/sales/{sale.id}").status == 409
