"""What the person does on the page of their case: complain, take a proof, delete their words."""

from __future__ import annotations

import json
import re
from datetime import timedelta

from assent.casework.models import Case, Complaint, Notice
from assent.consent.models import Staydown
from assent.core.notices import COMPLAINT_TIME, KEPT_AFTERWARDS, Ground
from assent.core.terms import ItemState
from assent.flows.decide_case import remove_in_case
from assent.flows.erase_case import erase_due
from assent.flows.file_notice import Receipt
from assent.flows.give_back import agree_to_refusal, propose_refusal
from assent.flows.publish_root import publish_root
from assent.gateways import clock
from assent.journal.models import JournalRow
from assent.ops.proofs import journal_proof
from tests.cast import Page, Visitor
from tests.flows.market import notice, offered, posted, state

CANARY = "canary-Vera-Lindqvist-Oyelaran"


def opened(who: Visitor, receipt: Receipt) -> Page:
    return who.post("/case", {"number": receipt.number, "pin": receipt.pin})


def acted(who: Visitor, page: Page, action: str, **more: str) -> Page:
    found = re.search(r'name="ticket" value="([^"]+)"', page.html)
    assert found, "the page has no ticket"
    return who.post("/case/act", {"ticket": found[1], "action": action, **more})


def turned_down(mo: Visitor, mia: Visitor, receipt: Receipt) -> None:
    propose_refusal(mo.member, receipt.number, Ground.NO_LIKENESS)
    agree_to_refusal(mia.member, receipt.number)


def test_req_td_26_a_complaint_needs_no_account_and_no_words(
    stranger: Visitor, rita: Visitor, mo: Visitor, mia: Visitor, otto: Visitor
) -> None:
    bounty = posted(rita.member)
    receipt = notice(bounty)
    assert "Ask us to look again" not in opened(stranger, receipt).text
    turned_down(mo, mia, receipt)
    assert state(bounty) is ItemState.OPEN
    page = opened(stranger, receipt)
    assert "What was hidden can be seen here again." in page.text
    assert "What you named is hidden" not in page.text
    page = acted(stranger, page, "complain")
    assert "We have your complaint." in page.text
    assert "Somebody looks again" in opened(stranger, receipt).text
    # Nobody who decided answers it, whichever part they had.
    for decider in (mo, mia):
        assert "had no part in the decision" in decider.get(f"/cases/{receipt.number}").text
        decider.post(f"/cases/{receipt.number}", {"action": "uphold"})
        assert Complaint.objects.get().answered_at is None
    assert receipt.number in otto.get("/queue").text
    otto.post(f"/cases/{receipt.number}", {"action": "uphold"})
    assert state(bounty) is ItemState.HIDDEN
    assert "You were right" in opened(stranger, receipt).text
    remove_in_case(otto.member, receipt.number)
    assert "Removed for good" in opened(stranger, receipt).text
    assert journal_proof().faults == ()


def test_req_td_26_a_complaint_that_is_not_right_can_be_made_again(
    stranger: Visitor, rita: Visitor, mo: Visitor, mia: Visitor, otto: Visitor
) -> None:
    receipt = notice(posted(rita.member))
    turned_down(mo, mia, receipt)
    page = acted(stranger, opened(stranger, receipt), "complain", text=CANARY)
    assert "somebody looks at it" in acted(stranger, page, "complain").text
    assert Complaint.objects.count() == 1
    otto.post(f"/cases/{receipt.number}", {"action": "reject"})
    page = opened(stranger, receipt)
    assert "They came to the same answer." in page.text
    acted(stranger, page, "complain")
    assert Complaint.objects.filter(answered_at=None).count() == 1
    with clock.at(clock.now() + COMPLAINT_TIME + timedelta(days=1)):
        otto.post(f"/cases/{receipt.number}", {"action": "reject"})
        late = acted(stranger, opened(stranger, receipt), "complain")
    assert "is over" in late.text


def test_a_ticket_is_for_half_an_hour_and_for_its_case_alone(
    stranger: Visitor, rita: Visitor, mo: Visitor
) -> None:
    receipt = notice(posted(rita.member))
    page = opened(stranger, receipt)
    assert receipt.pin not in page.html
    for ticket in ("", "nonsense", "gAAAAA" * 20):
        sent = stranger.post("/case/act", {"ticket": ticket, "action": "erase", "sure": "on"})
        assert "was open for a long time" in sent.text
    with clock.at(clock.now() + timedelta(minutes=31)):
        assert "was open for a long time" in acted(stranger, page, "erase", sure="on").text
    assert Notice.objects.filter(case__number=receipt.number).exists()


def test_req_td_19_everything_told_is_deleted_and_the_journal_still_verifies(
    stranger: Visitor, cora: Visitor, mo: Visitor
) -> None:
    listing = offered(cora.member)
    receipt = notice(listing, CANARY, contact={"kind": "email", "value": f"{CANARY}@example.org"})
    page = opened(stranger, receipt)
    assert "tick the line" in acted(stranger, page, "erase").text
    assert "What you told us is gone." in acted(stranger, page, "erase", sure="on").text
    assert opened(stranger, receipt).status == 404
    assert state(listing) is ItemState.HIDDEN
    assert Staydown.objects.exists()
    assert not Notice.objects.exists()
    kept = Case.objects.get()
    assert kept.number != receipt.number
    assert CANARY not in json.dumps([str(v) for v in vars(kept).values()])
    assert journal_proof().faults == ()
    # It is still decided, by what it is.
    remove_in_case(mo.member, kept.number)
    assert state(listing) is ItemState.REMOVED


def test_req_td_19_protection_ends_only_where_that_is_asked_for(
    stranger: Visitor, cora: Visitor, mo: Visitor
) -> None:
    receipt = notice(offered(cora.member))
    remove_in_case(mo.member, receipt.number)
    assert Staydown.objects.exists()
    page = opened(stranger, receipt)
    acted(stranger, page, "erase", sure="on", protection="on")
    assert not Staydown.objects.exists()


def test_req_td_19_the_clock_erases_what_nobody_can_need_any_more(
    rita: Visitor, mo: Visitor
) -> None:
    receipt = notice(posted(rita.member), CANARY)
    remove_in_case(mo.member, receipt.number)
    over = clock.now() + COMPLAINT_TIME + KEPT_AFTERWARDS
    with clock.at(over - timedelta(days=1)):
        assert erase_due() == 0
    with clock.at(over + timedelta(days=1)):
        assert erase_due() == 1
        assert erase_due() == 0
    assert not Notice.objects.exists()
    assert JournalRow.objects.filter(verb="case.erased").count() == 1


def test_req_aud_04_the_person_takes_the_proof_with_them(stranger: Visitor, rita: Visitor) -> None:
    receipt = notice(posted(rita.member))
    assert "come back tomorrow" in acted(stranger, opened(stranger, receipt), "proof").text
    publish_root()
    page = acted(stranger, opened(stranger, receipt), "proof")
    assert page.headers["Content-Type"] == "application/json"
    proof = json.loads(page.raw)
    assert proof["proofs"]
    assert receipt.number not in page.html


def test_req_td_14_what_a_request_left_out_is_filled_in_on_its_page(
    stranger: Visitor, rita: Visitor, mo: Visitor
) -> None:
    page = stranger.post("/takedown", {"where": posted(rita.member)})
    assert "fill in what is missing" in page.text
    assert "Sign with a name or a mark" in page.text
    number, pin = (re.search(rf'id="{i}"[^>]*>([^<]+)<', page.html) for i in ("number", "pin"))
    assert number
    assert pin
    page = stranger.post("/case", {"number": number[1], "pin": pin[1]})
    assert "Complete the request" in page.text
    assert "Still missing" in mo.get(f"/cases/{number[1]}").text
    page = acted(stranger, page, "complete", signature="V.")
    assert "Thank you. We have it." in page.text
    assert 'name="signature"' not in page.html
    assert 'name="relation"' in page.html
    before = Case.objects.get()
    page = acted(stranger, page, "complete", relation="pigeon")
    assert Case.objects.get().missing == before.missing == ["relation", "good_faith"]
    page = acted(stranger, page, "complete", relation="agent", good_faith="on")
    assert "Complete the request" not in page.text
    after, kept = Case.objects.get(), Notice.objects.get()
    assert (after.missing, kept.relation, kept.signature) == ([], "agent", "V.")
    assert (after.deadline, after.state) == (before.deadline, before.state)
    # It overwrites nothing that was said at first.
    acted(stranger, page, "complete", relation="me", signature="W.")
    assert Notice.objects.get().signature == "V."


def test_a_decided_request_is_not_completed(
    stranger: Visitor, rita: Visitor, mo: Visitor, mia: Visitor
) -> None:
    page = stranger.post("/takedown", {"where": posted(rita.member)})
    found = [re.search(rf'id="{i}"[^>]*>([^<]+)<', page.html) for i in ("number", "pin")]
    number, pin = (one[1] for one in found if one)
    page = stranger.post("/case", {"number": number, "pin": pin})
    remove_in_case(mo.member, number)
    assert "It is decided already." in acted(stranger, page, "complete", signature="V.").text
