"""Tokens: what each may be used for, who sees and revokes them, on the page and by the API."""

from __future__ import annotations

import re

import pytest
from django.test import override_settings

from assent.core.access import Actor, Scope
from assent.core.terms import Refused, Role
from assent.flows.clear_replies import clear_replies
from assent.flows.make_token import MOST, make_token
from assent.gateways import clock
from assent.people.models import ApiToken, IdempotentReply, OpenReply
from tests.api.conftest import Caller, caller
from tests.api.test_bounties import wanted
from tests.cast import Visitor, signed_in
from tests.flows.market import UNSURE, in_days, join, posted

READ = frozenset({Scope.READ})
PASSWORD = "a long password"


def visitor(name: str, role: Role = Role.MEMBER) -> Visitor:
    """Somebody at the pages, who has just typed their password once more."""
    found = signed_in(join(name, role=role))
    assert found.post("/account/reauthenticate/", {"password": PASSWORD}).status == 302
    return found


def test_a_token_says_whom_it_stands_for(rita: Caller) -> None:
    answer = rita.get("/me")
    assert (answer.body["name"], answer.body["role"]) == ("rita", "member")
    assert answer.body["scopes"] == ["read", "write"]


def test_a_token_for_reading_changes_nothing(rita: Caller) -> None:
    assert rita.member is not None
    reader = Caller(rita.member, make_token("rita", "reader", READ))
    assert reader.get("/wallet").status == 200
    for answer in (reader.post("/bounties", wanted()), reader.delete("/tokens/1")):
        assert (answer.status, answer.body["code"]) == (403, "read_only_token")


def test_a_role_counts_only_with_a_token_made_for_it(rita: Caller) -> None:
    assert rita.member is not None
    held = posted(rita.member, UNSURE)
    mo = caller("mo", role=Role.MODERATOR)
    plain = Caller(mo.member, make_token("mo"))
    assert (plain.get("/me").body["role"], mo.get("/me").body["role"]) == ("member", "moderator")
    assert plain.get(f"/bounties/{held}").status == 404
    assert mo.get(f"/bounties/{held}").status == 200


def test_nobody_puts_a_role_into_a_token_that_does_not_count_for_them(rita: Caller) -> None:
    assert rita.member is not None
    with pytest.raises(Refused, match="Only a role that counts"):
        make_token(rita.member, "x", frozenset(Scope), by=Actor("x"))


def test_tokens_are_listed_and_revoked_by_their_owner_alone(rita: Caller, sam: Caller) -> None:
    second = Caller(rita.member, make_token("rita", "second"))
    mine = rita.get("/tokens").body["items"]
    assert [one["name"] for one in mine] == ["second", "test"]
    for foreign in (mine[0]["id"], 0, 10**18, "x"):
        assert sam.delete(f"/tokens/{foreign}").status in (404, 422)
    assert second.get("/me").status == 200
    assert rita.delete(f"/tokens/{mine[0]['id']}").status == 204
    assert second.get("/me").status == 401
    assert rita.delete(f"/tokens/{mine[0]['id']}").status == 404


def test_the_day_of_use_is_remembered(rita: Caller) -> None:
    rita.get("/me")
    assert rita.get("/tokens").body["items"][0]["last_used_on"] == str(clock.now().date())


def test_there_is_an_end_to_them(rita: Caller) -> None:
    for _ in range(MOST - 1):
        make_token("rita")
    with pytest.raises(Refused, match="Revoke one"):
        make_token("rita")


# The page ---------------------------------------------------------------------------------------


def test_a_token_is_made_on_the_page_and_shown_once() -> None:
    lena = visitor("lena")
    page = lena.post("/account/tokens/", {"name": "my script", "use": "write"})
    (token,) = re.findall(r'<code id="made">([^<]+)</code>', page.main)
    assert "use my role" not in page.text
    assert Caller(token=token).get("/me").body["name"] == "lena"
    assert page.headers["Cache-Control"] == "no-store"
    again = lena.get("/account/tokens/")
    assert token not in again.html
    assert "my script" in again.text
    assert not ApiToken.objects.filter(digest=token).exists()
    (which,) = re.findall(r'name="revoke" value="(\d+)"', again.main)
    assert lena.post("/account/tokens/", {"revoke": which}).status == 302
    assert Caller(token=token).get("/me").status == 401


def test_making_one_asks_for_the_password_again() -> None:
    lena = signed_in(join("lena"))
    page = lena.post("/account/tokens/", {"name": "x", "use": "read"})
    assert page.goes_to.startswith("/account/reauthenticate/")
    assert not ApiToken.objects.exists()


def test_only_a_role_that_counts_is_offered() -> None:
    for name, role, offered in (("lena", Role.MEMBER, False), ("mona", Role.MODERATOR, True)):
        who = visitor(name, role)
        assert ("use my role" in who.get("/account/tokens/").text) is offered
        page = who.post("/account/tokens/", {"name": "x", "use": "staff"})
        assert (page.status == 200) is offered
        assert ('id="made"' in page.main) is offered


def test_nobody_revokes_a_token_of_somebody_else(rita: Caller) -> None:
    token = ApiToken.objects.get()
    lena = visitor("lena")
    for sent in (str(token.pk), "x", "9" * 30):
        assert lena.post("/account/tokens/", {"revoke": sent}).status == 404
    assert rita.get("/me").status == 200


# Answers to repeated calls ----------------------------------------------------------------------

NOTICE = {"where": ["search"], "relation": "me", "good_faith": True, "signature": "x"}
KEY = "a-key-that-nobody-can-guess"


def test_a_repeated_notice_is_one_case_with_the_same_pin(stranger: Caller) -> None:
    first, again = (stranger.post("/takedowns", NOTICE, Idempotency_Key=KEY) for _ in range(2))
    assert (first.status, again.status) == (201, 201)
    assert first.body == again.body
    other = stranger.post("/takedowns", NOTICE | {"signature": "y"}, Idempotency_Key=KEY)
    assert (other.status, other.body["code"]) == (409, "idempotency_mismatch")


def test_neither_the_key_nor_the_pin_can_be_read_in_the_table(stranger: Caller) -> None:
    answer = stranger.post("/takedowns", NOTICE, Idempotency_Key=KEY)
    kept = str(list(OpenReply.objects.values_list()))
    for secret in (KEY, answer.body["pin"], answer.body["number"]):
        assert secret not in kept


def test_a_strangers_key_must_be_hard_to_guess(stranger: Caller) -> None:
    for key in ("1", "x" * 15, "x" * 201):
        answer = stranger.post("/takedowns", NOTICE, Idempotency_Key=key)
        assert (answer.status, answer.body["code"]) == (422, "idempotency_key")


def test_answers_are_forgotten(rita: Caller, stranger: Caller) -> None:
    stranger.post("/takedowns", NOTICE, Idempotency_Key=KEY)
    rita.post("/bounties", wanted(), Idempotency_Key="a")
    assert clear_replies() == 0
    with in_days(2):
        assert clear_replies() == 1
    assert IdempotentReply.objects.exists()
    with in_days(8):
        assert clear_replies() == 1


@override_settings(PROXIES=2)
def test_the_address_is_what_our_own_proxies_wrote() -> None:
    from django.test import RequestFactory

    from assent.gateways.limits import client_address

    def address(chain: str) -> str:
        request = RequestFactory().get("/", headers={"X-Forwarded-For": chain})
        return client_address(request)

    assert address("6.6.6.6, 203.0.113.7, 10.0.0.2") == "203.0.113.7"
    assert address("203.0.113.7") == "127.0.0.1", "too short to be ours"
    assert address("1.1.1.1, nonsense, 10.0.0.2") == "127.0.0.1"
    with override_settings(PROXIES=0):
        assert address("203.0.113.7, 10.0.0.2") == "127.0.0.1"
