"""The API's bounties: each call with good and bad input, without a token, and by the wrong one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from assent.catalogue.models import Item, Pledge
from assent.core.ledger import Balance
from assent.core.terms import ItemState
from assent.gateways import clock, storage
from assent.ledger.models import Transfer
from tests.api.conftest import Answer, Caller
from tests.core.files.files_made import harmless_pickle
from tests.flows.market import (
    FOX,
    SINGER,
    UNSURE,
    drafted,
    handed_in,
    lora_file,
    notice,
    picture_file,
    posted,
    scanned,
    state,
    wallet,
)

NOBODY = "000000000000"


def wanted(**changes: Any) -> dict[str, Any]:
    """A bounty to post."""
    good = {
        "title": FOX, "description": "Loose brush work.", "type": "LoraCreation", "tags": ["fox"],
        "credits": 100, "deadline": str(clock.now().date() + timedelta(days=30)),
    }  # fmt: skip
    return good | changes


# Posting ----------------------------------------------------------------------------------------


def test_a_harmless_bounty_is_open_at_once(rita: Caller, stranger: Caller) -> None:
    answer = rita.post("/bounties", wanted())
    assert answer.status == 201
    assert answer.body == {"id": answer.body["id"], "state": "open"}
    seen = stranger.get(f"/bounties/{answer.body['id']}")
    assert (seen.status, seen.body["credits"], seen.body["requester"]) == (200, 100, "rita")


def test_an_unsure_one_is_held_and_its_credits_reserved(rita: Caller, stranger: Caller) -> None:
    answer = rita.post("/bounties", wanted(title=UNSURE))
    assert (answer.status, answer.body["state"]) == (202, "held")
    assert rita.member is not None
    assert wallet(rita.member) == Balance(posted=1000, reserved=100)
    assert stranger.get(f"/bounties/{answer.body['id']}").status == 404
    assert rita.get(f"/bounties/{answer.body['id']}").body["state"] == "held"


def test_a_likeness_without_consent_is_refused_before_any_credit_moves(rita: Caller) -> None:
    before = Transfer.objects.count()
    answer = rita.post("/bounties", wanted(title=SINGER))
    assert (answer.status, answer.body["code"]) == (422, "likeness_without_consent")
    assert Transfer.objects.count() == before
    assert not Pledge.objects.exists()


BAD: dict[str, Any] = {
    "title": ["", " ", "x" * 141, None, 5],
    "description": ["x" * 5001, None],
    "type": ["lora", "", None],
    "tags": [["x" * 41], ["x"] * 13, "fox", [5]],
    "credits": [9, 0, -1, 1_000_001, 10**30, "many", 10.5, None],
    "deadline": ["2001-01-01", "9999-12-31", "tomorrow", "", None],
}


@pytest.mark.parametrize("field", BAD)
def test_what_is_wrong_is_said_by_its_field(rita: Caller, field: str) -> None:
    for value in BAD[field]:
        answer = rita.post("/bounties", wanted(**{field: value}))
        assert answer.status == 422, value
        assert [name.split(".")[0] for name in answer.body["fields"]] == [field]
    assert not Item.objects.exists(), "a refused call leaves nothing behind"


@pytest.mark.parametrize("field", ["title", "type", "credits", "deadline"])
def test_what_is_missing_is_said_by_its_field(rita: Caller, field: str) -> None:
    sent = wanted()
    del sent[field]
    answer = rita.post("/bounties", sent)
    assert (answer.status, list(answer.body["fields"])) == (422, [field])


@pytest.mark.parametrize("body", ["", "{", "[]", "null", "5", '"x"', "[" * 100_000])
def test_what_is_no_bounty_at_all_is_refused(rita: Caller, body: str) -> None:
    assert rita.post("/bounties", body).status in (400, 422)


@pytest.mark.parametrize("text", ["a\x00fox", "\x00"])
def test_a_character_that_cannot_be_stored_is_dropped(rita: Caller, text: str) -> None:
    answer = rita.post("/bounties", wanted(description=text, tags=[text + "b"], title=FOX + text))
    assert answer.status == 201
    assert "\x00" not in rita.get(f"/bounties/{answer.body['id']}").body["description"]


def test_half_a_character_is_refused(rita: Caller) -> None:
    answer = rita.post("/bounties", '{"title": "\\ud800"}')
    assert (answer.status, answer.body["code"]) == (422, "malformed")


def test_more_credits_than_one_has_leave_not_even_a_draft(rita: Caller) -> None:
    answer = rita.post("/bounties", wanted(credits=1001))
    assert (answer.status, answer.body["code"]) == (409, "not_enough_credits")
    assert not Item.objects.exists()


# Idempotency ------------------------------------------------------------------------------------


def test_a_repeated_request_posts_one_bounty(rita: Caller) -> None:
    first, again = (rita.post("/bounties", wanted(), Idempotency_Key="a") for _ in range(2))
    assert (first.status, first.body) == (again.status, again.body)
    assert Item.objects.count() == 1


def test_a_refusal_by_screening_is_repeated_too(rita: Caller) -> None:
    sent = wanted(title=SINGER)
    first, again = (rita.post("/bounties", sent, Idempotency_Key="a") for _ in range(2))
    assert (first.status, first.body) == (again.status, again.body)
    assert Item.objects.count() == 1


def test_another_request_under_the_same_key_is_refused(rita: Caller) -> None:
    rita.post("/bounties", wanted(), Idempotency_Key="a")
    answer = rita.post("/bounties", wanted(credits=50), Idempotency_Key="a")
    assert (answer.status, answer.body["code"]) == (409, "idempotency_mismatch")
    other_path = rita.post(f"/bounties/{NOBODY}/pledges", wanted(), Idempotency_Key="a")
    assert other_path.status in (409, 422)


def test_two_people_may_choose_the_same_key(rita: Caller, sam: Caller) -> None:
    ids = {c.post("/bounties", wanted(), Idempotency_Key="a").body["id"] for c in (rita, sam)}
    assert len(ids) == 2


def test_without_a_key_every_request_counts(rita: Caller) -> None:
    assert {rita.post("/bounties", wanted()).status for _ in range(2)} == {201}
    assert Item.objects.count() == 2


def test_an_upload_is_repeated_as_well(rita: Caller, cora: Caller) -> None:
    path = f"/bounties/{bounty_of(rita)}/entries"
    answers = [
        cora.upload(path, {"note": "n", "files": lora_file()}, Idempotency_Key="a")
        for _ in range(2)
    ]
    assert answers[0].body == answers[1].body
    for other in ({"note": "m", "files": lora_file()}, {"note": "n", "files": picture_file()}):
        assert cora.upload(path, other, Idempotency_Key="a").status == 409
    assert Item.objects.filter(kind="entry").count() == 1


# Looking ----------------------------------------------------------------------------------------


def bounty_of(who: Caller, title: str = FOX, credits_: int = 100) -> str:
    assert who.member is not None
    return posted(who.member, title, credits_)


def entry_of(who: Caller, bounty: str) -> str:
    assert who.member is not None
    return handed_in(who.member, bounty)


def listed(who: Caller, query: str = "") -> list[str]:
    return [one["id"] for one in who.get(f"/bounties{query}").body["items"]]


def test_the_list_holds_what_is_public_newest_first(rita: Caller, stranger: Caller) -> None:
    assert rita.member is not None
    first, second = bounty_of(rita), bounty_of(rita, "A blue hare")
    bounty_of(rita, UNSURE)
    bounty_of(rita, SINGER)
    drafted(rita.member)
    for who in (rita, stranger):
        assert listed(who) == [second, first]
    assert listed(stranger, "?q=hare") == [second]
    assert listed(stranger, "?type=ImageCreation") == []
    assert listed(stranger, "?state=held") == []


def test_a_long_list_is_read_by_cursors_each_item_once(rita: Caller, stranger: Caller) -> None:
    made = [bounty_of(rita, credits_=10) for _ in range(50)]
    seen, path = [], "/bounties"
    for _ in range(3):
        page = stranger.get(path).body
        seen += [one["id"] for one in page["items"]]
        path = f"/bounties?cursor={page['next']}"
    assert page["next"] is None
    assert seen == made[::-1]


def test_items_of_the_same_moment_are_not_lost_between_two_pages(
    rita: Caller, stranger: Caller
) -> None:
    with clock.at(clock.now()):
        made = {bounty_of(rita, credits_=10) for _ in range(30)}
    page = stranger.get("/bounties").body
    rest = stranger.get(f"/bounties?cursor={page['next']}").body
    seen = [one["id"] for one in page["items"] + rest["items"]]
    assert len(seen) == len(made)
    assert set(seen) == made


CURSORS = [
    "x", "eHx4", "MjAzMC0wMS0wMXxh", "OTk5OS0xMi0zMVQyMzo1OTo1OS0yMzo1OXxh", "ä", "%00",
    "MjAzMC0wMS0wMVQwMDowMDowMCswMDowMHwA", "😀",
]  # fmt: skip


@pytest.mark.parametrize("cursor", CURSORS)
def test_a_made_up_cursor_is_harmless(stranger: Caller, cursor: str) -> None:
    answer = stranger.get(f"/bounties?cursor={cursor}")
    assert answer.status in (200, 422)
    assert answer.status == 200 or answer.body["code"] == "bad_cursor"


@pytest.mark.parametrize("query", ["state=nowhere", "type=lora"])
def test_an_unknown_filter_is_refused(stranger: Caller, query: str) -> None:
    assert stranger.get(f"/bounties?{query}").status == 422


@pytest.mark.parametrize("q", ["%00", "%25", "_", "'; DROP TABLE", "%F0%9F%A6%8A", "a " * 99])
def test_a_search_takes_any_words(rita: Caller, stranger: Caller, q: str) -> None:
    bounty_of(rita)
    assert stranger.get(f"/bounties?q={q}").status == 200


@pytest.mark.parametrize("item", [NOBODY, "x", "%00", "..", "1' OR 1", "%F0%9F%A6%8A", "a" * 500])
def test_what_is_not_there_is_not_found(stranger: Caller, rita: Caller, item: str) -> None:
    for who in (stranger, rita):
        answer = who.get(f"/bounties/{item}")
        assert (answer.status, answer.body["code"]) == (404, "not_found")


def test_a_hidden_bounty_is_gone_and_in_no_list(
    rita: Caller, cora: Caller, mo: Caller, stranger: Caller
) -> None:
    bounty = bounty_of(rita)
    entry = entry_of(cora, bounty)
    notice(bounty)
    for who in (rita, cora, stranger):
        for path in (f"/bounties/{bounty}", f"/items/{bounty}", f"/items/{entry}"):
            answer = who.get(path)
            assert (answer.status, answer.body["code"]) == (410, "gone")
            assert "no-store" in answer.headers["Cache-Control"]
        assert listed(who) == []
    assert mo.get(f"/bounties/{bounty}").status == 200
    assert rita.post(f"/bounties/{bounty}/pledges", {"credits": 10}).status == 410
    assert rita.post(f"/bounties/{bounty}/award", {"entry": entry}).status == 410


# Pledging ---------------------------------------------------------------------------------------


def test_credits_are_added(rita: Caller, sam: Caller) -> None:
    bounty = bounty_of(rita)
    answer = sam.post(f"/bounties/{bounty}/pledges", {"credits": 40})
    assert (answer.status, answer.body["state"]) == (201, "held")
    assert sam.get(f"/bounties/{bounty}").body["credits"] == 140


@pytest.mark.parametrize("credits_", [9, -1, 10**7, 10**30, None, "ten", 1001])
def test_a_pledge_out_of_bounds_changes_nothing(
    rita: Caller, sam: Caller, credits_: object
) -> None:
    answer = sam.post(f"/bounties/{bounty_of(rita)}/pledges", {"credits": credits_})
    assert answer.status == (409 if credits_ == 1001 else 422)
    assert list(answer.body["fields"]) == ["credits"]
    assert Pledge.objects.count() == 1


# Handing in -------------------------------------------------------------------------------------


def test_work_is_held_until_it_was_scanned(rita: Caller, cora: Caller) -> None:
    bounty = bounty_of(rita)
    files = {"note": "Done.", "files": [lora_file()], "images": [picture_file()]}
    answer = cora.upload(f"/bounties/{bounty}/entries", files)
    assert (answer.status, answer.body["state"]) == (202, "held")
    assert state(scanned(answer.body["id"])) is ItemState.PUBLISHED
    assert rita.get(f"/bounties/{bounty}").body["entries"] == 1


def refused_upload(rita: Caller, cora: Caller, fields: dict[str, Any]) -> Answer:
    before = set(storage.stored_ids())
    answer = cora.upload(f"/bounties/{bounty_of(rita)}/entries", fields)
    assert answer.status == 422
    assert set(storage.stored_ids()) == before
    assert not Item.objects.filter(kind="entry").exists()
    return answer


def test_work_that_lacks_something_leaves_nothing(rita: Caller, cora: Caller) -> None:
    assert list(refused_upload(rita, cora, {}).body["fields"]) == ["files"]
    assert list(refused_upload(rita, cora, {"note": "x", "files": "text"}).body["fields"])
    pickled = SimpleUploadedFile("fox.safetensors", harmless_pickle(2))
    assert list(refused_upload(rita, cora, {"files": [pickled]}).body["fields"]) == ["files"]
    long_note = {"note": "x" * 5001, "files": [lora_file()]}
    assert list(refused_upload(rita, cora, long_note).body["fields"]) == ["description"]
    many = {"files": [lora_file(n) for n in range(5)]}
    assert list(refused_upload(rita, cora, many).body["fields"]) == ["files"]


def test_nobody_hands_in_to_themselves(rita: Caller) -> None:
    answer = rita.upload(f"/bounties/{bounty_of(rita)}/entries", {"files": [lora_file()]})
    assert (answer.status, answer.body["code"]) == (403, "not_allowed")


# Awarding ---------------------------------------------------------------------------------------


def test_an_award_says_what_will_be_paid_and_when(rita: Caller, cora: Caller) -> None:
    bounty = bounty_of(rita)
    entry = entry_of(cora, bounty)
    answer = rita.post(f"/bounties/{bounty}/award", {"entry": entry})
    assert answer.status == 200
    assert answer.body["due_at"] > clock.now().isoformat()
    assert (answer.body["credits"], answer.body["payout"]) == (100, "pending")
    again = rita.post(f"/bounties/{bounty}/award", {"entry": entry})
    assert (again.status, again.body["code"]) == (403, "not_allowed")


def test_an_entry_of_another_bounty_is_not_awarded_here(rita: Caller, cora: Caller) -> None:
    one, two = bounty_of(rita), bounty_of(rita)
    entry = entry_of(cora, one)
    for sent in (entry, NOBODY, "", "\x00"):
        assert rita.post(f"/bounties/{two}/award", {"entry": sent}).status == 404
    assert state(entry) is ItemState.PUBLISHED


def test_nobody_else_awards(rita: Caller, sam: Caller, cora: Caller, mo: Caller) -> None:
    bounty = bounty_of(rita)
    entry = entry_of(cora, bounty)
    for who in (sam, cora, mo):
        answer = who.post(f"/bounties/{bounty}/award", {"entry": entry})
        assert (answer.status, answer.body["code"]) == (403, "not_allowed")


# Without a token --------------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["", "assent_wrong", "\x00", "ä"])
@pytest.mark.parametrize("path", ["", f"/{NOBODY}/pledges", f"/{NOBODY}/award"])
def test_a_stranger_is_asked_for_a_token(path: str, token: str) -> None:
    answer = Caller(token=token).post(f"/bounties{path}", wanted(entry=NOBODY))
    assert (answer.status, answer.body["code"]) == (401, "sign_in")
    assert not Item.objects.exists()


def test_a_stranger_uploads_nothing(rita: Caller, stranger: Caller) -> None:
    path = f"/bounties/{bounty_of(rita)}/entries"
    assert stranger.upload(path, {"files": [lora_file()]}).status == 401
