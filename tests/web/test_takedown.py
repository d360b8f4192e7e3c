"""The takedown form: for anybody, on anything, at once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import override_settings

from assent.casework.models import Case, Notice
from assent.core.terms import ItemState
from assent.flows.look_first import hide_overdue
from assent.gateways.contact import address_of
from tests.cast import Page, Visitor
from tests.flows.market import handed_in, in_days, offered, posted, state

FULL = {"where": "", "relation": "me", "good_faith": "on", "signature": "N. N."}


def form(where: str, **changes: str) -> dict[str, str]:
    return FULL | {"where": where} | changes


def test_the_least_that_can_be_sent_hides_what_it_names(
    stranger: Visitor, rita: Visitor, cora: Visitor
) -> None:
    bounty, listing = posted(rita.member), offered(cora.member)
    where = f"http://testserver/bounties/{bounty}\n{listing}"
    page = stranger.post("/takedown", form(where))
    assert page.status == 200
    assert "We have your request" in page.text
    assert "2 items that you named are hidden now." in page.text
    assert {state(bounty), state(listing)} == {"hidden"}
    for path in (f"/bounties/{bounty}", f"/listings/{listing}"):
        gone = stranger.get(path)
        assert (gone.status, gone.headers["Cache-Control"]) == (410, "no-store")


def test_the_receipt_has_all_that_the_person_needs(stranger: Visitor) -> None:
    page = stranger.post("/takedown", form("I need you to search: the one with the red scarf"))
    case = Case.objects.get()
    for words in (
        case.number,
        f"{case.received_at:%H:%M} UTC",
        "Decided by",
        "A person searches for the rest.",
        "StopNCII.org",
        "Take It Down",
    ):
        assert words in page.text
    assert re.search(r"\b[0-9A-Z]{4}(-[0-9A-Z]{4}){3}\b", page.text)
    assert f'href="/case/{case.number}"' in page.main


def test_no_account_no_cookie_no_script_no_picture_and_nothing_is_stored(
    stranger: Visitor, rita: Visitor
) -> None:
    for page in (
        stranger.get("/takedown"),
        stranger.post("/takedown", form(posted(rita.member))),
        stranger.get("/case"),
    ):
        assert "Set-Cookie" not in page.headers
        assert not stranger.client.cookies
        assert "<img" not in page.html
        assert "<svg" not in page.html
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["Referrer-Policy"] == "no-referrer"


def test_the_same_page_for_somebody_who_is_signed_in(stranger: Visitor, rita: Visitor) -> None:
    assert rita.get("/takedown").html == stranger.get("/takedown").html


def test_without_a_place_the_form_asks_and_keeps_what_was_typed(stranger: Visitor) -> None:
    page = stranger.post("/takedown", form("", note="please <hurry>"))
    assert page.status == 422
    assert 'href="#id_where"' in page.main
    assert 'id="id_where_error"' in page.main
    assert "please &lt;hurry&gt;" in page.main
    assert not Case.objects.exists()


@pytest.mark.parametrize("missing", ["relation", "good_faith", "signature"])
def test_req_td_06_what_is_missing_is_asked_for_once_while_the_clock_runs(
    stranger: Visitor, rita: Visitor, missing: str
) -> None:
    bounty = posted(rita.member)
    sent = form(bounty)
    del sent[missing]
    page = stranger.post("/takedown", sent)
    assert page.status == 200
    assert "One thing more, when you can" in page.text
    assert state(bounty) == "hidden"
    assert Case.objects.get().missing == [missing]


def test_everything_else_may_be_said_and_is_kept_for_case_workers(stranger: Visitor) -> None:
    more = {"contact_kind": "email", "contact_value": "n@example.org", "intimate": "on",
            "under_18": "on", "danger": "on", "language": "Dansk", "safe_times": "mornings",
            "protect": "on", "tell_others": "on", "note": "A note."}  # fmt: skip
    stranger.post("/takedown", form("somewhere", **more))
    notice = Notice.objects.get()
    assert notice.contact["kind"] == "email"
    assert "n@example.org" not in str(notice.contact)
    assert address_of(notice.contact) == "n@example.org"
    assert set(notice.details) == {
        "intimate", "under_18", "danger", "language", "safe_times", "protect", "tell_others", "note"
    }  # fmt: skip
    assert notice.case.under_18


def test_a_way_to_reach_them_needs_an_address_only_if_they_chose_one(stranger: Visitor) -> None:
    page = stranger.post("/takedown", form("somewhere", contact_kind="phone"))
    assert page.status == 422
    assert 'id="id_contact_value_error"' in page.main


def test_the_menu_of_an_item_names_it_in_the_form(stranger: Visitor, rita: Visitor) -> None:
    bounty = posted(rita.member)
    assert f'href="/takedown?item={bounty}"' in stranger.get(f"/bounties/{bounty}").main
    assert bounty in stranger.get(f"/takedown?item={bounty}").main
    assert "script" not in stranger.get("/takedown?item=<script>").main


def test_it_can_be_left_at_once(stranger: Visitor) -> None:
    for page in (stranger.get("/takedown"), stranger.post("/takedown", form("x")),
                 stranger.get("/case")):  # fmt: skip
        (link,) = re.findall(r'<a class="exit"[^>]*>', page.html)
        assert 'href="https://www.wikipedia.org/"' in link
        assert "noreferrer" in link
        assert "Emergency Exit this page" in page.text


def test_it_asks_for_no_proof_of_who_somebody_is(stranger: Visitor) -> None:
    assert 'type="file"' not in stranger.get("/takedown").html


@override_settings(
    RATE_LIMITS={
        "takedown": "1 per hour", "takedown_most": "3 per hour", "status": "9/hour",
        "write": "9/hour",
    }
)  # fmt: skip
def test_req_td_07_from_a_crowded_address_requests_are_taken_and_looked_at_first(
    stranger: Visitor, rita: Visitor
) -> None:
    """A shelter or a mobile network shares one address among many people: nobody is locked out."""
    where = {"REMOTE_ADDR": "192.0.2.79"}
    items = [posted(rita.member) for _ in range(3)]
    pages = [stranger.post("/takedown", form(item), **where) for item in items]
    assert [p.status for p in pages] == [200, 200, 200]
    assert [state(i) for i in items] == [ItemState.HIDDEN, ItemState.OPEN, ItemState.OPEN]
    assert Case.objects.filter(triage_by__isnull=False).count() == 2
    assert len({c.deadline - c.received_at for c in Case.objects.all()}) == 1
    with in_days(0.05):
        assert hide_overdue() == 2
    assert {state(i) for i in items} == {ItemState.HIDDEN}
    assert stranger.post("/takedown", form("x"), **where).status == 429


@override_settings(
    RATE_LIMITS={
        "takedown": "9/hour", "takedown_most": "2 per hour", "status": "1 per hour",
        "write": "9/hour",
    }
)  # fmt: skip
def test_too_many_at_once_keep_what_was_typed(stranger: Visitor, db: None) -> None:
    where = {"REMOTE_ADDR": "192.0.2.77"}
    pages = [stranger.post("/takedown", form("the red scarf"), **where) for _ in range(3)]
    assert [p.status for p in pages] == [200, 200, 429]
    assert int(pages[-1].headers["Retry-After"]) > 0
    assert "the red scarf" in pages[-1].main
    assert Case.objects.count() == 2
    assert stranger.post("/takedown", form("x"), REMOTE_ADDR="192.0.2.78").status == 200


def syllables(word: str) -> int:
    """Count the vowel groups, less a silent e at the end."""
    found = len(re.findall(r"[aeiouy]+", word.lower()))
    return max(1, found - (word.lower().endswith("e") and not word.lower().endswith("le")))


def grade(page: Page) -> float:
    """Return the Flesch-Kincaid reading grade of a page's main part."""
    body = re.sub(r"</(p|li|h1|h2|label|legend|summary|dt|dd)>", ". ", page.main)
    text = re.sub(r"<[^>]+>", " ", body.partition(">")[2])
    sentences = [s for s in re.split(r"[.!?:]\s", text) if re.search(r"[a-z]", s)]
    words = re.findall(r"[A-Za-z’]+", text)
    beats = sum(map(syllables, words))
    return 0.39 * len(words) / len(sentences) + 11.8 * beats / len(words) - 15.59


def test_a_child_of_thirteen_can_read_it(stranger: Visitor) -> None:
    assert grade(stranger.get("/takedown")) <= 8
    assert grade(stranger.post("/takedown", form("somewhere"))) <= 8


def test_one_notice_hides_every_copy(stranger: Visitor, rita: Visitor, cora: Visitor) -> None:
    listing = offered(cora.member)
    entry = handed_in(cora.member, posted(rita.member))
    stranger.post("/takedown", form(f"http://testserver/listings/{listing}"))
    assert (state(listing), state(entry)) == ("hidden", "hidden")


def test_other_ways_to_send_are_refused(stranger: Visitor) -> None:
    put: Any = stranger.client.put("/takedown")
    assert put.status_code == 405
