"""Letters to whoever asked for a takedown, and the box on their page: sent, and silent."""

from __future__ import annotations

import logging
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import override_settings

from assent.casework.models import Case, CaseNote, Notice
from assent.consent import save as consent
from assent.core.consent.asking import normalised_address
from assent.core.notices import Ground
from assent.flows.complain import answer_complaint
from assent.flows.decide_case import remove_in_case
from assent.flows.file_notice import Receipt
from assent.flows.give_back import agree_to_refusal, propose_refusal
from assent.flows.send_case_letters import send_case_letters
from assent.flows.send_messages import send_messages
from assent.gateways import clock
from assent.gateways.contact import address_of
from assent.gateways.letters import LETTERS
from assent.gateways.mail import LETTERS as MEMBERS
from assent.gateways.secrets import keyed_digest
from assent.journal.models import Message
from tests.cast import Page, Visitor
from tests.flows.market import notice, offered, posted
from tests.web.test_case_actions import acted, opened

HER = "canary-vera@example.org"
CONTACT = {"kind": "email", "value": HER}


def filed(where: str, language: str = "en") -> Receipt:
    return notice(where, "canary words of hers", contact=CONTACT, language=language)


def letters() -> list[Any]:
    """What goes out now."""
    mail.outbox.clear()
    send_case_letters()
    return list(mail.outbox)


def code_in(letter: Any) -> str:
    found = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b(?!-)", str(letter.body).split("type this")[1])
    assert found
    return found[0]


def confirmed(stranger: Visitor, receipt: Receipt) -> Page:
    return acted(stranger, opened(stranger, receipt), "confirm", code=code_in(letters()[0]))


def test_req_td_05_a_receipt_goes_to_the_address_and_says_nothing_to_others(
    rita: Visitor,
) -> None:
    bounty = posted(rita.member, "A fox with a red scarf")
    receipt = filed(bounty)
    (letter,) = letters()
    assert letter.to == [HER]
    assert letter.subject == "Your request"
    assert letter.body.startswith(f"Hello, this is about your request {receipt.number}.")
    assert f"{receipt.deadline:%H:%M} UTC" in letter.body
    assert "is hidden" in letter.body
    for secret in (receipt.pin, "fox", "scarf", bounty, "canary words", "deepfake", "nude"):
        assert secret not in f"{letter.subject} {letter.body}"
    assert letters() == []


def test_req_td_11_each_step_has_its_letter(
    stranger: Visitor, rita: Visitor, mo: Visitor, mia: Visitor, otto: Visitor
) -> None:
    receipt = filed(posted(rita.member))
    confirmed(stranger, receipt)
    propose_refusal(mo.member, receipt.number, Ground.NO_LIKENESS)
    assert letters() == []
    agree_to_refusal(mia.member, receipt.number)
    (letter,) = letters()
    for words in ("we did not remove it", "look again", "six months", "TakeItDown.ftc.gov"):
        assert words in letter.body
    acted(stranger, opened(stranger, receipt), "complain")
    assert "We have your complaint." in letters()[0].body
    answer_complaint(otto.member, receipt.number, upheld=True)
    assert "you were right" in letters()[0].body
    remove_in_case(otto.member, receipt.number)
    (letter,) = letters()
    assert "removed for good" in letter.body
    assert {m.template for m in Message.objects.exclude(case=None)} <= set(LETTERS)
    # And all of it stands in the box on the page.
    text = opened(stranger, receipt).text
    for words in ("We have your request.", "We have your complaint.", "removed for good"):
        assert words in text


def test_req_td_18_until_it_is_confirmed_an_address_gets_little_and_the_page_tells_little(
    stranger: Visitor, cora: Visitor, mo: Visitor
) -> None:
    first, _copy = offered(cora.member), offered(cora.member)
    receipt = filed(first)
    page = opened(stranger, receipt)
    assert "Copies and more" not in page.text
    assert "Save the sealed file" not in page.text
    refused = acted(stranger, page, "evidence")
    assert refused.status == 403
    assert "show first that we reach you" in refused.text
    mo.post(f"/cases/{receipt.number}", {"action": "write", "text": "How are you?"})
    (receipt_letter,) = letters()  # not the one about the message
    wrong = acted(stranger, page, "confirm", code="AAAA-AAAA")
    assert wrong.status == 422
    assert "not the code" in wrong.text
    right = acted(stranger, page, "confirm", code=code_in(receipt_letter).lower())
    assert "We know now that we reach you." in right.text
    assert "Copies and more that we found 1" in right.text
    mo.post(f"/cases/{receipt.number}", {"action": "write", "text": "How are you?"})
    assert "There is a message for you" in letters()[0].body


def test_a_code_is_for_one_address(stranger: Visitor, rita: Visitor) -> None:
    receipt = filed(posted(rita.member))
    code = code_in(letters()[0])
    page = acted(stranger, opened(stranger, receipt), "contact", address="other@example.org")
    assert "a letter with a code is on its way" in page.text
    assert acted(stranger, page, "confirm", code=code).status == 422
    (letter,) = letters()
    assert letter.to == ["other@example.org"]
    assert "You have shown" in acted(stranger, page, "confirm", code=code_in(letter)).text
    for odd in ("no address", "a b@example.org", "x" * 400 + "@example.org"):
        assert acted(stranger, page, "contact", address=odd).status == 422
    acted(stranger, page, "contact", address="")
    assert Notice.objects.get().contact == {"kind": "box"}
    assert Case.objects.get().confirmed_at is None


def test_a_case_worker_can_say_that_they_reached_an_agent(rita: Visitor, mo: Visitor) -> None:
    receipt = notice(posted(rita.member), contact={"kind": "agent", "value": "Ngozi, 070 00"})
    assert "Ngozi, 070 00" in mo.get(f"/cases/{receipt.number}").text
    mo.post(f"/cases/{receipt.number}", {"action": "reached"})
    assert Case.objects.get().confirmed_at is not None
    assert "(confirmed)" in mo.get(f"/cases/{receipt.number}").text
    assert letters() == []


def test_the_address_is_sealed_and_goes_with_the_rest(stranger: Visitor, rita: Visitor) -> None:
    receipt = filed(posted(rita.member))
    kept = Notice.objects.get().contact
    assert HER not in str(kept)
    assert address_of(kept) == HER
    acted(stranger, opened(stranger, receipt), "write", note="canary in the box")
    assert CaseNote.objects.exists()
    acted(stranger, opened(stranger, receipt), "erase", sure="on")
    assert not CaseNote.objects.exists()
    assert not Message.objects.exclude(case=None).exists()
    assert letters() == []


def test_req_td_14_the_person_can_add_a_word_another_day(
    stranger: Visitor, rita: Visitor, mo: Visitor
) -> None:
    receipt = filed(posted(rita.member))
    page = acted(stranger, opened(stranger, receipt), "write", note="There is <one> more.")
    assert "There is <one> more." in page.text
    assert "There is <one> more." in mo.get(f"/cases/{receipt.number}").text
    assert acted(stranger, page, "write", note=" ").status == 422
    kept = acted(stranger, page, "write", note="y" * 5001)
    assert kept.status == 422
    assert "y" * 5001 in kept.html
    mo.post(f"/cases/{receipt.number}", {"action": "write", "text": "We found it."})
    assert "We wrote" in opened(stranger, receipt).text


def test_an_address_that_wants_no_letters_or_had_many_gets_none(rita: Visitor) -> None:
    for _ in range(3):
        filed("somewhere")
    limit = {**settings.RATE_LIMITS, "letters": "2 per day"}
    with override_settings(RATE_LIMITS=limit):
        assert len(letters()) == 2
    filed("somewhere")
    consent.never_contact(keyed_digest("channel", normalised_address(HER)), clock.now())
    assert letters() == []


def test_a_mail_server_that_refuses_is_tried_again_and_no_address_is_logged(
    rita: Visitor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    filed("somewhere")

    def refuse(*_: object, **__: object) -> None:
        raise OSError(f"no mailbox for {HER}")

    with monkeypatch.context() as broken, caplog.at_level(logging.DEBUG):
        broken.setattr("assent.flows.send_case_letters.send", refuse)
        assert send_case_letters() == 0
    assert "could not be sent" in caplog.text
    assert HER not in caplog.text
    assert letters() == []  # not at once: a server that is down is not asked every second
    with clock.at(clock.now() + timedelta(minutes=11)):
        assert len(letters()) == 1


@pytest.mark.parametrize("template", LETTERS)
def test_req_td_11_every_letter_to_a_person_goes_out_and_says_nothing_first(
    rita: Visitor, template: str
) -> None:
    filed("somewhere")
    letters()
    case = Case.objects.get()
    Case.objects.update(confirmed_at=clock.now())
    Message.objects.create(id="one", at=clock.now(), case=case, template=template)
    (letter,) = letters()
    assert letter.subject == "Your request"
    assert letter.body.splitlines()[0] == f"Hello, this is about your request {case.number}."
    assert LETTERS[template].partition("%")[0] in letter.body


def test_every_letter_to_a_member_goes_out(rita: Visitor) -> None:
    for number, template in enumerate(MEMBERS):
        user = {"user_id": rita.member.id, "template": template}
        Message.objects.create(id=f"m{number}", at=clock.now(), data={}, **user)
    mail.outbox.clear()
    assert send_messages() == len(MEMBERS) == len(mail.outbox)
    assert {m.to[0] for m in mail.outbox} == {"rita@example.org"}
    subjects = [m.subject.partition(": ")[2] for m in mail.outbox]
    assert sorted(subjects) == sorted(subject for subject, _ in MEMBERS.values())


def test_req_td_13_uploaders_hear_once_a_day_and_never_why_or_from_whom(
    rita: Visitor, cora: Visitor, mo: Visitor
) -> None:
    night = datetime.fromisoformat("2026-11-25T20:10:00+00:00")
    with clock.at(night):
        for owner in (rita, cora):
            where = posted(owner.member) if owner is rita else offered(owner.member)
            remove_in_case(mo.member, filed(where).number)
    removed = "It was removed"
    mail.outbox.clear()
    for hours in (0, 1, 12):  # the next nine o'clock is not yet twelve hours away
        with clock.at(night + timedelta(hours=hours)):
            send_messages()
        assert not [m for m in mail.outbox if removed in m.subject], hours
    assert removed not in rita.get("/notifications").text
    with clock.at(night + timedelta(hours=13)):
        send_messages()
    told = [m for m in mail.outbox if removed in m.subject]
    if not told:  # 9:00 is 12 h 50 min after 20:10
        pytest.fail("the batch did not go out")
    assert sorted(m.to[0] for m in told) == ["cora@example.org", "rita@example.org"]
    assert removed in rita.get("/notifications").text
    text = " ".join(m.body for m in told).lower()
    for secret in ("canary", HER, "request", "notice", "asked"):
        assert secret not in text
