"""The report in a real browser with the network off: no fault, no request, light and dark."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from assent.audit.report.write import write
from tests.audit.invented import BAN, market
from tests.audit.sources_made import audited

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("report")
    market(1200, 3).write_csv(folder / "market.csv")
    write(audited(folder / "market.csv", bans=[BAN]), folder, "assent audit market.csv --out .")
    return (folder / "report.html").as_uri()


@pytest.fixture(params=["light", "dark"])
def offline(request: pytest.FixtureRequest, browser: Browser, report: str) -> Page:
    context = browser.new_context(
        color_scheme=request.param, offline=True, viewport={"width": 360, "height": 800}
    )
    request.addfinalizer(context.close)  # noqa: PT021 - a fixture with a value
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url) if not r.url.startswith("data:") else None)
    page.on("pageerror", lambda error: asked.append(f"error: {error}"))
    page.on("console", lambda said: asked.append(said.text) if said.type != "log" else None)
    page.goto(report)
    page.wait_for_selector(".vega-embed svg")
    page.wait_for_function("!document.querySelector('[data-figure] > picture')")
    assert asked == [report]
    return page


def test_it_opens_offline_and_axe_finds_nothing(offline: Page) -> None:
    for summary in offline.query_selector_all("details:not([open]) > summary"):
        summary.click()
    results = Axe().run(offline)
    assert results.violations_count == 0, results.generate_report()
    assert offline.evaluate("document.documentElement.scrollWidth") <= 360


def test_tables_sort_and_give_their_csv(offline: Page) -> None:
    offline.click("#targets summary")
    head = offline.locator("#targets th button", has_text="count")
    head.click()
    cells = offline.locator("#targets tbody td:nth-child(2)").evaluate_all(
        "cells => cells.map(cell => cell.dataset.value).filter(value => value !== '').map(Number)"
    )
    assert cells == sorted(cells, reverse=True)
    link = offline.locator("#targets .get a", has_text="CSV").get_attribute("href")
    assert link is not None
    assert link.startswith("data:text/csv")
    assert Path(offline.locator("#targets .get a", has_text="CSV").get_attribute("download") or "")
