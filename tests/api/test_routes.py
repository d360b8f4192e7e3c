"""Every call of the API, made by everyone, as one table.

The calls are read from the OpenAPI document, so that a new one without a line fails. The owner
comes last, because what they may do is done. `reader` is the owner with a token that only reads.
"""

from __future__ import annotations

from typing import Any

import pytest

from assent.api.app import api
from assent.catalogue.models import StoredFile
from assent.core.access import Scope
from assent.core.terms import Role
from assent.flows.buy_listing import buy_listing
from assent.flows.make_token import make_token
from assent.people.models import ApiToken
from tests.api.conftest import Answer, Caller, caller
from tests.api.test_bounties import wanted
from tests.flows.market import handed_in, lora_file, notice, offered, posted

COLUMNS = ("stranger", "reader", "other", "ada", "mo", "owner")
TABLE = """
GET    /bounties                        200 200 200 200 200 200
POST   /bounties                        401 403 409 409 409 201
GET    /bounties/{bounty_id}            200 200 200 200 200 200
POST   /bounties/{bounty_id}/pledges    401 403 409 409 409 201
POST   /bounties/{bounty_id}/pledges/take-back 401 403 403 403 403 403
POST   /bounties/{bounty_id}/amend      401 403 403 403 403 403
POST   /bounties/{bounty_id}/entries    401 403 202 202 202 403
POST   /bounties/{bounty_id}/award      401 403 403 403 403 200
GET    /wallet                          401 200 200 200 200 200
GET    /me                              401 200 200 200 200 200
GET    /agreement                       401 200 200 200 200 200
POST   /agreement                       401 403 409 409 409 409
GET    /tokens                          401 200 200 200 200 200
DELETE /tokens/{token_id}               401 403 404 404 404 204
POST   /takedowns                       201 201 201 201 201 201
GET    /takedowns/{number}              404 404 404 404 404 200
GET    /items                           200 200 200 200 200 200
GET    /items/{item_id}                 200 200 200 200 200 200
GET    /items/{item_id}/comments        200 200 200 200 200 200
POST   /items/{item_id}/comments        401 403 201 201 201 201
GET    /listings                        200 200 200 200 200 200
POST   /listings                        401 403 202 202 202 202
GET    /listings/{listing_id}           200 200 200 200 200 200
POST   /listings/{listing_id}/price     401 403 403 403 403 200
POST   /listings/{listing_id}/buy       401 403 409 409 409 403
GET    /bought                          401 200 200 200 200 200
GET    /sold                            401 200 200 200 200 200
POST   /sales/{sale_id}/back            401 403 404 404 404 200
GET    /entries/{entry_id}              200 200 200 200 200 200
GET    /files/{file_id}                 401 403 403 403 200 403
GET    /notifications                   401 200 200 200 200 200
"""
NOTICE = {"where": ["search"], "relation": "me", "good_faith": True, "signature": "x"}


def lines() -> dict[tuple[str, str], list[int]]:
    """Return the table by method and path."""
    rows = (line.split() for line in TABLE.strip().splitlines())
    return {(row[0], row[1]): [int(cell) for cell in row[2:]] for row in rows}


def calls() -> set[tuple[str, str]]:
    """Return every call that the document names."""
    paths = api.get_openapi_schema(path_prefix="/api/v1/")["paths"]
    return {(m.upper(), p.removeprefix("/api/v1")) for p, ms in paths.items() for m in ms}


def test_the_table_has_every_call_and_no_other() -> None:
    assert set(lines()) == calls()


@pytest.fixture
def crowd() -> dict[str, Caller]:
    """Everybody with a token; `other` has no credits and nothing here."""
    rita = caller("rita", 1000)
    reader = Caller(rita.member, make_token("rita", "reader", frozenset({Scope.READ})))
    return {
        "stranger": Caller(),
        "reader": reader,
        "other": caller("chris"),
        "ada": caller("ada", role=Role.AUDITOR),
        "mo": caller("mo", role=Role.MODERATOR),
        "owner": rita,
    }


def sent(path: str, who: str, entry: str) -> dict[str, Any]:
    """Return what somebody sends: always well-formed, so that only who they are can matter."""
    if path == "/bounties":
        return wanted()
    if path.endswith("/entries"):
        return {"note": who, "files": lora_file(3)}
    if path == "/listings":
        return {"title": "Misty hills", "type": "LoraCreation", "files": lora_file(3)}
    amended = {k: v for k, v in wanted().items() if k not in ("credits", "consent")}
    bodies: dict[str, dict[str, Any]] = {
        "take-back": {}, "amend": amended, "comments": {"text": "Could the hatching be finer?"},
        "pledges": {"credits": 10}, "award": {"entry": entry}, "takedowns": NOTICE,
        "agreement": {"version": "1999-01"}, "price": {"price": 20}, "buy": {"price": 10},
        "back": {},
    }  # fmt: skip
    return bodies[path.rsplit("/", 1)[-1]]


@pytest.mark.parametrize(("method", "path"), sorted(lines()))
def test_everyone_gets_from_a_call_what_the_table_says(
    method: str, path: str, crowd: dict[str, Caller]
) -> None:
    owner = crowd["owner"].member
    assert owner is not None
    bounty = posted(owner)
    creator = caller("cora").member
    assert creator is not None
    entry = handed_in(creator, bounty)
    receipt = notice(posted(owner, "Another fox"))
    token = ApiToken.objects.filter(user_id=owner.id).latest("id").pk
    ids = {
        "bounty_id": bounty, "item_id": bounty if path.endswith("comments") else entry,
        "token_id": token, "number": receipt.number, "entry_id": entry,
        "listing_id": offered(owner, 5, price=10),
        "sale_id": buy_listing(owner, offered(creator, 6, price=10), 10).id,
        "file_id": StoredFile.objects.get(item_id=entry, role="work").id,
    }  # fmt: skip
    address = path.format(**ids)

    def call(name: str) -> Answer:
        who = crowd[name]
        if method == "GET":
            pin = {"X_Case_Pin": receipt.pin} if name == "owner" else {}
            return who.get(address, **pin)
        if method == "DELETE":
            return who.delete(address)
        body = sent(path, name, entry)
        return who.upload(address, body) if "files" in body else who.post(address, body)

    got = [call(name).status for name in COLUMNS]
    assert dict(zip(COLUMNS, got, strict=True)) == dict(
        zip(COLUMNS, lines()[method, path], strict=True)
    )
