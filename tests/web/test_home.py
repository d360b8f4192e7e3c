"""The first page, the house rules and the theme."""

from __future__ import annotations

from tests.cast import Visitor
from tests.flows.market import UNSURE, drafted, handed_in, notice, offered, posted


def test_an_empty_marketplace_says_what_it_is_and_what_to_do(stranger: Visitor) -> None:
    page = stranger.get("/")
    assert page.status == 200
    assert "real person’s likeness needs that person’s" in page.text
    assert "No bounty is open right now." in page.text
    assert "Nothing has been awarded yet." in page.text
    assert "No finished work is on offer yet." in page.text


def test_what_is_open_awarded_and_on_offer_is_shown(
    stranger: Visitor, rita: Visitor, cora: Visitor
) -> None:
    open_one = posted(rita.member)
    won = posted(rita.member, "A fox in the snow")
    rita.post(f"/entries/{handed_in(cora.member, won)}/award")
    listing = offered(cora.member, 5)
    page = stranger.get("/")
    for path in (f"/bounties/{open_one}", f"/listings/{listing}"):
        assert f'href="{path}"' in page.main
    assert "A fox in the snow" in page.text


def test_what_is_not_public_is_not_shown_to_anyone(stranger: Visitor, rita: Visitor) -> None:
    drafted(rita.member, "A secret draft fox")
    posted(rita.member, UNSURE)
    hidden = posted(rita.member, "A hidden fox")
    notice(hidden)
    for who in (stranger, rita):
        text = who.get("/").text
        assert not any(words in text for words in ("secret draft", UNSURE, "hidden fox"))


def test_the_rules_are_there_for_everyone(stranger: Visitor) -> None:
    assert "The uploader cannot sign for the person shown." in stranger.get("/rules").text


def test_the_theme_is_kept_in_a_cookie_and_can_be_forgotten(stranger: Visitor) -> None:
    assert "data-theme" not in stranger.get("/").html
    assert stranger.post("/theme", {"theme": "dark", "next": "/rules"}).goes_to == "/rules"
    assert '<html lang="en" data-theme="dark">' in stranger.get("/").html
    stranger.post("/theme", {"theme": "device", "next": "/"})
    assert "data-theme" not in stranger.get("/").html


def test_the_theme_form_leads_nowhere_else_and_takes_no_other_word(stranger: Visitor) -> None:
    sent = stranger.post("/theme", {"theme": '"><script>', "next": "https://elsewhere.example/"})
    assert sent.goes_to == "/"
    assert "data-theme" not in stranger.get("/").html
