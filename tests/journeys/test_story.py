"""The whole story in a real browser, on a real marketplace with its worker, step by step."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.core.files.files_made import lora, picture
from tests.journeys.market import Market

pytestmark = pytest.mark.server

DEADLINE = (date.today() + timedelta(days=20)).isoformat()  # noqa: DTZ011 - what a person types
WAIT_MS = 20_000


class Visitor:
    """A person at a browser of their own, who takes a picture of every step."""

    def __init__(self, browser: Browser, market: Market, shots: Path, **context: object) -> None:
        self.page: Page = browser.new_context(
            viewport={"width": 1280, "height": 900},
            **context,  # type: ignore[arg-type]
        ).new_page()
        self._url = market.url
        self._shots = shots

    def goes_to(self, path: str) -> int:
        """Open a path and return the status."""
        answer = self.page.goto(self._url + path)
        assert answer is not None
        return answer.status

    def signs_in(self, name: str) -> None:
        """Sign in with the demo's password."""
        self.goes_to("/account/login/")
        self.page.fill("input[name=login]", name)
        self.page.fill("input[name=password]", "demo")
        self.page.get_by_role("main").get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("banner")).to_contain_text(name)

    def keeps(self, step: str) -> None:
        """Keep a picture of what the person sees."""
        self.page.screenshot(path=self._shots / f"story-{step}.png", full_page=True)

    def presses(self, name: str) -> None:
        """Press the one button or link of this name in the page itself."""
        main = self.page.get_by_role("main")
        main.get_by_role("button", name=name, exact=True).or_(
            main.get_by_role("link", name=name, exact=True)
        ).first.click()

    def writes_bounty(self, title: str, text: str, credits_: int) -> None:
        """Fill the form for a bounty and post it."""
        self.goes_to("/bounties/new")
        self.page.fill("[name=title]", title)
        self.page.fill("[name=description]", text)
        self.page.fill("[name=credits]", str(credits_))
        self.page.fill("[name=deadline]", DEADLINE)
        self.presses("Post the bounty")

    def spendable(self) -> int:
        """Return the credits that the wallet says may be spent."""
        self.goes_to("/wallet")
        shown = self.page.locator("dl.sums .first dd").inner_text()
        return int(re.sub(r"\D", "", shown))


@pytest.fixture(scope="module")
def people(browser: Browser, market: Market, screenshots: Path) -> dict[str, Visitor]:
    """Signed-in people of the demo, each in their own browser."""
    found = {n: Visitor(browser, market, screenshots) for n in ("rita", "sam", "cora", "mo")}
    for name, visitor in found.items():
        visitor.signs_in(name)
    return found


@pytest.fixture(scope="module")
def bounty(people: dict[str, Visitor]) -> str:
    """The path of the bounty that rita posts."""
    rita = people["rita"]
    before = rita.spendable()
    rita.writes_bounty("Stone bridges in fog", "Old stone bridges in thick fog, muted greys.", 300)
    expect(rita.page.locator("h1")).to_have_text("Stone bridges in fog")
    rita.keeps("02-posted")
    path = rita.page.url.removeprefix(rita._url).partition("?")[0]
    assert rita.spendable() == before - 300
    return path


def test_a_newcomer_sees_a_marketplace_and_signs_up(
    browser: Browser, market: Market, screenshots: Path
) -> None:
    newcomer = Visitor(browser, market, screenshots)
    newcomer.goes_to("/")
    newcomer.keeps("01-home")
    newcomer.goes_to("/account/signup/")
    newcomer.page.fill("[name=username]", "newcomer")
    newcomer.page.fill("[name=email]", "newcomer@example.org")
    newcomer.page.fill("[name=password1]", "seven-green-kettles")
    newcomer.keeps("01-sign-up")
    newcomer.page.locator("main form button[type=submit]").click()
    expect(newcomer.page.get_by_role("banner")).to_contain_text("newcomer")


def test_a_request_for_a_real_person_is_refused_with_the_words_marked(
    people: dict[str, Visitor],
) -> None:
    rita = people["rita"]
    before = rita.spendable()
    rita.writes_bounty(
        "Portrait LoRA of T0m Hanks", "A LoRA of T0m Hanks, must look exactly like him.", 200
    )
    expect(rita.page.locator("mark").first).to_contain_text("Hanks")
    rita.keeps("03-refused")
    assert rita.spendable() == before


def test_the_story_from_pledge_to_payout(
    people: dict[str, Visitor], bounty: str, tmp_path: Path
) -> None:
    rita, sam, cora = people["rita"], people["sam"], people["cora"]
    sam.goes_to(bounty)
    sam.page.fill("[name=credits]", "100")
    sam.presses("Add credits")
    expect(sam.page.get_by_role("main")).to_contain_text("400")
    sam.keeps("04-pledged")

    had = cora.spendable()
    made = lora(7, {"made_with": "care"})  # training notes that name somebody would be held
    (tmp_path / "bridges.safetensors").write_bytes(made)
    (tmp_path / "bridges.png").write_bytes(picture(size=(256, 256)))
    cora.goes_to(f"{bounty}/enter")
    cora.page.set_input_files("[name=files]", tmp_path / "bridges.safetensors")
    cora.page.set_input_files("[name=images]", tmp_path / "bridges.png")
    cora.keeps("05-hand-in")
    cora.presses("Hand in")
    expect(cora.page).to_have_url(re.compile("/entries/"), timeout=WAIT_MS)
    expect(cora.page.locator(".badge").first).to_have_text("Published", timeout=WAIT_MS)
    cora.keeps("06-entry")

    rita.goes_to(bounty)
    rita.presses("Award this entry")
    rita.keeps("07-award")
    rita.page.locator("main form button[type=submit]").click()
    expect(rita.page.get_by_role("main")).to_contain_text("Settled")
    rita.keeps("08-awarded")
    with rita.page.expect_download() as download:
        rita.goes_to(cora.page.url.removeprefix(cora._url))
        rita.page.locator("a[download]").first.click()
    assert download.value.path().read_bytes() == made

    for _ in range(40):
        if cora.spendable() == had + 400:
            break
        cora.page.wait_for_timeout(500)
    cora.keeps("09-paid")
    assert cora.spendable() == had + 400


def test_what_is_unsure_is_held_until_a_moderator_publishes_it(people: dict[str, Visitor]) -> None:
    sam, mo = people["sam"], people["mo"]
    sam.writes_bounty("A mystery woman", "Evening light, reading by a window, oil on canvas.", 60)
    expect(sam.page.locator(".badge").first).to_have_text("Held")
    sam.keeps("10-held")
    path = sam.page.url.removeprefix(sam._url)
    mo.goes_to("/queue")
    mo.keeps("11-queue")
    mo.page.locator(f'a[href="{path.replace("/bounties/", "/queue/")}"]').click()
    mo.keeps("12-held-item")
    mo.page.fill("[name=reason]", "Checked.")
    mo.presses("Publish")
    sam.goes_to(path)
    expect(sam.page.locator(".badge").first).to_have_text("Open")


def test_a_person_depicted_has_something_taken_down_without_account_or_javascript(
    browser: Browser, market: Market, screenshots: Path, bounty: str
) -> None:
    person = Visitor(
        browser,
        market,
        screenshots,
        java_script_enabled=False,
    )
    person.page.set_viewport_size({"width": 360, "height": 740})
    assert person.goes_to(bounty) == 200
    person.page.get_by_role("main").get_by_role("link", name="Request a takedown").first.click()
    person.keeps("13-takedown")
    person.page.check("[name=relation][value=me]")
    person.page.check("[name=good_faith]")
    person.page.fill("[name=signature]", "A. B.")
    person.presses("Send the request")
    number = person.page.locator("#number").inner_text()
    pin = person.page.locator("#pin").inner_text()
    person.keeps("14-receipt")
    assert person.goes_to(bounty) == 410
    person.keeps("15-gone")
    person.goes_to(f"/case/{number}")
    person.page.fill("[name=pin]", pin)
    person.presses("Show the status")
    expect(person.page.get_by_role("main")).to_contain_text(number)
    person.keeps("16-status")
    assert pin not in person.page.url


def test_afterwards_the_books_and_the_journal_are_proved(market: Market) -> None:
    assert market.command("verify-ledger").returncode == 0
    assert market.command("verify-journal").returncode == 0
