"""Handing work in, an entry's page, and the award."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from assent.catalogue.models import Item
from tests.cast import Visitor
from tests.flows.market import (
    handed_in,
    lora_file,
    notice,
    picture_file,
    posted,
    scanned,
    state,
    wallet,
)


def sent(cora: Visitor, bounty: str) -> str:
    """An entry that Cora sent by the form, not scanned yet; its address."""
    fields = {"files": [lora_file()], "images": [picture_file()], "note": "With a hat."}
    return cora.post(f"/bounties/{bounty}/enter", fields).goes_to


def test_a_form_without_scripts_hands_work_in(rita: Visitor, cora: Visitor) -> None:
    bounty = posted(rita.member)
    page = cora.get(f"/bounties/{bounty}/enter")
    assert 'enctype="multipart/form-data"' in page.main
    address = sent(cora, bounty)
    waiting = cora.get(address)
    assert "We are scanning your files" in waiting.text
    assert f'hx-get="{address}/status"' in waiting.main
    assert cora.get(f"{address}/status").headers.get("HX-Refresh") is None
    scanned(address.rsplit("/", 1)[1])
    assert cora.get(f"{address}/status").headers["HX-Refresh"] == "true"
    done = cora.get(address)
    assert "With a hat." in done.text
    assert "Download" in done.text


def test_until_it_is_scanned_nobody_else_sees_it(
    stranger: Visitor, rita: Visitor, cora: Visitor
) -> None:
    address = sent(cora, posted(rita.member))
    for who in (stranger, rita):
        assert (who.get(address).status, who.get(f"{address}/status").status) == (404, 404)


def test_files_open_to_whoever_awards_and_to_nobody_else(
    stranger: Visitor, rita: Visitor, sam: Visitor, cora: Visitor
) -> None:
    entry = handed_in(cora.member, posted(rita.member))
    for who in (stranger, rita, sam):
        page = who.get(f"/entries/{entry}")
        assert page.status == 200
        assert "The files open to whoever awards this entry." in page.text
        assert "download>" not in page.main
    rita.post(f"/entries/{entry}/award")
    assert "download>" in rita.get(f"/entries/{entry}").main
    assert "download>" not in sam.get(f"/entries/{entry}").main


def not_a_model() -> SimpleUploadedFile:
    return SimpleUploadedFile("fox.safetensors", b"PK\x03\x04" + bytes(200))


@pytest.mark.parametrize(
    ("files", "images", "field"),
    [
        ([], [], "files"),
        ([b"nothing that we know"], [], "files"),
        (["zip"], [], "files"),
        (["lora"] * 5, [], "files"),
        (["lora"], ["lora"], "images"),
        (["lora"], ["picture"] * 9, "images"),
    ],
)
def test_what_is_not_taken_is_said_at_its_field(
    rita: Visitor, cora: Visitor, files: list[object], images: list[object], field: str
) -> None:
    made = {"lora": lora_file, "picture": picture_file, "zip": not_a_model}

    def make(what: object) -> object:
        return made[what]() if isinstance(what, str) else io.BytesIO(bytes(what))  # type: ignore[call-overload]

    bounty = posted(rita.member)
    fields = {"files": [make(f) for f in files], "images": [make(i) for i in images]}
    page = cora.post(f"/bounties/{bounty}/enter", fields)
    assert page.status == 422
    assert f'id="id_{field}_error"' in page.main
    assert not Item.objects.filter(kind="entry").exists()


def test_nobody_enters_their_own_bounty_or_a_closed_one(
    stranger: Visitor, rita: Visitor, cora: Visitor
) -> None:
    bounty = posted(rita.member)
    assert rita.get(f"/bounties/{bounty}/enter").status == 403
    assert stranger.get(f"/bounties/{bounty}/enter").goes_to.startswith("/account/login/")
    rita.post(f"/bounties/{bounty}/cancel")
    assert cora.get(f"/bounties/{bounty}/enter").status == 404


def test_the_award_says_what_happens_to_the_credits_and_does_it(
    rita: Visitor, cora: Visitor, chris: Visitor
) -> None:
    bounty = posted(rita.member, credits_=300)
    good, other = handed_in(cora.member, bounty), handed_in(chris.member, bounty, seed=2)
    page = rita.get(f"/entries/{good}/award")
    assert "300 credits leave this bounty’s escrow for cora." in page.text
    assert "The other entry is declined." in page.text
    assert state(good) == "published"
    assert rita.post(f"/entries/{good}/award").goes_to == f"/bounties/{bounty}"
    assert (state(good), state(other), state(bounty)) == ("awarded", "declined", "settled")
    assert wallet(cora.member).incoming == 300
    assert "waits until" in rita.get(f"/bounties/{bounty}").text


def test_only_the_requester_awards_and_once(
    stranger: Visitor, rita: Visitor, sam: Visitor, cora: Visitor
) -> None:
    entry = handed_in(cora.member, posted(rita.member))
    for who in (sam, cora):
        assert who.get(f"/entries/{entry}/award").status == 403
        assert who.post(f"/entries/{entry}/award").status == 403
    assert stranger.post(f"/entries/{entry}/award").goes_to.startswith("/account/login/")
    rita.post(f"/entries/{entry}/award")
    assert rita.post(f"/entries/{entry}/award").status == 403


def test_an_entry_goes_when_its_bounty_is_hidden(rita: Visitor, cora: Visitor) -> None:
    bounty = posted(rita.member)
    entry = handed_in(cora.member, bounty)
    notice(bounty)
    assert [v.get(f"/entries/{entry}").status for v in (rita, cora)] == [410, 410]
