"""Writing a bounty."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from assent.catalogue.models import Item, Screening
from assent.consent.save_protected import protect
from assent.flows.pledge_credits import pledge_credits
from assent.gateways import clock
from assent.gateways.secrets import name_keys
from tests.cast import Page, Visitor
from tests.flows.market import FOX, SINGER, UNSURE, drafted, posted, state, wallet


def form(**changes: Any) -> dict[str, Any]:
    """The form as Rita fills it in."""
    deadline = (clock.now().date() + timedelta(days=30)).isoformat()
    filled = {"title": FOX, "description": "Loose brush work.", "type": "LoraCreation",
              "tags": "fox, paper", "credits": "100", "deadline": deadline,
              "action": "post"}  # fmt: skip
    return filled | changes


def the_one() -> Item:
    return Item.objects.get(kind="bounty")


def test_the_cost_is_shown_before_anything_is_paid(rita: Visitor) -> None:
    page = rita.get("/bounties/new")
    assert "You have 1,000 credits" in page.text
    assert "A draft costs nothing." in page.text
    assert 'data-count="140"' in page.main


def test_posting_opens_it_and_charges_once(rita: Visitor) -> None:
    sent = rita.post("/bounties/new", form())
    item = the_one()
    assert (sent.goes_to, item.state, item.tags) == (
        f"/bounties/{item.id}",
        "open",
        ["fox", "paper"],
    )
    assert "Your bounty is open." in rita.get(sent.goes_to).text
    assert wallet(rita.member).available == 900


def test_a_draft_is_saved_gone_on_with_and_posted(rita: Visitor) -> None:
    rita.post("/bounties/new", form(title="", action="save"))
    item = the_one()
    assert (item.state, wallet(rita.member).available) == ("draft", 1000)
    edit = f"/bounties/{item.id}/edit"
    assert 'value="fox, paper"' in rita.get(edit).main
    rita.post(edit, form(credits="200"))
    assert (state(item.id), wallet(rita.member).available) == ("open", 800)


def test_a_held_one_reserves_and_a_refused_one_takes_nothing(rita: Visitor) -> None:
    sent = rita.post("/bounties/new", form(title=UNSURE))
    assert "100 credits are reserved" in rita.get(sent.goes_to).text
    assert (wallet(rita.member).posted, wallet(rita.member).reserved) == (1000, 100)
    refused = rita.post("/bounties/new", form(title=SINGER))
    assert "Nothing was charged." in rita.get(refused.goes_to).text
    assert wallet(rita.member).reserved == 100


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 141}, "title"),
        ({"description": "x" * 5001}, "description"),
        ({"type": "Nonsense"}, "type"),
        ({"tags": ",".join(map(str, range(13)))}, "tags"),
        ({"credits": "9"}, "credits"),
        ({"credits": "many"}, "credits"),
        ({"credits": "5000"}, "credits"),
        ({"deadline": "soon"}, "deadline"),
        ({"deadline": "2001-01-01"}, "deadline"),
        ({"deadline": "2999-01-01"}, "deadline"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(
    rita: Visitor, changes: dict[str, str], field: str
) -> None:
    page = rita.post("/bounties/new", form(**changes))
    assert page.status in (409, 422)
    assert f'href="#id_{field}"' in page.main
    assert f'id="id_{field}_error"' in page.main
    assert "<title>Error: " in page.html
    assert "Loose brush work." in page.main or field == "description"
    assert wallet(rita.member).available == 1000


def test_a_saved_draft_that_cannot_be_posted_is_not_saved_twice(rita: Visitor) -> None:
    page = rita.post("/bounties/new", form(credits="5000"))
    item = the_one()
    assert f'action="/bounties/{item.id}/edit"' in page.main


def test_only_its_requester_edits_and_only_while_nobody_else_has_a_stake(
    stranger: Visitor, rita: Visitor, sam: Visitor, mo: Visitor
) -> None:
    draft, open_one = drafted(rita.member), posted(rita.member)
    assert sam.get(f"/bounties/{draft}/edit").status == 404
    assert mo.post(f"/bounties/{draft}/edit", form(title="mine")).status == 403
    assert rita.get(f"/bounties/{open_one}/edit").status == 200
    assert sam.get(f"/bounties/{open_one}/edit").status == 403
    pledge_credits(sam.member, open_one, 20)
    assert rita.get(f"/bounties/{open_one}/edit").status == 403
    assert stranger.get("/bounties/new").goes_to == "/account/login/?next=%2Fbounties%2Fnew"


@pytest.mark.parametrize(
    ("title", "said"),
    [
        (FOX, "It would be published at once"),
        (UNSURE, "A moderator would look at it first"),
        (SINGER, "It would not be published"),
    ],
)
def test_words_can_be_checked_before_anything_happens(rita: Visitor, title: str, said: str) -> None:
    page = rita.post("/bounties/new", form(title=title, action="check"))
    assert said in page.main
    assert (the_one().state, wallet(rita.member).available) == ("draft", 1000)
    assert f'action="/bounties/{the_one().id}/edit"' in page.main
    assert not Screening.objects.exists()


def test_the_check_does_not_tell_who_is_protected(rita: Visitor) -> None:
    title = "a portrait of Vera Lindqvist at the window"
    before = rita.post("/bounties/new", form(title=title, action="check"))
    edit = f"/bounties/{the_one().id}/edit"
    unknown = rita.post(edit, form(title=title, action="check"))
    assert protect(["Vera Lindqvist"], "case1", name_keys(), clock.now(), decided=True)
    known = rita.post(edit, form(title=title, action="check"))
    assert said_of(before) == said_of(unknown) == said_of(known)


def said_of(page: Page) -> str:
    found = re.search(r'<section class="callout".*?</section>', page.main, re.DOTALL)
    assert found is not None
    return found[0]


def test_only_its_requester_can_check_a_draft(rita: Visitor, sam: Visitor) -> None:
    draft = drafted(rita.member)
    assert sam.post(f"/bounties/{draft}/edit", form(action="check")).status == 404
