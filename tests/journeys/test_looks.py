"""Every page that links lead to, for everybody, in a real browser: axe in light and in dark, a
phone's width without sideways scrolling, one heading, a title.

Before the walk, a bounty, a profile and a comment are filled with what is hard to set: a very long
word, writing from right to left, emoji.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve
from playwright.sync_api import Browser, Page

from tests.journeys.market import Market

pytestmark = pytest.mark.server

LONG = "Lighthousewatercolourpaintingwithoutanyspace" * 3
ODD = f"{LONG} منارة على الشاطئ 🦊🌊"
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1200, "height": 900}
# Each sees pages that the ones before them do not; a page is looked at once.
EVERYBODY = ("", "sam", "cora", "mo", "otto", "ada")
LEAST = 50
# No pages: downloads, and what signs somebody out.
_NOT_LOOKED_AT = re.compile(
    "file|thumb|logout|export|openapi|published|keys|json|_copy$|_pack$|^statement$"
)


def name_of(path: str) -> str:
    """Return the name of the page at an address; empty where there is none."""
    try:
        return resolve(path.partition("?")[0].partition("#")[0]).url_name or ""
    except Resolver404:
        return ""


def signs_in(page: Page, url: str, name: str) -> None:
    page.goto(f"{url}/account/login/")
    page.fill("[name=login]", name)
    page.fill("[name=password]", "demo")
    page.click("main button[type=submit]")
    page.wait_for_url(lambda found: "/account/login" not in found)


def writes_what_is_hard_to_set(page: Page, url: str) -> str:
    """Post a bounty of odd words, comment on it, and return its address."""
    page.goto(f"{url}/profile")
    page.fill("[name=about]", ODD)
    page.click("main button[type=submit]")
    page.goto(f"{url}/bounties/new")
    page.fill("[name=title]", LONG)
    page.fill("[name=description]", ODD)
    page.fill("[name=tags]", "lighthouse, منارة")
    page.fill("[name=credits]", "20")
    page.click("main button[type=submit]:has-text('Post')")
    page.wait_for_url(re.compile("/bounties/[0-9a-z]{12}$"))
    bounty = page.url[len(url) :]
    page.goto(f"{url}/comments/on/{bounty.rpartition('/')[2]}")
    if page.locator("[name=text]").count():
        page.fill("[name=text]", ODD)
        page.click("main button[type=submit]")
    return bounty


def walk(page: Page, url: str, seen: set[str], first: list[str]) -> Iterator[str]:
    """Open one page of each name that links lead to, and yield its address."""
    waiting = ["/", *first]
    while waiting:
        path = waiting.pop(0)
        name = name_of(path)
        if not name or (name in seen and path not in first) or _NOT_LOOKED_AT.search(name):
            continue
        seen.add(name)
        answer = page.goto(url + path)
        if answer and answer.status == 200 and "html" in answer.headers.get("content-type", ""):
            yield path
            waiting += page.eval_on_selector_all(
                "a[href^='/']", "all => all.map(a => a.getAttribute('href'))"
            )


def what_is_wrong(page: Page, axe: Axe) -> list[str]:
    """Look at the page that is open."""
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.reload()  # colours that are still on their way have no contrast to measure
        found += [
            f"{scheme}: {v['id']} at {[n['target'] for n in v['nodes']][:3]}"
            for v in axe.run(page).response["violations"]
        ]
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    found += [f"{wider} pixels wider than a phone"] if wider > 0 else []
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    headings = page.locator("h1").count()
    found += [f"{headings} main headings"] if headings != 1 else []
    found += ["no title"] if not page.title().strip() else []
    return found


def test_every_page_reads_well(market: Market, browser: Browser) -> None:
    writer = browser.new_page()
    signs_in(writer, market.url, "chris")
    odd = writes_what_is_hard_to_set(writer, market.url)
    writer.context.close()
    axe, seen, wrong = Axe(), set[str](), []
    for name in EVERYBODY:
        page = browser.new_page(viewport=DESK)  # type: ignore[arg-type]
        if name:
            signs_in(page, market.url, name)
        walked = set[str]()
        for path in walk(page, market.url, walked, [odd, "/users/chris"]):
            if name_of(path) not in seen or path == odd:
                wrong += [f"{name or 'a stranger'} {path} {w}" for w in what_is_wrong(page, axe)]
        seen |= walked
        page.context.close()
    assert wrong == [], "\n".join(wrong)
    assert len(seen) >= LEAST, sorted(seen)
