"""A moderator's hour by keys alone, in a real browser; a colleague at another one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.market import Market
from tests.journeys.test_story import Visitor

pytestmark = pytest.mark.server

UNSURE = "A mystery woman"


@pytest.fixture(scope="module")
def crew(browser: Browser, market: Market, screenshots: Path) -> dict[str, Visitor]:
    """Two moderators and somebody who posts, each at a browser of their own."""
    found = {name: Visitor(browser, market, screenshots) for name in ("mo", "mia", "sam")}
    for name, visitor in found.items():
        visitor.signs_in(name)
    return found


def posts(sam: Visitor, words: str) -> None:
    sam.writes_bounty(UNSURE, words, 20)
    expect(sam.page.locator(".badge").first).to_have_text("Held")


def keys(who: Visitor, *pressed: str) -> None:
    for key in pressed:
        who.page.keyboard.press(key)


def walks_to(who: Visitor, title: str) -> None:
    """Go down the queue to a row, and open it."""
    for _ in range(60):
        who.page.keyboard.press("j")
        focused = who.page.evaluate("document.activeElement.textContent").strip()
        if focused == title:
            break
    assert focused == title
    who.page.keyboard.press("Enter")
    expect(who.page.locator("h1")).to_contain_text(title)


def test_an_hour_without_a_mouse(crew: dict[str, Visitor]) -> None:
    mo, mia, sam = crew["mo"], crew["mia"], crew["sam"]
    posts(sam, "Evening light, reading by a window, oil on canvas.")
    posts(sam, "Walking along a river in the fog, charcoal.")
    mo.goes_to("/queue")
    keys(mo, "?")
    expect(mo.page.locator("details.keys")).to_have_attribute("open", "")
    mo.keeps("30-queue-keys")
    keys(mo, "?")

    walks_to(mo, UNSURE)
    expect(mo.page.locator(".lease")).to_contain_text("Nobody works on this")
    keys(mo, "t")
    expect(mo.page.locator(".lease")).to_contain_text("Yours until")
    first = mo.page.url

    mia.goes_to("/queue")
    expect(mia.page.get_by_role("main")).to_contain_text(re.compile(r"mo until \d\d:\d\d"))
    mia.keeps("31-queue-taken")
    mia.page.goto(first)
    expect(mia.page.locator(".lease")).to_contain_text("mo works on this")
    keys(mia, "p")
    expect(mia.page.get_by_role("main")).to_contain_text("mo is working on this")
    mia.keeps("32-taken")

    # What is written is written: no key acts inside a field.
    keys(mo, "w")
    mo.page.keyboard.type("pxqjk? Who is she?")
    expect(mo.page.locator("textarea[name=reason]")).to_have_value("pxqjk? Who is she?")
    mo.keeps("33-reason")
    keys(mo, "Escape", "x")
    expect(mo.page.locator("h1")).to_have_text("Queue")
    expect(mo.page.get_by_role("status").first).to_contain_text("It is refused")

    walks_to(mo, UNSURE)
    assert mo.page.url != first
    keys(mo, "t")
    expect(mo.page.locator(".lease")).to_contain_text("Yours until")
    keys(mo, "r")
    expect(mo.page.locator("h1")).to_have_text("Queue")
    walks_to(mo, UNSURE)
    keys(mo, "p")
    expect(mo.page.get_by_role("status").first).to_contain_text("It is public now")
    keys(mo, "q")
    expect(mo.page.locator("h1")).to_have_text("Queue")


def test_the_queue_works_without_scripts(
    browser: Browser, market: Market, screenshots: Path
) -> None:
    plain = Visitor(browser, market, screenshots, java_script_enabled=False)
    plain.signs_in("mia")
    plain.goes_to("/queue")
    plain.page.locator("[data-work]").first.click()
    plain.presses("Take it")
    expect(plain.page.locator(".lease")).to_contain_text("Yours until")
    plain.presses("Let go")
    expect(plain.page.locator("h1")).to_have_text("Queue")


def test_several_at_once_and_back_by_keys(crew: dict[str, Visitor]) -> None:
    mo, mia, sam = crew["mo"], crew["mia"], crew["sam"]
    for words in ("In a garden, gouache.", "By the sea, etching.", "On a balcony, pastel."):
        posts(sam, words)
    before = sam.spendable()
    mo.goes_to("/queue")
    for _ in range(60):
        keys(mo, "j")
        if mo.page.evaluate("document.activeElement.textContent").strip() == UNSURE:
            keys(mo, "m")
        if mo.page.evaluate(
            "document.activeElement === [...document.querySelectorAll('[data-work]')].at(-1)"
        ):
            break
    keys(mo, "b")
    expect(mo.page.locator("h1")).to_have_text("Decide 3 items together")
    expect(mo.page.get_by_role("main")).to_contain_text("3 items would be refused")
    mo.keeps("34-together")
    third = mo.page.locator("ul.bulk a[data-work]").nth(2).get_attribute("href")
    mia.goes_to(str(third))
    keys(mia, "t")
    expect(mia.page.locator(".lease")).to_contain_text("Yours until")
    keys(mo, "w")
    mo.page.keyboard.type("Say that she is invented.")
    keys(mo, "Escape", "x")
    expect(mo.page.locator("h1")).to_have_text("2 refused")
    expect(mo.page.get_by_role("main")).to_contain_text("mia is working on this")
    mo.keeps("35-together-done")
    assert sam.spendable() == before + 40
    keys(mo, "z")
    expect(mo.page.locator("h1")).to_have_text("Taken back")
    assert sam.spendable() == before
