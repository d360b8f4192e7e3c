"""Takedowns by the API: no account, one answer for a wrong PIN and an unknown number."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from assent.casework.models import Case, Notice
from assent.core.terms import ItemState
from assent.flows.decide_case import remove_in_case
from assent.gateways.contact import address_of
from tests.api.conftest import Caller
from tests.flows.market import posted, state


def request_for(*where: str, **more: Any) -> dict[str, Any]:
    """A takedown request that lacks nothing."""
    return {"where": where, "relation": "me", "good_faith": True, "signature": "x"} | more


@pytest.fixture
def bounty(rita: Caller) -> str:
    """An open bounty."""
    assert rita.member is not None
    return posted(rita.member)


def test_what_is_named_is_hidden_in_the_same_request(
    bounty: str, rita: Caller, stranger: Caller
) -> None:
    answer = stranger.post("/takedowns", request_for(f"https://x.example/bounties/{bounty}"))
    assert answer.status == 201
    assert "no-store" in answer.headers["Cache-Control"]
    assert stranger.get(f"/bounties/{bounty}").status == 410
    received = datetime.fromisoformat(answer.body["received_at"])
    assert datetime.fromisoformat(answer.body["deadline"]) == received + timedelta(hours=48)
    assert answer.body["status_url"].endswith(f"/case/{answer.body['number']}")
    assert answer.body["pin"] not in answer.body["status_url"]


def test_the_pin_opens_the_case_and_shows_how_it_ends(
    bounty: str, mo: Caller, stranger: Caller
) -> None:
    sent = stranger.post("/takedowns", request_for(bounty, "please search")).body
    seen = stranger.get(f"/takedowns/{sent['number']}", X_Case_Pin=sent["pin"])
    assert seen.status == 200
    assert (seen.body["state"], seen.body["hidden"], seen.body["searching"]) == ("hidden", 1, True)
    assert seen.body["decided_at"] is None
    assert mo.member is not None
    remove_in_case(mo.member, sent["number"])
    seen = stranger.get(f"/takedowns/{sent['number'].lower()}", X_Case_Pin=sent["pin"].lower())
    assert (seen.body["state"], seen.body["outcome"]) == ("decided", "removed_likeness")


def test_a_wrong_pin_and_an_unknown_number_get_the_same_bytes(
    bounty: str, stranger: Caller
) -> None:
    sent = stranger.post("/takedowns", request_for(bounty)).body
    wrong = "AAAA-AAAA-AAAA-AAAA"
    answers = [
        stranger.get(f"/takedowns/{number}", **headers)
        for number, headers in (
            (sent["number"], {"X_Case_Pin": wrong}),
            ("AAAA-AAAA-AAAA", {"X_Case_Pin": wrong}),
            ("AAAA-AAAA-AAAA", {"X_Case_Pin": sent["pin"]}),
            (sent["number"], {}),
            ("nonsense", {}),
            (sent["number"], {"X_Case_Pin": "ä" * 500}),
        )
    ]
    assert {answer.status for answer in answers} == {404}
    assert len({answer.raw for answer in answers}) == 1
    assert len({str(sorted(answer.headers.items())) for answer in answers}) == 1


def test_a_token_opens_nobodys_case(bounty: str, mo: Caller, stranger: Caller) -> None:
    sent = stranger.post("/takedowns", request_for(bounty)).body
    assert mo.get(f"/takedowns/{sent['number']}").status == 404


EMPTY: dict[str, list[Any]] = {
    "where": [[], [""], ["x"] * 201, "text", None, [None]],
    "relation": ["", "friend", None],
    "good_faith": [False, None],
    "signature": ["", "  ", "x" * 201, None],
}


@pytest.mark.parametrize("field", EMPTY)
def test_what_is_missing_is_asked_for_by_its_field(
    field: str, bounty: str, stranger: Caller
) -> None:
    for value in EMPTY[field]:
        answer = stranger.post("/takedowns", request_for(bounty) | {field: value})
        assert answer.status == 422, value
        assert [name.split(".")[0] for name in answer.body["fields"]] == [field]
    assert state(bounty) is ItemState.OPEN
    assert not Case.objects.exists()


def test_everything_else_is_optional_and_kept(bounty: str, stranger: Caller) -> None:
    more = {
        "contact": {"kind": "phone", "value": "+46 70 000 00 00"}, "hashes": ["ab"],
        "intimate": True, "under_18": True, "danger": True, "safe_times": "after six",
        "note": "my ex did it", "language": "sv", "protect": True, "tell_others": False,
    }  # fmt: skip
    assert stranger.post("/takedowns", request_for(bounty, **more)).status == 201
    notice = Notice.objects.select_related("case").get()
    sent: Any = more.pop("contact")
    assert (notice.contact["kind"], address_of(notice.contact)) == (sent["kind"], sent["value"])
    assert notice.details == more
    assert (notice.case.intimate, notice.case.under_18, notice.case.danger) == (True, True, True)


def test_a_character_that_cannot_be_stored_does_not_stop_a_takedown(
    bounty: str, stranger: Caller
) -> None:
    sent = request_for(f"{bounty}\x00", signature="\x00x", note="\x00", safe_times="a\x00b")
    assert stranger.post("/takedowns", sent).status == 201
    assert state(bounty) is ItemState.HIDDEN


@pytest.mark.parametrize("contact", [{"kind": "pigeon"}, {}, "me@example.org", []])
def test_a_contact_has_a_kind_that_we_know(contact: object, bounty: str, stranger: Caller) -> None:
    answer = stranger.post("/takedowns", request_for(bounty, contact=contact))
    assert answer.status == 422
    assert [name.split(".")[0] for name in answer.body["fields"]] == ["contact"]


def test_a_request_may_be_sent_with_anyones_or_a_wrong_token(bounty: str, mo: Caller) -> None:
    assert mo.post("/takedowns", request_for(bounty)).status == 201
    assert Caller(token="wrong").post("/takedowns", request_for(bounty)).status == 201
