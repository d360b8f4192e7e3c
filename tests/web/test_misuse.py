"""What was found about how a request was sent: for the staff, and for whoever sent it."""

from __future__ import annotations

import pytest

from assent.casework.models import MisuseFinding
from assent.flows.file_notice import Receipt
from assent.flows.find_case import find_case
from tests.cast import Visitor
from tests.flows.market import notice, posted
from tests.flows.test_misuse import EMAIL, WHY, confirmed
from tests.web.test_case_actions import acted, opened, turned_down


@pytest.fixture
def lost(rita: Visitor, mo: Visitor, mia: Visitor) -> Receipt:
    """A confirmed request that two people turned down."""
    receipt = confirmed(notice(posted(rita.member), contact=EMAIL))
    turned_down(mo, mia, receipt)
    return receipt


def test_req_td_17_it_is_proposed_agreed_objected_to_and_answered_on_pages(
    lost: Receipt, stranger: Visitor, mo: Visitor, mia: Visitor, otto: Visitor
) -> None:
    path = f"/cases/{lost.number}/misuse"
    assert path in mo.get(f"/cases/{lost.number}").html
    assert mo.post(path, {"action": "propose", "reason": "no"}).status == 422
    mo.post(path, {"action": "propose", "reason": WHY})
    assert path in otto.get("/queue").html
    # Nothing is told before somebody agrees, and who agrees sees what it leads to.
    assert "plainly had no ground" not in opened(stranger, lost).text
    assert "have to" not in otto.get(path).text
    assert "It is a warning" in otto.get(path).text
    assert 'value="agree"' not in mo.get(path).html
    assert 'value="agree"' not in mia.get(path).html
    otto.post(path, {"action": "agree"})
    page = opened(stranger, lost)
    assert "Two people found that it plainly had no ground." in page.text
    assert WHY in page.text
    assert "This is a warning." in page.text
    page = acted(stranger, page, "object", text="But it is me.")
    assert "We have your complaint." in page.text
    assert "it has no effect" in page.text
    assert path in mo.get("/queue").html
    assert "But it is me." in mia.get(path).text
    assert 'value="uphold"' not in mo.get(path).html
    mia.post(path, {"action": "uphold"})
    assert "you were right" in opened(stranger, lost).text
    assert path not in mo.get("/queue").html


def test_req_td_17_a_colleague_drops_it(lost: Receipt, mo: Visitor, otto: Visitor) -> None:
    path = f"/cases/{lost.number}/misuse"
    mo.post(path, {"action": "propose", "reason": WHY})
    otto.post(path, {"action": "drop"})
    assert not MisuseFinding.objects.exists()
    assert "Dropped." in otto.get(path).text


def test_req_td_17_no_stranger_and_no_uploader_sees_the_page(
    lost: Receipt, stranger: Visitor, rita: Visitor, cora: Visitor, mo: Visitor
) -> None:
    path = f"/cases/{lost.number}/misuse"
    mo.post(path, {"action": "propose", "reason": WHY})
    for who in (stranger, rita, cora):
        for page in (who.get(path), who.post(path, {"action": "agree"})):
            assert page.status in (302, 403)
            assert WHY not in page.html
    assert MisuseFinding.objects.get().agreed_at is None


def test_req_td_17_the_page_says_why_a_request_cannot_be_misuse(rita: Visitor, mo: Visitor) -> None:
    receipt = notice(posted(rita.member))
    page = mo.get(f"/cases/{receipt.number}/misuse")
    assert "Only a request that two people turned down" in page.text
    assert find_case(receipt.number, receipt.pin).look_by is None


def test_req_td_07_what_waits_for_a_look_stands_first_and_hides_with_one_button(
    rita: Visitor, mo: Visitor, settings: object
) -> None:
    settings.TAKEDOWN_HIDES_PER_NOTICE = 0  # type: ignore[attr-defined]
    bounty = posted(rita.member)
    receipt = notice(bounty)
    assert "Look first" in mo.get("/queue").text
    assert "Not everything is hidden yet" in mo.get(f"/cases/{receipt.number}").text
    mo.post(f"/cases/{receipt.number}", {"action": "hide"})
    assert "Look first" not in mo.get("/queue").text
    assert rita.get(f"/bounties/{bounty}").status == 410
    other = notice(posted(rita.member))
    mo.post(f"/cases/{other.number}", {"action": "looked"})
    assert "Look first" not in mo.get("/queue").text
