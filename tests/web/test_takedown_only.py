"""The process that serves the takedown path alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import override_settings

from tests.cast import Visitor
from tests.flows.market import posted, state


@pytest.fixture(autouse=True)
def takedown_only() -> Iterator[None]:
    with override_settings(ROOT_URLCONF="assent.config.urls_takedown"):
        yield


def test_it_takes_a_request_and_tells_its_status(stranger: Visitor, rita: Visitor) -> None:
    bounty = posted(rita.member)
    assert stranger.get("/takedown").status == 200
    sent = {"where": bounty, "relation": "agent", "good_faith": "on", "signature": "x"}
    assert "We have your request" in stranger.post("/takedown", sent).text
    assert state(bounty) == "hidden"
    assert stranger.post("/case", {"number": "A", "pin": "B"}).status == 404


def test_there_is_nothing_else_and_that_has_a_page_too(stranger: Visitor) -> None:
    for path in ("/", "/bounties", "/account/login/"):
        page = stranger.get(path)
        assert page.status == 404
        assert 'href="/takedown"' in page.html
