"""A bounty's page, and what people do to it."""

from __future__ import annotations

import pytest

from tests.cast import Visitor
from tests.flows.market import (
    FOX,
    UNSURE,
    chest,
    drafted,
    handed_in,
    notice,
    posted,
    state,
    wallet,
)


def test_it_shows_credits_supporters_deadline_and_entries(
    stranger: Visitor, rita: Visitor, sam: Visitor, cora: Visitor
) -> None:
    bounty = posted(rita.member, credits_=300)
    sent = sam.post(f"/bounties/{bounty}/pledge", {"credits": "50"})
    assert sent.goes_to == f"/bounties/{bounty}"
    entry = handed_in(cora.member, bounty, note="With a hat.")
    page = stranger.get(f"/bounties/{bounty}")
    assert "350 credits in escrow" in page.text
    assert "rita 300 credits sam 50 credits" in page.text
    assert "(30 days left)" in page.text
    assert "With a hat." in page.text
    assert f'href="/entries/{entry}"' in page.main
    assert "/thumb" in page.main


def test_a_pledge_moves_into_escrow(rita: Visitor, sam: Visitor) -> None:
    bounty = posted(rita.member)
    sam.post(f"/bounties/{bounty}/pledge", {"credits": "50"})
    assert (wallet(sam.member).available, chest(bounty).posted) == (950, 150)


@pytest.mark.parametrize("credits_", ["", "9", "ten", "-5", "1.5", "1000001", "2000"])
def test_a_wrong_pledge_takes_nothing_and_says_why(
    rita: Visitor, sam: Visitor, credits_: str
) -> None:
    bounty = posted(rita.member)
    page = sam.post(f"/bounties/{bounty}/pledge", {"credits": credits_})
    assert page.status in (409, 422)
    assert 'class="error-summary"' in page.main
    assert 'href="#id_credits"' in page.main
    assert wallet(sam.member).available == 1000


def test_a_stranger_sees_a_bounty_but_must_sign_in_to_act(stranger: Visitor, rita: Visitor) -> None:
    bounty = posted(rita.member)
    assert "Sign in to hand in work or add credits" in stranger.get(f"/bounties/{bounty}").text
    sent = stranger.post(f"/bounties/{bounty}/pledge", {"credits": "50"})
    assert sent.goes_to.startswith("/account/login/")
    assert stranger.get(f"/bounties/{bounty}/cancel").goes_to == (
        f"/account/login/?next=%2Fbounties%2F{bounty}%2Fcancel"
    )


def test_drafts_and_held_ones_are_for_their_requester_and_moderators(
    stranger: Visitor, rita: Visitor, sam: Visitor, mo: Visitor
) -> None:
    for bounty in (drafted(rita.member), posted(rita.member, UNSURE)):
        assert [v.get(f"/bounties/{bounty}").status for v in (stranger, sam, rita, mo)] == [
            404,
            404,
            200,
            200,
        ]


def test_a_held_one_tells_its_requester_what_happens(rita: Visitor) -> None:
    page = rita.get(f"/bounties/{posted(rita.member, UNSURE)}")
    assert "Held until a moderator has looked" in page.text
    assert "Your credits are reserved, not spent." in page.text


def test_cancelling_says_who_gets_what_back_and_gives_it(rita: Visitor, sam: Visitor) -> None:
    bounty = posted(rita.member, credits_=300)
    sam.post(f"/bounties/{bounty}/pledge", {"credits": "50"})
    page = rita.get(f"/bounties/{bounty}/cancel")
    assert "rita 300 credits sam 50 credits" in page.text
    assert state(bounty) == "open"
    assert rita.post(f"/bounties/{bounty}/cancel").goes_to == f"/bounties/{bounty}"
    assert state(bounty) == "cancelled"
    assert (wallet(rita.member).available, wallet(sam.member).available) == (1000, 1000)


def test_only_the_requester_cancels_and_only_without_work(
    rita: Visitor, sam: Visitor, cora: Visitor
) -> None:
    bounty = posted(rita.member)
    assert sam.post(f"/bounties/{bounty}/cancel").status == 403
    handed_in(cora.member, bounty)
    page = rita.post(f"/bounties/{bounty}/cancel")
    assert (page.status, state(bounty)) == (409, "open")
    assert "Somebody has handed in work." in page.text


def test_what_somebody_wrote_is_never_markup(stranger: Visitor, rita: Visitor) -> None:
    bounty = posted(rita.member, FOX, description='<script>alert("fox")</script>')
    page = stranger.get(f"/bounties/{bounty}")
    assert "<script>alert" not in page.html
    assert "&lt;script&gt;" in page.main


def test_a_hidden_one_is_gone_for_its_requester_too(
    stranger: Visitor, rita: Visitor, mo: Visitor
) -> None:
    bounty = posted(rita.member)
    notice(bounty)
    for who in (stranger, rita):
        page = who.get(f"/bounties/{bounty}")
        assert (page.status, page.headers["Cache-Control"]) == (410, "no-store")
        assert FOX not in page.text
    assert mo.get(f"/bounties/{bounty}").status == 200
