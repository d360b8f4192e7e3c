"""What members say about bounties and listings."""

from __future__ import annotations

import re

import pytest

from assent.catalogue.models import Item
from assent.core.screening.policies import default_policy
from assent.core.terms import ItemState
from assent.flows.decide_case import remove_in_case
from assent.flows.decide_held import decide_held
from assent.flows.post_comment import post_comment
from assent.flows.run_sweep import run_sweep
from assent.flows.start_sweep import start_sweep
from tests.cast import Page, Visitor
from tests.flows.market import HOUSE, notice, offered, posted

FINE = "Could the hatching be finer?"
UNSURE = "Could it be a mystery woman at the railing?"
SINGER = "Can it look exactly like Taylor Swift?"


def say(who: Visitor, item: str, text: str = FINE, to: str = "") -> str:
    """What they said, by its id, wherever screening put it."""
    page = who.post(f"/comments/on/{item}", {"text": text, "reply_to": to})
    assert page.status == 302, page.text
    return re.findall(r"comment(?:-|s/)([0-9a-z]{12})", page.goes_to)[0]


def state(item: str) -> ItemState:
    return ItemState(Item.objects.get(id=item).state)


@pytest.mark.parametrize("kind", ["bounties", "listings"])
def test_said_answered_and_read_by_everybody(
    stranger: Visitor, rita: Visitor, cora: Visitor, kind: str
) -> None:
    item = posted(rita.member) if kind == "bounties" else offered(rita.member)
    asked = say(cora, item)
    say(rita, item, "Yes, much finer.", to=asked)
    page = stranger.get(f"/{kind}/{item}")
    assert page.text.index(FINE) < page.text.index("Yes, much finer.")
    assert "Comments and questions 2" in page.text
    assert f'href="/takedown?item={asked}"' in page.main
    assert FINE in stranger.get(f"/comments/{asked}").text


def test_a_stranger_signs_in_first(stranger: Visitor, rita: Visitor) -> None:
    item = posted(rita.member)
    assert "Sign in to ask or answer." in stranger.get(f"/bounties/{item}").text
    assert "/account/login/" in stranger.post(f"/comments/on/{item}", {"text": FINE}).goes_to
    assert not Item.objects.filter(kind="comment").exists()


def test_what_is_unsure_waits_for_a_moderator(
    stranger: Visitor, rita: Visitor, sam: Visitor, mo: Visitor
) -> None:
    item = posted(rita.member)
    held = say(sam, item, UNSURE)
    assert UNSURE not in stranger.get(f"/bounties/{item}").text
    assert stranger.get(f"/comments/{held}").status == 404
    assert "mystery" in sam.get(f"/bounties/{item}").text
    assert held in mo.get("/queue").main
    assert "mystery" in mo.get(f"/queue/{held}").text
    decide_held(mo.member, held, approve=False, reason="Not without her consent.")
    page = sam.get(f"/comments/{held}")
    assert "This was not published" in page.text
    assert stranger.get(f"/comments/{held}").status == 404


def test_a_real_person_is_refused_with_the_reason_and_shown_to_nobody(
    stranger: Visitor, rita: Visitor, sam: Visitor
) -> None:
    item = posted(rita.member)
    refused = say(sam, item, SINGER)
    assert state(refused) is ItemState.REFUSED
    assert "This was not published" in sam.get(f"/comments/{refused}").text
    for who in (stranger, rita):
        assert "Swift" not in who.get(f"/bounties/{item}").text
        assert who.get(f"/comments/{refused}").status == 404


def test_changed_words_are_screened_again(stranger: Visitor, rita: Visitor, sam: Visitor) -> None:
    item = posted(rita.member)
    said = say(sam, item)
    page = sam.post(f"/comments/{said}/edit", {"text": SINGER})
    assert page.status == 422
    assert SINGER in page.text, "what was typed is kept"
    assert FINE in stranger.get(f"/comments/{said}").text
    sam.post(f"/comments/{said}/edit", {"text": "Finer, please."})
    assert "Finer, please." in stranger.get(f"/bounties/{item}").text
    sam.post(f"/comments/{said}/edit", {"text": UNSURE})
    assert state(said) is ItemState.HELD
    assert stranger.get(f"/comments/{said}").status == 404


def test_withdrawn_by_its_author_alone(
    stranger: Visitor, rita: Visitor, sam: Visitor, mo: Visitor
) -> None:
    item = posted(rita.member)
    said = say(sam, item)
    reply = say(rita, item, "No, as it is.", to=said)
    for verb in ("edit", "withdraw"):
        for who in (rita, mo):
            assert who.post(f"/comments/{said}/{verb}", {"text": "x"}).status == 403
    assert "Nobody else sees it any more" in sam.get(f"/comments/{said}/withdraw").text
    sam.post(f"/comments/{said}/withdraw")
    page = stranger.get(f"/bounties/{item}")
    assert FINE not in page.text
    assert reply in page.main, "an answer stands by itself"
    assert sam.get(f"/comments/{said}/edit").status == 403


def test_taken_down_like_anything_else(
    stranger: Visitor, rita: Visitor, sam: Visitor, mo: Visitor
) -> None:
    item = posted(rita.member)
    said = say(sam, item)
    case = notice(f"https://assent.example/comments/{said}")
    assert case.hidden == 1
    for who in (stranger, sam):
        assert who.get(f"/comments/{said}").status == 410
        assert FINE not in who.get(f"/bounties/{item}").text
    remove_in_case(mo.member, case.number)
    assert state(said) is ItemState.REMOVED
    assert sam.post(f"/comments/{said}/edit", {"text": "again"}).status == 410


def test_gone_with_what_it_is_about(stranger: Visitor, rita: Visitor, sam: Visitor) -> None:
    item = posted(rita.member)
    said = say(sam, item)
    notice(item)
    for who in (stranger, sam):
        assert who.get(f"/comments/{said}").status == 410
    assert sam.post(f"/comments/on/{item}", {"text": FINE}).status == 410
    assert said not in stranger.get("/users/sam").main


@pytest.mark.parametrize("text", ["", "  ", "x" * 2001, "a\x00b"])
def test_bad_words_are_said_at_the_field(rita: Visitor, sam: Visitor, text: str) -> None:
    page = sam.post(f"/comments/on/{posted(rita.member)}", {"text": text})
    assert page.status == 422
    assert 'id="id_text_error"' in page.main


def test_an_answer_belongs_to_the_same_page(rita: Visitor, sam: Visitor) -> None:
    here, there = posted(rita.member), posted(rita.member, "Another fox")
    said = say(sam, here)
    page = sam.post(f"/comments/on/{there}", {"text": FINE, "reply_to": said})
    assert page.status == 404


def test_many_comments_come_in_parts(stranger: Visitor, rita: Visitor, sam: Visitor) -> None:
    item = posted(rita.member)
    for n in range(52):
        post_comment(sam.member, item, f"Line number {n} of the list.")
    page = stranger.get(f"/bounties/{item}")
    assert "Line number 49 " in page.text
    assert "Line number 50 " not in page.text
    later = re.findall(r'href="(\?talk=[0-9a-z]{12})#talk"', page.main)[0]
    rest: Page = stranger.get(f"/bounties/{item}{later}")
    assert "Line number 51 " in rest.text
    assert "Line number 49 " not in rest.text


def test_a_sweep_reads_comments_too(rita: Visitor, sam: Visitor) -> None:
    said = say(sam, posted(rita.member))
    Item.objects.filter(id=said).update(description=SINGER)
    for dry_run in (True, False):
        run_sweep(start_sweep(default_policy().id, dry_run=dry_run, by=HOUSE))
    assert state(said) in (ItemState.REMOVED, ItemState.HIDDEN)
    assert sam.get(f"/comments/{said}").status == 410
