"""Buying and selling through the API."""

from __future__ import annotations

import pytest

from assent.ledger.models import Sale
from tests.api.conftest import Caller
from tests.flows.market import offered


@pytest.fixture
def listing(cora: Caller) -> str:
    """A listing of Cora's for 100 credits."""
    assert cora.member is not None
    return offered(cora.member, price=100)


def test_a_repeated_call_buys_once_and_answers_the_same(rita: Caller, listing: str) -> None:
    first, again = (
        rita.post(f"/listings/{listing}/buy", {"price": 100}, Idempotency_Key="mine-1")
        for _ in range(2)
    )
    assert (first.status, again.status) == (201, 201)
    assert first.body == again.body
    assert (first.body["price"], first.body["fee"], first.body["state"]) == (100, 5, "waiting")
    assert Sale.objects.count() == 1
    assert rita.get("/bought").body["items"] == [first.body]


def test_the_price_that_was_seen_is_the_price_that_is_paid(rita: Caller, listing: str) -> None:
    answer = rita.post(f"/listings/{listing}/buy", {"price": 90})
    assert (answer.status, answer.body["code"]) == (409, "price_changed")
    assert rita.get(f"/listings/{listing}").body["price"] == 100


def test_files_say_whether_they_open(rita: Caller, stranger: Caller, listing: str) -> None:
    assert [who.get(f"/listings/{listing}").body["open"] for who in (rita, stranger)] == [
        False,
        False,
    ]
    sale = rita.post(f"/listings/{listing}/buy", {"price": 100}).body["id"]
    seen = rita.get(f"/listings/{listing}").body
    assert seen["open"] is True
    assert rita.post(f"/sales/{sale}/back", {}).body["items"][0]["state"] == "returned"
    assert rita.get(f"/listings/{listing}").body["open"] is False


def test_a_list_says_what_is_free(rita: Caller, listing: str) -> None:
    found = rita.get("/listings?free=false").body["items"]
    assert [(one["id"], one["price"]) for one in found] == [(listing, 100)]
    assert rita.get("/listings?free=true").body["items"] == []


def test_a_seller_sees_sales_and_no_buyer(rita: Caller, cora: Caller, listing: str) -> None:
    rita.post(f"/listings/{listing}/buy", {"price": 100})
    (sold,) = cora.get("/sold").body["items"]
    assert (sold["listing"], sold["price"] - sold["fee"]) == (listing, 95)
    assert "rita" not in str(sold)
    assert cora.get("/bought").body["items"] == []
