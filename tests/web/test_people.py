"""Profiles, my items, the wallet."""

from __future__ import annotations

from assent.flows.pay_due import pay_due
from tests.cast import Visitor
from tests.flows.market import (
    SINGER,
    UNSURE,
    drafted,
    handed_in,
    in_days,
    notice,
    offered,
    posted,
)


def test_a_profile_shows_what_is_public(stranger: Visitor, rita: Visitor, cora: Visitor) -> None:
    bounty = posted(rita.member)
    posted(rita.member, UNSURE)
    entry, listing = handed_in(cora.member, bounty), offered(cora.member, 2)
    page = stranger.get("/users/rita")
    assert f"/bounties/{bounty}" in page.main
    assert UNSURE not in page.text
    page = stranger.get("/users/cora")
    assert f"/entries/{entry}" in page.main
    assert f"/listings/{listing}" in page.main


def test_nobody_has_an_empty_profile_or_none(stranger: Visitor, ada: Visitor) -> None:
    assert "ada has nothing public here." in stranger.get("/users/ada").text
    assert stranger.get("/users/nobody-here").status == 404
    assert stranger.get("/users/%00").status == 404


def test_my_items_are_mine_in_every_state(rita: Visitor, sam: Visitor) -> None:
    drafted(rita.member, "A draft fox")
    posted(rita.member, "A public fox")
    posted(rita.member, UNSURE)
    posted(rita.member, SINGER)
    text = rita.get("/mine").text
    for words in ("A draft fox", "A public fox", UNSURE, SINGER, "Draft", "Held", "Refused"):
        assert words in text
    assert "You have not put anything here yet." in sam.get("/mine").text


def test_my_entry_does_not_name_a_bounty_that_was_taken_down(rita: Visitor, cora: Visitor) -> None:
    bounty = posted(rita.member, "A hidden fox")
    handed_in(cora.member, bounty)
    assert "Entry to A hidden fox" in cora.get("/mine").text
    notice(bounty)
    text = cora.get("/mine").text
    assert "A hidden fox" not in text


def test_the_wallet_tells_every_movement_in_words(
    rita: Visitor, sam: Visitor, cora: Visitor
) -> None:
    bounty = posted(rita.member, "Botanical plates", credits_=300)
    sam.post(f"/bounties/{bounty}/pledge", {"credits": "50"})
    rita.post(f"/entries/{handed_in(cora.member, bounty)}/award")
    text = cora.get("/wallet").text
    assert "350 On the way to you" in text or "On the way to you 350" in text
    assert "Awarded and waiting, for your entry to Botanical plates" in text
    assert "300 credits for Botanical plates, until" in text
    with in_days(4):
        pay_due()
    assert "You were paid for your entry to Botanical plates" in cora.get("/wallet").text
    page = sam.get("/wallet")
    assert "You pledged to Botanical plates" in page.text
    assert "−50" in page.text
    assert "The house gave you credits" in page.text
    assert f'href="/bounties/{bounty}"' in page.main


def test_the_wallet_does_not_name_what_was_taken_down(rita: Visitor, sam: Visitor) -> None:
    bounty = posted(rita.member, "A hidden fox")
    sam.post(f"/bounties/{bounty}/pledge", {"credits": "50"})
    notice(bounty)
    text = sam.get("/wallet").text
    assert "A hidden fox" not in text
    assert "a bounty that is no longer shown" in text


def test_strangers_and_the_penniless(stranger: Visitor, ada: Visitor) -> None:
    for path in ("/wallet", "/mine"):
        assert stranger.get(path).goes_to == f"/account/login/?next=%2F{path[1:]}"
    assert "No credits have moved yet." in ada.get("/wallet").text
