"""The mystery shopper at a running marketplace: files, sees it go, and later that it stays away."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from playwright.sync_api import Browser, expect

from assent.cli.audit_shop import shop
from tests.journeys.market import Market
from tests.journeys.test_story import Visitor

pytestmark = pytest.mark.server


def went(market: Market, token: str, folder: Path, *more: str) -> Result:
    words = ["--at", market.url, "--token", token, "--visits", str(folder / "visits.json"), *more]
    return CliRunner().invoke(shop, words, standalone_mode=False)


def test_req_aud_03_the_shopper_files_in_languages_and_comes_back(
    market: Market, browser: Browser, screenshots: Path, tmp_path: Path
) -> None:
    made = market.command("token", "cora")
    token = made.stdout.split()[-1]
    out = tmp_path / "published.json"
    first = went(market, token, tmp_path, "--language", "de", "--language", "ar")
    assert first.return_value == 0, (first.output, first.exception)
    visits = json.loads((tmp_path / "visits.json").read_text())["visits"]
    assert [one["language"] for one in visits] == ["de", "ar"]
    assert all(0 < one["receipt_seconds"] <= one["hide_seconds"] for one in visits)
    assert "open" in first.output

    mo = Visitor(browser, market, screenshots)
    mo.signs_in("mo")
    mo.goes_to(f"/cases/{visits[0]['number']}")
    mo.page.locator("main input[type=checkbox]").first.check()
    mo.page.get_by_role("button", name="Remove 1 item").click()
    expect(mo.page.get_by_role("main")).to_contain_text("decided")

    second = went(market, token, tmp_path, "--publish", str(out))
    assert second.return_value == 0, (second.output, second.exception)
    told = json.loads(out.read_text())["visits"]
    assert [one["stays_down"] for one in told] == [True, None]
    assert told[0]["decided_hours"] >= 0
    for visit in visits:
        for private in (visit["number"], visit["pin"], visit["item"]):
            assert private not in out.read_text()


def test_mistakes_are_said(tmp_path: Path) -> None:
    for words in (["--at", "here"], ["--at", "http://localhost:1", "--language", "xx"]):
        more = ["--token", "t", "--visits", str(tmp_path / "v.json")]
        assert CliRunner().invoke(shop, [*words, *more]).exit_code != 0
    (tmp_path / "v.json").write_text("{}")
    result = CliRunner().invoke(shop, ["--at", "http://localhost:1", *more])
    assert "no file of an earlier visit" in str(result.exception)
