"""How often one may call: who calls too often is told when to come back, and loses nothing."""

from __future__ import annotations

import pytest
from django.conf import settings

from assent.casework.models import Case
from assent.catalogue.models import Pledge
from assent.gateways import limits
from tests.api.conftest import Answer, Caller
from tests.flows.market import posted


@pytest.fixture(autouse=True)
def few_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of everything, counted from nought."""
    monkeypatch.setattr(
        settings,
        "RATE_LIMITS",
        dict.fromkeys(("takedown", "takedown_most", "status", "write", "read"), "2 per hour"),
    )
    limits._limiter.cache_clear()


def is_too_many(answer: Answer) -> bool:
    if answer.status != 429:
        return False
    assert (answer.body["code"], answer.body["retry"]) == ("too_many", True)
    assert 0 < int(answer.headers["Retry-After"]) <= 3600
    return True


def test_writes_are_counted_for_each_member(rita: Caller, sam: Caller) -> None:
    assert rita.member is not None
    bounty = posted(rita.member)
    calls = [sam.post(f"/bounties/{bounty}/pledges", {"credits": 10}) for _ in range(3)]
    assert [is_too_many(answer) for answer in calls] == [False, False, True]
    assert Pledge.objects.count() == 3
    assert rita.post(f"/bounties/{bounty}/pledges", {"credits": 10}).status == 201


@pytest.mark.parametrize("path", ["/wallet", "/me", "/tokens"])
def test_reads_are_counted_for_each_member(rita: Caller, sam: Caller, path: str) -> None:
    assert [is_too_many(rita.get(path)) for _ in range(3)] == [False, False, True]
    assert sam.get(path).status == 200


def test_reads_of_strangers_are_counted_by_where_they_come_from(stranger: Caller) -> None:
    assert [is_too_many(stranger.get("/bounties")) for _ in range(3)] == [False, False, True]


def test_takedown_requests_are_counted_by_where_they_come_from(stranger: Caller) -> None:
    sent = {"where": ["search"], "relation": "me", "good_faith": True, "signature": "x"}
    answers = [stranger.post("/takedowns", sent) for _ in range(3)]
    assert [is_too_many(answer) for answer in answers] == [False, False, True]
    assert Case.objects.count() == 2


def test_guessing_a_pin_or_a_token_is_counted(stranger: Caller) -> None:
    answers = [stranger.get("/takedowns/AAAA-AAAA-AAAA") for _ in range(3)]
    assert [is_too_many(answer) for answer in answers] == [False, False, True]
    guesses = [Caller(token="guess").get("/wallet") for _ in range(3)]
    assert [is_too_many(answer) for answer in guesses] == [False, False, True]


def test_an_address_is_kept_under_a_key_that_does_not_give_it_away(stranger: Caller) -> None:
    stranger.get("/takedowns/AAAA-AAAA-AAAA")
    assert "127.0.0.1" not in str(vars(limits._limiter().storage))
