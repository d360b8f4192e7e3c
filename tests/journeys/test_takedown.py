"""Somebody with a phone at night: finds the item, asks, sees it gone, reads the status, complains.

In Arabic and in English, 360 pixels wide. Once without scripts, as a picture of every step; once
with them, so that axe can look at every page in light and in dark.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.journeys.market import Market
from tests.journeys.test_looks import signs_in

pytestmark = pytest.mark.server

PHONE = {"width": 360, "height": 740}


class Asker:
    """The person at their phone; what is wrong with a page they see is collected."""

    def __init__(
        self, browser: Browser, market: Market, shots: Path, code: str, *, script: bool
    ) -> None:
        self.page: Page = browser.new_context(
            viewport=PHONE,  # type: ignore[arg-type]
            locale=code,
            java_script_enabled=script,
        ).new_page()
        self.url, self.code, self.script = market.url, code, script
        self.shots, self.axe, self.wrong = shots, Axe(), list[str]()

    def looks(self, step: str) -> None:
        """Look at the page that is open."""
        for scheme in ("light", "dark"):
            self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            if not self.script:
                path = self.shots / f"takedown-{self.code}-{step}-{scheme}.png"
                self.page.screenshot(path=path, full_page=True)
                continue
            self.page.wait_for_timeout(400)  # colours on their way have no contrast to measure
            for found in self.axe.run(self.page).response["violations"]:
                where = [n["target"] for n in found["nodes"]][:3]
                self.wrong.append(f"{step} {scheme}: {found['id']} at {where}")
        if self.script:
            wider = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            self.wrong += [f"{step}: {wider} pixels wider than a phone"] if wider > 0 else []
        html = self.page.locator("html")
        expect(html).to_have_attribute("lang", self.code)
        expect(html).to_have_attribute("dir", "rtl" if self.code == "ar" else "ltr")
        assert self.page.locator("h1").count() == 1

    def asks_for(self, item: str) -> tuple[str, str]:
        """From the item to the receipt in two steps; return number and PIN."""
        page = self.page
        page.goto(f"{self.url}{item}")
        page.locator("main a[href*='/takedown?item=']").first.click()
        self.looks("1-form")
        page.check("[name=relation][value=me]")
        page.check("[name=good_faith]")
        page.fill("[name=signature]", "N.")
        page.locator("main button[type=submit]").click()
        self.looks("2-receipt")
        return page.locator("#number").inner_text(), page.locator("#pin").inner_text()

    def opens(self, number: str, pin: str) -> None:
        """Open the status with number and PIN."""
        self.page.goto(f"{self.url}/case")
        self.page.fill("[name=number]", number)
        self.page.fill("[name=pin]", pin)
        self.page.locator("main button[type=submit]").click()


def posts(browser: Browser, market: Market, title: str) -> str:
    """A member's new bounty, by its address."""
    page = browser.new_page()
    signs_in(page, market.url, "sam")
    page.goto(f"{market.url}/bounties/new")
    page.fill("[name=title]", title)
    page.fill("[name=description]", "Loose brush work.")
    page.fill("[name=credits]", "20")
    page.click("main button[type=submit]:has-text('Post')")
    page.wait_for_url(re.compile("/bounties/[0-9a-z]{12}$"))
    address = page.url[len(market.url) :]
    page.context.close()
    return address


def turn_down(browser: Browser, market: Market, number: str) -> None:
    """Two moderators agree that it shows nobody."""
    for name, step in (("mo", "Propose to turn it down"), ("mia", "Agree, and give back")):
        page = browser.new_page()
        signs_in(page, market.url, name)
        page.goto(f"{market.url}/cases/{number}")
        if name == "mo":
            page.check("[name=ground][value=no_likeness]")
        page.get_by_role("button", name=step).click()
        page.context.close()


@pytest.mark.parametrize("script", [False, True], ids=["no-script", "axe"])
@pytest.mark.parametrize("code", ["en", "ar"])
def test_req_td_02_find_it_ask_see_it_gone_read_the_status_complain(
    market: Market, browser: Browser, screenshots: Path, code: str, script: bool
) -> None:
    item = posts(browser, market, f"A fox in a field, {code} {script}")
    asker = Asker(browser, market, screenshots, code, script=script)
    number, pin = asker.asks_for(item)
    gone = asker.page.goto(market.url + item)
    assert gone is not None
    assert gone.status == 410
    asker.opens(number, pin)
    asker.looks("3-status")
    assert asker.page.locator("ol.track .reached").count() >= 2
    turn_down(browser, market, number)
    asker.opens(number, pin)
    asker.looks("4-decided")
    asker.page.fill("[name=text]", "انظروا مرة أخرى" if code == "ar" else "Please look again.")
    asker.page.click("button[value=complain]")
    asker.looks("5-complained")
    expect(asker.page.locator("[role=status]").first).to_be_visible()
    # Nothing that the page of the case needs is in the address.
    assert pin not in asker.page.url
    assert number not in asker.page.url
    assert asker.wrong == [], "\n".join(asker.wrong)
    asker.page.context.close()


def test_req_td_09_a_file_is_hashed_in_the_browser_and_nothing_leaves_it(
    market: Market, browser: Browser, tmp_path: Path
) -> None:
    content = bytes(range(256)) * 40_000  # ten megabytes: more than one piece
    (tmp_path / "one.safetensors").write_bytes(content)
    (tmp_path / "two.png").write_bytes(b"")
    page = browser.new_page(viewport=PHONE)  # type: ignore[arg-type]
    page.goto(f"{market.url}/takedown/fingerprint")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.set_input_files("#pick", [tmp_path / "one.safetensors", tmp_path / "two.png"])
    both = [hashlib.sha256(one).hexdigest() for one in (content, b"")]
    expect(page.locator("#id_where")).to_have_value("\n".join(both), timeout=60_000)
    expect(page.locator("#pick_state")).to_contain_text("Done")
    assert sent == []
    # And could not: the page's own policy refuses every connection.
    tried = page.evaluate("fetch('/case').then(() => 'sent', () => 'refused')")
    assert tried == "refused"
    page.get_by_role("button", name="Put them in the form").click()
    expect(page.locator("[name=where]")).to_have_value("\n".join(both))
    assert all("one.safetensors" not in url for url in sent)
    assert Axe().run(page).response["violations"] == []
    page.context.close()


def test_without_scripts_the_page_says_how_to_make_the_hash(
    market: Market, browser: Browser
) -> None:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{market.url}/takedown/fingerprint")
    expect(page.get_by_text("sha256sum FILE")).to_be_visible()
    expect(page.locator("#pick")).to_be_hidden()
    page.fill("[name=where]", "ab" * 32)
    page.get_by_role("button", name="Put them in the form").click()
    expect(page.locator("[name=where]")).to_have_value("ab" * 32)
    context.close()


def test_req_td_19_after_deletion_no_word_of_theirs_is_in_any_file(
    market: Market, browser: Browser
) -> None:
    canary = "kanariengelb"
    page = browser.new_page()
    page.goto(f"{market.url}/takedown")
    page.fill("[name=where]", f"{canary}-where: please search")
    page.check("[name=relation][value=me]")
    page.check("[name=good_faith]")
    page.fill("[name=signature]", f"{canary}-name")
    page.check("[name=contact_kind][value=phone]")
    page.fill("[name=contact_value]", f"{canary}-number")
    page.click("details.more > summary")
    page.fill("[name=note]", f"{canary}-note")
    page.click("main button[type=submit]")
    number, pin = page.locator("#number").inner_text(), page.locator("#pin").inner_text()
    page.goto(f"{market.url}/case")
    page.fill("[name=number]", number)
    page.fill("[name=pin]", pin)
    page.click("main button[type=submit]")
    page.fill("[name=note]", f"{canary}-message")
    page.click("button[value=write]")
    assert holding(market.data, canary), "the test looks where nothing is kept"
    page.click("details.more:has([name=sure]) > summary")
    page.check("[name=sure]")
    page.click("button[value=erase]")
    expect(page.locator("h1")).to_contain_text("gone")
    assert holding(market.data, canary) == []
    assert market.command("verify-journal").returncode == 0
    page.context.close()


def holding(folder: Path, canary: str) -> list[str]:
    """The files of a marketplace that hold a word, by name."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in files if canary.encode() in path.read_bytes()]
