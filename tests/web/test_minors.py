"""Requests about somebody who may be under 18: first, by a path of their own, and silent."""

from __future__ import annotations

from datetime import timedelta

from django.core import mail

from assent.casework.models import Case
from assent.core.notices import Ground
from assent.flows.decide_case import remove_in_case
from assent.flows.send_messages import send_messages
from assent.gateways import clock
from assent.journal.models import Message
from tests.cast import Visitor
from tests.flows.market import notice, posted, state
from tests.web.test_case_actions import acted, opened


def test_req_td_21_no_name_is_asked_and_the_right_places_are_named(
    stranger: Visitor, rita: Visitor
) -> None:
    bounty = posted(rita.member)
    sent = {"where": bounty, "relation": "me", "good_faith": "on", "under_18": "on"}
    page = stranger.post("/takedown", sent)
    assert "One thing more" not in page.text
    assert Case.objects.get().missing == []
    assert 'href="https://takeitdown.ncmec.org/" rel="noreferrer noopener"' in page.main
    assert "We look at your request first." in page.text
    assert 'href="https://stopncii.org/" rel="noreferrer noopener"' in page.main


def test_req_td_21_it_stands_first_and_operators_are_told_at_once(
    rita: Visitor, mo: Visitor, otto: Visitor
) -> None:
    usual = notice(posted(rita.member))
    young = notice(posted(rita.member), details={"under_18": True})
    queue = mo.get("/queue").text
    assert queue.index(young.number) < queue.index(usual.number)
    mail.outbox.clear()
    send_messages()
    told = [m.to for m in mail.outbox if "comes first" in m.subject]
    assert told == [[f"{otto.member.name}@example.org"]]
    text = mo.get(f"/cases/{young.number}").text
    assert "CyberTipline" in text
    assert "sends no report by itself" in text


def test_req_td_21_an_operator_has_to_agree_and_the_uploader_hears_nothing(
    rita: Visitor, mo: Visitor, mia: Visitor, otto: Visitor
) -> None:
    bounty, other = posted(rita.member), posted(rita.member)
    receipt = notice(bounty)
    mo.post(f"/cases/{receipt.number}", {"action": "minor"})
    mo.post(f"/cases/{receipt.number}", {"action": "minor"})
    assert Message.objects.filter(template="case_minor").count() == 1
    ground = {"action": "propose", "ground": Ground.NO_LIKENESS}
    mo.post(f"/cases/{receipt.number}", ground)
    mia.post(f"/cases/{receipt.number}", {"action": "agree"})
    assert state(bounty) == "hidden"
    otto.post(f"/cases/{receipt.number}", {"action": "agree"})
    assert state(bounty) == "open"
    young = notice(other, details={"under_18": True})
    remove_in_case(mo.member, young.number)
    with clock.at(clock.now() + timedelta(days=3)):
        send_messages()
    assert not Message.objects.filter(template="removed").exists()


def test_req_td_14_a_link_in_a_message_hides_like_one_in_the_request(
    stranger: Visitor, rita: Visitor, mo: Visitor
) -> None:
    bounty, later = posted(rita.member), posted(rita.member)
    receipt = notice("I need you to search")
    page = opened(stranger, receipt)
    acted(stranger, page, "write", note=f"One is http://testserver/bounties/{bounty} I think.")
    assert state(bounty) == "hidden"
    assert "1, hidden" in opened(stranger, receipt).text
    acted(stranger, page, "write", note="Nothing in particular.")
    remove_in_case(mo.member, receipt.number)
    acted(stranger, opened(stranger, receipt), "write", note=later)
    assert state(later) == "open"
