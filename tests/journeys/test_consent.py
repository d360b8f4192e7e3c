"""Somebody without an account, on a phone without scripts, is asked for consent and answers."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.market import Market
from tests.journeys.test_story import WAIT_MS, Visitor

pytestmark = pytest.mark.server

LINK = re.compile(r"/my-consent/open/[0-9a-z]{32}")


def letter_to(market: Market, address: str) -> str:
    """The path of the private link in the letter to this address, once it has arrived."""
    until = time.monotonic() + WAIT_MS / 1000
    while time.monotonic() < until:
        for mail in (market.data / "mail").glob("*"):
            text = mail.read_text()
            if f"To: {address}" in text and (found := LINK.search(text)):
                return found[0]
        time.sleep(0.2)
    raise AssertionError(f"no letter to {address} came")


def asks(rita: Visitor, name: str, address: str) -> None:
    """Rita asks somebody."""
    rita.goes_to("/consents/ask")
    rita.page.fill("[name=name]", name)
    rita.page.fill("[name=channel]", address)
    rita.presses("Ask")
    expect(rita.page.get_by_role("main")).to_contain_text("We have written to them")


def fills_the_terms(page: Page) -> None:
    """The person sets their own terms; an agent says by what right."""
    page.check("[name=signer][value=agent]")
    page.fill("[name=authority]", "Her agent since 2021, by written contract")
    page.fill("[name=purpose]", "Covers of her own audiobooks, nothing else")
    page.fill("[name=material]", "A LoRA from 30 portraits that she chooses")
    page.fill("[name=pay]", "nothing")
    page.fill("[name=signature]", "Ada Holm for Mina Okafor")
    for use in ("train", "generate", "display", "download"):
        page.check(f"[name={use}][value=yes]")
    for use in ("resell", "merge"):
        page.check(f"[name={use}][value=no]")
    page.check("[name=advice][value=counsel]")
    for promise in ("adult", "never_sexual", "cannot_untrain"):
        page.check(f"[name={promise}]")


@pytest.fixture
def rita(browser: Browser, market: Market, screenshots: Path) -> Visitor:
    """A requester, signed in."""
    visitor = Visitor(browser, market, screenshots)
    visitor.signs_in("rita")
    return visitor


@pytest.fixture
def phone(browser: Browser, market: Market, screenshots: Path) -> Page:
    """A phone without scripts."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, java_script_enabled=False, base_url=market.url
    )
    return context.new_page()


def test_an_agent_signs_and_is_asked_to_prove_it(
    rita: Visitor, phone: Page, market: Market, screenshots: Path
) -> None:
    asks(rita, "Mina Okafor", "mina@example.org")
    phone.goto(letter_to(market, "mina@example.org"))
    assert phone.url.endswith("/my-consent")  # the secret has left the address
    phone.screenshot(path=screenshots / "consent-1-asked.png", full_page=True)
    phone.get_by_role("button", name="Read the terms").click()
    phone.get_by_role("button", name="Sign", exact=True).click()
    expect(phone.get_by_role("alert")).to_contain_text("Sign with your name.")
    fills_the_terms(phone)
    phone.screenshot(path=screenshots / "consent-2-terms.png", full_page=True)
    phone.get_by_role("button", name="Sign", exact=True).click()
    expect(phone.locator("h1")).to_have_text("Show that it is you")
    phone.fill("[name=url]", "https://127.0.0.1/vera")
    phone.get_by_role("button", name="Look at my page").click()
    expect(phone.get_by_role("alert")).to_contain_text("public page")
    phone.screenshot(path=screenshots / "consent-3-prove.png", full_page=True)
    rita.goes_to("/consents")
    expect(rita.page.get_by_role("main")).to_contain_text("asked")


def test_never_again_is_one_press(rita: Visitor, phone: Page, market: Market) -> None:
    asks(rita, "Noor Aziz", "noor@example.org")
    phone.goto(letter_to(market, "noor@example.org"))
    phone.get_by_role("button", name="Never contact me again").click()
    expect(phone.locator("h1")).to_have_text("This request is over")
    rita.goes_to("/consents")
    expect(rita.page.get_by_role("main")).to_contain_text("asked")


def test_oneself_gets_a_link_and_takes_the_same_way(rita: Visitor, phone: Page) -> None:
    rita.goes_to("/consents/ask")
    rita.page.check("[name=is_self][value=yes]")
    rita.page.fill("[name=name]", "Rita Example")
    rita.page.fill("[name=channel]", "rita@example.org")
    rita.presses("Ask")
    phone.goto(rita.page.locator("code.key").inner_text())
    phone.get_by_role("button", name="Read the terms").click()
    expect(phone.locator("h1")).to_have_text("The terms")
