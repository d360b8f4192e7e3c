"""The agreement for uploaders: nothing is put here without it, and nothing else needs it."""

from __future__ import annotations

import json

import pytest

from assent.catalogue.models import Item
from assent.core.agreement import CLAUSES, digest
from assent.core.terms import ItemKind, Refused
from assent.flows.hand_in_entry import hand_in_entry
from assent.flows.post_comment import post_comment
from assent.flows.publish_listing import Offer, publish_listing
from assent.gateways.signing import published_keys, verified
from assent.journal.models import JournalRow
from assent.people.models import Agreement
from assent.people.queries import has_agreed
from tests.cast import Visitor
from tests.flows.market import lora_file, posted


@pytest.fixture(autouse=True)
def cora_has_not_agreed(cora: Visitor) -> None:
    """The cast of the other tests accepted it when they joined."""
    Agreement.objects.filter(user_id=cora.member.id).delete()


def accepted() -> int:
    return JournalRow.objects.filter(verb="agreement.accepted", subject__gt="").count()


def test_req_pay_01_nothing_is_put_here_without_it(cora: Visitor, rita: Visitor) -> None:
    bounty = posted(rita.member)
    with pytest.raises(Refused, match="agreement"):
        hand_in_entry(cora.member, bounty, "", [lora_file()], [])
    with pytest.raises(Refused, match="agreement"):
        publish_listing(cora.member, Offer("A fox", "", "lora", ()), [lora_file()], [])
    assert not Item.objects.exclude(kind=ItemKind.BOUNTY).exists()
    post_comment(cora.member, bounty, "Could the hatching be finer?")


def test_the_tick_beside_the_files_accepts_it_once(cora: Visitor, rita: Visitor) -> None:
    bounty = posted(rita.member)
    page = cora.get(f"/bounties/{bounty}/enter")
    assert CLAUSES[1] in page.text
    before = accepted()
    sent = {"note": "With a hat.", "files": lora_file()}
    without = cora.post(f"/bounties/{bounty}/enter", sent)
    assert without.status == 422
    assert "With a hat." in without.html, "nothing that was typed is lost"
    assert not has_agreed(cora.member.id)
    done = cora.post(f"/bounties/{bounty}/enter", {**sent, "files": lora_file(), "agree": "on"})
    assert done.goes_to.startswith("/entries/")
    assert accepted() == before + 1
    assert "agreement for uploaders" not in cora.get("/listings/new").text


def test_a_signed_copy_holds_what_was_accepted(cora: Visitor, stranger: Visitor) -> None:
    assert CLAUSES[0] in stranger.get("/agreement").text
    assert stranger.post("/agreement", {}).status in (302, 401, 403)
    assert cora.get("/agreement/copy").status == 404
    cora.post("/agreement", {})
    cora.post("/agreement", {})
    assert Agreement.objects.filter(user_id=cora.member.id).count() == 1
    assert "You accepted it" in cora.get("/agreement").text
    copy = json.loads(cora.get("/agreement/copy").raw)
    claims = verified(copy["signed"], "assent-agreement", published_keys())
    assert claims["sha256"] == digest() == copy["sha256"]
    assert claims["clauses"] == list(CLAUSES)
    assert claims["by"] == "cora"


def test_changed_words_are_accepted_anew(cora: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    cora.post("/agreement", {})
    assert has_agreed(cora.member.id)
    monkeypatch.setattr("assent.core.agreement.VERSION", "2027-01")
    assert not has_agreed(cora.member.id)
