"""What anyone may read: the metadata of public items and the documentation; and one's wallet."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from django.test import Client

from assent.api.examples import EXAMPLES
from assent.catalogue import metadata
from assent.flows.decide_held import decide_held
from assent.flows.pay_due import pay_due
from tests.api.conftest import API, ERROR, Caller
from tests.flows.market import (
    SINGER,
    UNSURE,
    handed_in,
    in_days,
    notice,
    offered,
    posted,
)

FIELDS = {
    "id", "kind", "type", "state", "base_model", "created_at", "downloads", "consent",
    "scope_hash", "policy",
}  # fmt: skip

# Items ------------------------------------------------------------------------------------------


@pytest.fixture
def public(rita: Caller, cora: Caller) -> dict[str, str]:
    """A bounty, an entry and a listing that anyone may see."""
    assert rita.member is not None
    assert cora.member is not None
    bounty = posted(rita.member)
    return {
        "bounty": bounty,
        "entry": handed_in(cora.member, bounty),
        "listing": offered(cora.member, 2),
    }


def test_public_items_are_listed_with_every_field(
    public: dict[str, str], rita: Caller, stranger: Caller
) -> None:
    assert rita.member is not None
    for title in (UNSURE, SINGER):
        posted(rita.member, title)
    answer = stranger.get("/items")
    assert (answer.status, answer.body["next"]) == (200, None)
    assert {one["id"]: one["kind"] for one in answer.body["items"]} == {
        item: kind for kind, item in public.items()
    }
    for one in answer.body["items"]:
        assert set(one) == FIELDS
        assert stranger.get(f"/items/{one['id']}").body == one
        assert one["policy"]
    assert answer.body["items"] == rita.get("/items").body["items"]


def test_no_title_text_tag_name_or_file_hash_is_given_away(
    public: dict[str, str], stranger: Caller
) -> None:
    told = stranger.get("/items").raw.decode().lower()
    for word in ("fox", "misty", "rita", "cora", "brush", "sha256", "tensor", "safetensors"):
        assert word not in told


def test_the_list_goes_on_where_it_stopped(
    rita: Caller, stranger: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metadata, "PAGE", 2)
    assert rita.member is not None
    made = sorted(posted(rita.member) for _ in range(5))
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = stranger.get(f"/items?cursor={cursor}").body
        seen += [one["id"] for one in page["items"]]
        cursor = page["next"]
    assert seen == made


@pytest.mark.parametrize("item", ["000000000000", "x", "%00", "%F0%9F%A6%8A"])
def test_an_unknown_item_is_not_found(item: str, stranger: Caller) -> None:
    assert stranger.get(f"/items/{item}").status == 404
    assert stranger.get(f"/items?cursor={item}").status == 200


def test_what_is_not_public_is_as_if_it_were_not_there(
    rita: Caller, mo: Caller, stranger: Caller
) -> None:
    assert rita.member is not None
    assert mo.member is not None
    held = posted(rita.member, UNSURE)
    for who in (stranger, rita, mo):
        assert who.get(f"/items/{held}").status == 404
    decide_held(mo.member, held, approve=True, reason="")
    assert stranger.get(f"/items/{held}").status == 200


@pytest.mark.parametrize("kind", ["bounty", "entry", "listing"])
def test_what_was_hidden_is_gone_from_the_list(
    kind: str, public: dict[str, str], mo: Caller, stranger: Caller
) -> None:
    notice(public[kind])
    for who in (stranger, mo):
        answer = who.get(f"/items/{public[kind]}")
        assert (answer.status, answer.body["code"]) == (410, "gone")
        assert "no-store" in answer.headers["Cache-Control"]
    left = {one["id"] for one in stranger.get("/items").body["items"]}
    hidden = {public[kind]} | ({public["entry"]} if kind == "bounty" else set())
    assert left == set(public.values()) - hidden


# Wallet -----------------------------------------------------------------------------------------


def balance(who: Caller) -> dict[str, int]:
    (found,) = who.get("/wallet").body["balances"]
    assert found.pop("scrip") == "credit"
    return dict(found)


def test_a_wallet_shows_what_is_owned_reserved_and_on_its_way(rita: Caller, cora: Caller) -> None:
    assert rita.member is not None
    assert cora.member is not None
    posted(rita.member, UNSURE, 300)
    bounty = posted(rita.member, credits_=200)
    entry = handed_in(cora.member, bounty)
    rita.post(f"/bounties/{bounty}/award", {"entry": entry})
    assert balance(rita) == {"posted": 800, "reserved": 300, "incoming": 0, "available": 500}
    assert balance(cora) == {"posted": 0, "reserved": 0, "incoming": 200, "available": 0}
    lines = rita.get("/wallet").body["movements"]
    assert [(m["amount"], m["cause"], m["state"]) for m in lines] == [
        (-200, "pledge", "posted"),
        (-300, "pledge", "pending"),
        (1000, "grant", "posted"),
    ]
    with in_days(4):
        pay_due()
    assert balance(cora) == {"posted": 200, "reserved": 0, "incoming": 0, "available": 200}


def test_a_new_wallet_is_empty(cora: Caller) -> None:
    assert cora.get("/wallet").body["movements"] == []
    assert set(balance(cora).values()) == {0}


def test_a_wallet_is_its_owners_alone(rita: Caller, stranger: Caller) -> None:
    for who in (stranger, Caller(token="wrong"), Caller(token=rita.token + "x")):
        answer = who.get("/wallet")
        assert (answer.status, answer.body["code"]) == (401, "sign_in")


# The documentation ------------------------------------------------------------------------------

CALLS = {
    ("get", "/api/v1/bounties"),
    ("post", "/api/v1/bounties"),
    ("get", "/api/v1/bounties/{bounty_id}"),
    ("post", "/api/v1/bounties/{bounty_id}/pledges"),
    ("post", "/api/v1/bounties/{bounty_id}/pledges/take-back"),
    ("post", "/api/v1/bounties/{bounty_id}/amend"),
    ("post", "/api/v1/bounties/{bounty_id}/entries"),
    ("post", "/api/v1/bounties/{bounty_id}/award"),
    ("get", "/api/v1/wallet"),
    ("get", "/api/v1/me"),
    ("get", "/api/v1/agreement"),
    ("post", "/api/v1/agreement"),
    ("get", "/api/v1/tokens"),
    ("delete", "/api/v1/tokens/{token_id}"),
    ("post", "/api/v1/takedowns"),
    ("get", "/api/v1/takedowns/{number}"),
    ("get", "/api/v1/items"),
    ("get", "/api/v1/items/{item_id}"),
    ("get", "/api/v1/items/{item_id}/comments"),
    ("post", "/api/v1/items/{item_id}/comments"),
    ("get", "/api/v1/listings"),
    ("post", "/api/v1/listings"),
    ("get", "/api/v1/listings/{listing_id}"),
    ("post", "/api/v1/listings/{listing_id}/price"),
    ("post", "/api/v1/listings/{listing_id}/buy"),
    ("get", "/api/v1/bought"),
    ("get", "/api/v1/sold"),
    ("post", "/api/v1/sales/{sale_id}/back"),
    ("get", "/api/v1/entries/{entry_id}"),
    ("get", "/api/v1/files/{file_id}"),
    ("get", "/api/v1/notifications"),
}
OWN = ("wallet", "me", "tokens", "notifications", "agreement", "bought", "sold")
OPEN = {call for call in CALLS if call[0] == "get" and not call[1].endswith(OWN)}
OPEN |= {("post", "/api/v1/takedowns")}


@pytest.fixture
def document(stranger: Caller) -> dict[str, Any]:
    """The OpenAPI document."""
    answer = stranger.get("/openapi.json")
    assert answer.status == 200
    return dict(answer.body)


def test_the_document_names_every_call_and_what_it_answers(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.")
    calls = {(m, path): call for path, ms in document["paths"].items() for m, call in ms.items()}
    assert set(calls) == CALLS
    for name, call in calls.items():
        assert call["summary"], name
        assert call["description"], name
        assert any(code.startswith("2") for code in call["responses"]), name
        assert ("security" in call) == (name not in OPEN), name
        assert name in OPEN or "401" in call["responses"], name


def test_every_reference_in_the_document_leads_somewhere(document: dict[str, Any]) -> None:
    text = json.dumps(document)
    for name in re.findall(r'"#/components/schemas/(\w+)"', text):
        assert name in document["components"]["schemas"]
    names = [call["operationId"] for ms in document["paths"].values() for call in ms.values()]
    assert len(names) == len(set(names))


def test_every_refusal_is_documented_in_the_one_shape(document: dict[str, Any]) -> None:
    assert set(document["components"]["schemas"]["Error"]["required"]) == ERROR
    for methods in document["paths"].values():
        for call in methods.values():
            for code, answer in call["responses"].items():
                if code >= "400":
                    schema = answer["content"]["application/json"]["schema"]
                    assert schema["$ref"].endswith("/Error")


def test_every_call_has_an_example_that_a_journey_runs() -> None:
    calls = {(method.upper(), path.removeprefix(API)) for method, path in CALLS}
    assert set(EXAMPLES) == calls, "write it into assent/api/examples.py"


def test_every_post_takes_a_key_and_every_limit_says_when(document: dict[str, Any]) -> None:
    for methods in document["paths"].values():
        for method, call in methods.items():
            headers = [p["name"] for p in call["parameters"] if p["in"] == "header"]
            assert ("Idempotency-Key" in headers) == (method == "post")
            assert "Retry-After" in call["responses"]["429"]["headers"]


def test_the_documentation_can_be_read_by_people() -> None:
    page = Client().get(f"{API}/docs").content.decode()
    for method, path in CALLS:
        assert path in page, path
        assert method.upper() in page
    for example in EXAMPLES.values():
        assert html.escape(example.command.splitlines()[0]) in page


@pytest.mark.parametrize(
    ("verb", "path", "status"),
    [
        ("get", "/nowhere", 404),
        ("put", "/bounties", 405),
        ("delete", "/wallet", 405),
        ("delete", "/tokens", 405),
        ("get", "/takedowns", 405),
        ("post", "/items", 405),
        ("get", "/bounties/%00", 404),
    ],
)
def test_a_wrong_address_or_method_gets_the_one_shape_too(
    verb: str, path: str, status: int
) -> None:
    answer = getattr(Client(), verb)(f"{API}{path}")
    assert answer.status_code == status
    assert set(answer.json()) == ERROR


def test_our_own_faults_get_the_one_shape_and_say_nothing_more(
    rita: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assent.api import wallet

    monkeypatch.setattr(wallet, "balance_of", lambda account: 1 / 0)
    answer = rita.get("/wallet")
    assert (answer.status, answer.body["code"], answer.body["retry"]) == (500, "our_fault", True)
    assert "division" not in answer.raw.decode()
