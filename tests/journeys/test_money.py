"""Money from a card to a bank, in a real browser: buy, fund, win, cash out, and a dispute."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.core.files.files_made import lora, picture
from tests.journeys.market import Market
from tests.journeys.test_story import WAIT_MS, Visitor

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def patron(browser: Browser, market: Market, screenshots: Path) -> Visitor:
    """Somebody new, who has no credits from anybody."""
    found = Visitor(browser, market, screenshots)
    found.goes_to("/account/signup/")
    for field, text in {
        "username": "walter",
        "email": "walter@example.org",
        "password1": "eight-brown-kettles",
    }.items():
        found.page.fill(f"[name={field}]", text)
    found.page.locator("main form button[type=submit]").click()
    expect(found.page.get_by_role("banner")).to_contain_text("walter")
    return found


@pytest.fixture(scope="module")
def crew(browser: Browser, market: Market, screenshots: Path) -> dict[str, Visitor]:
    """A creator and a moderator of the demo, signed in."""
    found = {name: Visitor(browser, market, screenshots) for name in ("cora", "mo")}
    for name, visitor in found.items():
        visitor.signs_in(name)
    return found


def buys(who: Visitor, credits_: int, what_happens: str) -> None:
    """Buy credits, and choose on the sandbox's page what happens."""
    who.goes_to("/wallet/buy")
    who.page.check(f"[name=credits][value='{credits_}']")
    who.presses("Go on to pay")
    who.presses(what_happens)
    expect(who.page).to_have_url(re.compile("/wallet$"))


def test_from_a_card_to_a_bank(
    patron: Visitor, crew: dict[str, Visitor], market: Market, tmp_path: Path
) -> None:
    cora, mo = crew["cora"], crew["mo"]
    buys(patron, 2500, "The payment succeeds")
    assert patron.spendable() == 2500
    patron.writes_bounty("Harbour cranes at dawn", "Tall cranes, pink sky, soft pencil.", 2400)
    bounty = patron.page.url.removeprefix(patron._url).partition("?")[0]

    (tmp_path / "cranes.safetensors").write_bytes(lora(70, {"made_with": "care"}))
    (tmp_path / "cranes.png").write_bytes(picture(size=(200, 256)))
    cora.goes_to(f"{bounty}/enter")
    cora.page.set_input_files("[name=files]", tmp_path / "cranes.safetensors")
    cora.page.set_input_files("[name=images]", tmp_path / "cranes.png")
    cora.presses("Hand in")
    expect(cora.page.locator(".badge").first).to_have_text("Published", timeout=WAIT_MS)
    patron.goes_to(bounty)
    patron.presses("Award this entry")
    patron.page.locator("main form button[type=submit]").click()
    expect(patron.page.get_by_role("main")).to_contain_text("Settled")

    had = cora.spendable()
    for _ in range(40):
        if cora.spendable() != had:
            break
        cora.page.wait_for_timeout(500)
    expect(cora.page.get_by_role("main")).to_contain_text("Cash out up to 2,400")
    cora.keeps("20-earned")

    cora.goes_to("/wallet/cash-out")
    cora.presses("Go to the provider")
    # The password once more: a stolen session must not send the money elsewhere.
    cora.page.fill("input[name=password]", "demo")
    cora.page.locator("main form button[type=submit]").first.click()
    cora.keeps("21-sandbox-bank")
    cora.presses("I am confirmed, and my bank takes the money")
    cora.page.fill("[name=credits]", "2000")
    cora.presses("Go on")
    expect(cora.page.get_by_role("main")).to_contain_text("19.50 euros")
    cora.keeps("22-sure")
    cora.presses("Cash out")
    expect(cora.page.get_by_role("main")).to_contain_text("waits for a person")

    mo.goes_to("/queue")
    mo.page.get_by_role("link", name="2,000 credits", exact=True).click()
    mo.keeps("23-cash-out")
    mo.presses("Approve")
    for _ in range(40):
        cora.goes_to("/wallet/cash-out")
        if "paid" in cora.page.locator("main table tbody").inner_text():
            break
        cora.page.wait_for_timeout(500)
    cora.keeps("24-paid-out")
    expect(cora.page.locator("main table tbody")).to_contain_text("paid")
    cora.goes_to("/wallet")
    with cora.page.expect_download() as download:
        cora.page.get_by_role("link", name="PDF").first.click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")
    mo.goes_to("/accounts")
    mo.keeps("25-accounts")


def test_a_listing_is_offered_bought_and_downloaded(
    patron: Visitor, crew: dict[str, Visitor], tmp_path: Path
) -> None:
    cora = crew["cora"]
    (tmp_path / "tides.safetensors").write_bytes(lora(71, {"made_with": "care"}))
    cora.goes_to("/listings/new")
    cora.page.fill("[name=title]", "Tidal flats in ink")
    cora.page.fill("[name=price]", "50")
    cora.page.set_input_files("[name=files]", tmp_path / "tides.safetensors")
    cora.presses("Offer it")
    expect(cora.page).to_have_url(re.compile(r"/listings/[0-9a-z]{12}$"), timeout=WAIT_MS)
    listing = cora.page.url.removeprefix(cora._url)
    # Nobody else sees it before the worker has.
    for _ in range(60):
        if patron.goes_to(listing) == 200:
            break
        patron.page.wait_for_timeout(500)
    patron.goes_to("/listings?price=priced")
    patron.page.get_by_role("link", name="Tidal flats in ink", exact=True).click()
    patron.keeps("26-for-sale")
    patron.presses("Buy it")
    patron.keeps("27-sure-to-buy")
    had = patron.spendable()
    patron.goes_to(f"{listing}/buy")
    patron.presses("Pay 50 credits")
    expect(patron.page.get_by_role("main")).to_contain_text("You bought it on")
    patron.goes_to(listing)
    with patron.page.expect_download() as download:
        patron.page.get_by_role("complementary").get_by_text("Download").last.click()
    assert download.value.path().read_bytes()
    patron.goes_to("/sales")
    patron.keeps("28-bought")
    assert patron.page.get_by_text("Give it back").count() == 0
    assert patron.spendable() == had - 50
    cora.goes_to("/sales")
    cora.keeps("29-sold")
    expect(cora.page.get_by_role("main")).to_contain_text("Tidal flats in ink")
    expect(cora.page.get_by_role("main")).not_to_contain_text("walter")


def test_a_dispute_takes_back_what_is_left(patron: Visitor, market: Market) -> None:
    before = patron.spendable()
    buys(patron, 500, "It succeeds, and is disputed afterwards")
    assert patron.spendable() == before
    expect(patron.page.get_by_role("main")).to_contain_text(
        "Your payment was taken back through your card"
    )


def test_a_lost_message_is_caught_up_and_the_books_hold(patron: Visitor, market: Market) -> None:
    before = patron.spendable()
    buys(patron, 500, "It succeeds, and the provider’s message is lost")
    assert patron.spendable() == before
    done = market.command("reconcile")
    assert (done.returncode, "1 messages caught up" in done.stdout) == (0, True), done.stdout
    assert patron.spendable() == before + 500
    assert market.command("verify-ledger").returncode == 0
    assert market.command("verify-journal").returncode == 0
