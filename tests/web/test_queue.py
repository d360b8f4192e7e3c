"""The moderators' queue, held items, and takedown cases."""

from __future__ import annotations

import pytest

from assent.catalogue.models import Item
from tests.cast import Visitor
from tests.flows.market import UNSURE, handed_in, notice, offered, posted, state, wallet


def test_it_lists_what_is_held_and_cases_by_deadline(
    rita: Visitor, mo: Visitor, otto: Visitor
) -> None:
    held = posted(rita.member, UNSURE)
    receipt = notice(posted(rita.member))
    for who in (mo, otto):
        page = who.get("/queue")
        assert f'href="/queue/{held}"' in page.main
        assert f'href="/cases/{receipt.number}"' in page.main
        assert "47 h 59 min left" in page.text or "48 h 0 min left" in page.text


def test_an_empty_queue_says_so(mo: Visitor) -> None:
    text = mo.get("/queue").text
    assert "Nothing is held." in text
    assert "No takedown request waits." in text


def test_nobody_else_sees_the_queue(stranger: Visitor, rita: Visitor, ada: Visitor) -> None:
    held = posted(rita.member, UNSURE)
    receipt = notice(posted(rita.member))
    for path in ("/queue", f"/queue/{held}", f"/cases/{receipt.number}"):
        assert stranger.get(path).goes_to.startswith("/account/login/")
        assert [v.get(path).status for v in (rita, ada)] == [403, 403]
        assert [v.post(path, {"action": "approve"}).status for v in (rita, ada)] in (
            [403, 403],
            [405, 405],
        )
    assert state(held) == "held"


def test_a_held_one_shows_its_evidence(rita: Visitor, mo: Visitor) -> None:
    page = mo.get(f"/queue/{posted(rita.member, UNSURE)}")
    assert "<mark>" in page.main
    assert "review" in page.text
    assert "Likeness" in page.text


def test_images_are_blurred_until_asked_for(rita: Visitor, cora: Visitor, mo: Visitor) -> None:
    handed_in(cora.member, posted(rita.member))
    listing = offered(cora.member, 3, UNSURE)
    assert state(listing) in ("held", "refused")
    Item.objects.filter(id=listing).update(state="held")
    page = mo.get(f"/queue/{listing}")
    assert 'class="veil"' in page.main
    assert 'type="checkbox"' in page.main


def test_publishing_opens_it_and_refusing_gives_everything_back(rita: Visitor, mo: Visitor) -> None:
    good, bad = posted(rita.member, UNSURE), posted(rita.member, UNSURE)
    assert mo.post(f"/queue/{good}", {"action": "approve"}).goes_to == "/queue"
    mo.post(f"/queue/{bad}", {"action": "refuse", "reason": "Ask for a drawing."})
    assert (state(good), state(bad)) == ("open", "refused")
    assert wallet(rita.member).available == 900
    assert "Ask for a drawing." in rita.get(f"/bounties/{bad}").text


@pytest.mark.parametrize("fields", [{"action": "refuse"}, {"action": "delete"}, {}])
def test_a_refusal_needs_a_reason(rita: Visitor, mo: Visitor, fields: dict[str, str]) -> None:
    held = posted(rita.member, UNSURE)
    page = mo.post(f"/queue/{held}", fields)
    assert page.status == 422
    assert 'class="error-summary"' in page.main
    assert state(held) == "held"


def test_nobody_decides_on_their_own_or_twice(mia: Visitor, mo: Visitor) -> None:
    held = posted(mia.member, UNSURE)
    assert "It is your own, so somebody else decides." in mia.get(f"/queue/{held}").text
    assert mia.post(f"/queue/{held}", {"action": "approve"}).status == 403
    mo.post(f"/queue/{held}", {"action": "approve"})
    again = mo.post(f"/queue/{held}", {"action": "refuse", "reason": "No."})
    assert (again.status, state(held)) == (409, "open")
    assert "nothing to decide" in again.text
    assert mo.get("/queue/000000000000").status == 404


def test_a_case_shows_the_notice_and_removes_for_good(
    stranger: Visitor, rita: Visitor, mo: Visitor
) -> None:
    bounty = posted(rita.member)
    details = {"language": "Dansk", "danger": True}
    receipt = notice(bounty, "and the one with the hat", details=details)
    path = f"/cases/{receipt.number}"
    page = mo.get(path)
    assert page.headers["Cache-Control"] == "no-store"
    for words in ("and the one with the hat", "Dansk", "Someone may be in danger yes", "named"):
        assert words in page.text
    assert mo.post(path, {}).status == 422
    assert mo.post(path, {"sure": "on"}).goes_to == path
    assert state(bounty) == "removed"
    assert stranger.get(f"/bounties/{bounty}").status == 410
    assert "Remove 1 item" not in mo.get(path).text
    assert mo.post(path, {"sure": "on"}).status == 409
    assert mo.get("/cases/NO-SUCH").status == 404


def test_what_a_worker_found_joins_the_case_and_is_hidden(rita: Visitor, mo: Visitor) -> None:
    bounty = posted(rita.member)
    path = f"/cases/{notice('the one with the hat').number}"
    for item in ("", "000000000000"):
        page = mo.post(path, {"action": "add", "item": item})
        assert page.status == 422
        assert 'id="id_item_error"' in page.main
    assert mo.post(path, {"action": "add", "item": bounty}).goes_to == path
    assert state(bounty) == "hidden"
    assert "Remove 1 item" in mo.get(path).text
