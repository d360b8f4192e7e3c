"""Coding with nothing but the keyboard, in a real browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from assent.audit.label.serve import CodingServer
from tests.audit.sources_made import jsonl
from tests.audit.test_label import RECORDS, drawn

pytestmark = pytest.mark.server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[CodingServer]:
    store = drawn(jsonl(tmp_path / "market.jsonl", RECORDS), tmp_path / "s", size=2)
    times = iter(range(10_000))
    made = CodingServer(store, lambda: f"{next(times):06}")
    thread = threading.Thread(target=lambda: made.serve_forever(poll_interval=0.01))
    thread.start()
    yield made
    made.shutdown()
    made.server_close()
    thread.join()


def test_only_the_keyboard(server: CodingServer, page: Page) -> None:
    page.goto(server.url)
    page.locator("input:focus").wait_for()  # the first key must not come too early
    page.keyboard.type("ada")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ada")
    assert Axe().run(page).violations_count == 0
    for key in "y2f":
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    page.wait_for_selector('[name=place][value="2"]', state="attached")
    page.keyboard.press("u")
    page.wait_for_selector('[name=place][value="1"]', state="attached")
    page.keyboard.press("n")
    page.keyboard.press("7")
    page.keyboard.press("Enter")
    page.wait_for_selector('[name=place][value="2"]', state="attached")
    for key in ("o", "8", "Enter"):
        page.keyboard.press(key)
    page.wait_for_selector("text=All 2 are coded")
    told = [(one.deepfake, one.theme, one.gender) for one in server.store.codings()]
    assert told == [("no", "open_request", "female"), ("unsure", "miscellaneous", None)]
    assert Axe().run(page).violations_count == 0
