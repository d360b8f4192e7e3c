"""Reports of anything but a likeness: taken, answered, and undone when an objection is right."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from assent.casework.models import Report
from assent.casework.reports import open_reports, status
from assent.casework.statements import statements_of
from assent.core.reasons.dsa import faults, payload
from assent.core.reasons.words import parts
from assent.core.reports import ANSWERED_WITHIN, ReportForm, ReportKind
from assent.core.terms import ItemState, Refused, Role
from assent.flows.answer_appeal import answer_appeal
from assent.flows.answer_report import answer_report
from assent.flows.appeal_decision import appeal_decision
from assent.flows.file_report import ReportReceipt, file_report
from assent.gateways.secrets import pin_digest
from assent.journal.models import JournalRow, Message
from assent.people.queries import Member
from tests.flows.market import SINGER, join, notice, offered, posted, state

CANARY = "canary-Vera-Lindqvist-Oyelaran"


@pytest.fixture
def mia() -> Member:
    """A second moderator."""
    return join("mia", role=Role.MODERATOR)


def reported(item: str, by: Member | None = None, **more: object) -> ReportReceipt:
    found = {"kind": ReportKind.ILLEGAL, "text": CANARY, "good_faith": True} | more
    return file_report(ReportForm(item, **found), by)  # type: ignore[arg-type]


def seen(receipt: ReportReceipt) -> bool | None:
    return status(receipt.number, pin_digest(receipt.pin)).upheld


def test_a_stranger_reports_and_reads_the_answer(cora: Member, mo: Member) -> None:
    listing = offered(cora)
    receipt = reported(listing)
    assert state(listing) is ItemState.PUBLISHED, "nothing hides before somebody has looked"
    assert receipt.deadline - receipt.at == ANSWERED_WITHIN
    assert [one.status.number for one in open_reports(mo.person)] == [receipt.number]
    assert seen(receipt) is None
    answer_report(mo, receipt.number, upheld=True)
    assert state(listing) is ItemState.HIDDEN
    assert seen(receipt) is True
    assert open_reports(mo.person) == []
    with pytest.raises(Refused):
        answer_report(mo, receipt.number, upheld=False)


def test_req_mod_02_the_owner_gets_reasons_and_not_a_word_of_the_report(
    cora: Member, sam: Member, mo: Member
) -> None:
    receipts = []
    for seed, kind in enumerate(ReportKind, 3):
        more = {"name": CANARY, "contact": CANARY} if kind is ReportKind.COPYRIGHT else {}
        receipts.append(reported(offered(cora, seed), sam, kind=kind, **more))
    for receipt in receipts:
        answer_report(mo, receipt.number, upheld=True)
    given = [one.statement for one in statements_of(cora.id)]
    found = [one for one in given if one.facts.rule == "report.upheld"]
    assert len(found) == len(ReportKind)
    everything = json.dumps([[parts(one), payload(one)] for one in found])
    assert CANARY not in everything
    assert [faults(payload(one)) for one in found] == [[]] * len(found)
    rows = json.dumps(list(JournalRow.objects.values_list("data", "subject", "actor")))
    assert CANARY not in rows
    assert Message.objects.filter(user=sam.id, template="report_answered").count() == 4


def test_what_stays_stays(cora: Member, mo: Member) -> None:
    listing = offered(cora)
    receipt = reported(listing, kind=ReportKind.SPAM, text="")
    answer_report(mo, receipt.number, upheld=False)
    assert seen(receipt) is False
    assert state(listing) is ItemState.PUBLISHED


def test_an_objection_that_is_right_brings_it_back_to_a_person(
    cora: Member, mo: Member, mia: Member
) -> None:
    listing = offered(cora)
    answer_report(mo, reported(listing).number, upheld=True)
    objection = appeal_decision(cora, statements_of(cora.id)[0].statement.id, "It is my own.")
    with pytest.raises(Refused):
        answer_appeal(mo, objection, "No.", reverse=True)
    answer_appeal(mia, objection, "Plainly their own.", reverse=True)
    assert state(listing) is ItemState.HELD


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({"text": " "}, {"text"}),
        ({"good_faith": False}, {"good_faith"}),
        ({"text": "x" * 5001}, {"text"}),
        ({"kind": ReportKind.COPYRIGHT}, {"name", "contact"}),
        ({"kind": ReportKind.COPYRIGHT, "name": "x" * 201, "contact": "y"}, {"name"}),
    ],
)
def test_what_is_missing_is_named(cora: Member, more: dict[str, object], fields: set[str]) -> None:
    listing = offered(cora)
    with pytest.raises(Refused) as refused:
        reported(listing, **more)
    assert set(refused.value.refusal.fields) == fields
    assert not Report.objects.exists()


def test_nobody_reports_what_they_cannot_see_or_answers_for_themselves(
    rita: Member, cora: Member, mo: Member, sam: Member
) -> None:
    with pytest.raises(Refused):
        reported(posted(rita, SINGER))
    gone = offered(cora)
    notice(gone)
    with pytest.raises(Refused):
        reported(gone)
    own = reported(offered(cora, 5), mo)
    for nobody in (mo, sam):
        with pytest.raises(Refused):
            answer_report(nobody, own.number, upheld=True)


def test_a_wrong_pin_and_an_unknown_number_are_alike(cora: Member) -> None:
    receipt = reported(offered(cora))
    said = []
    for number, pin in ((receipt.number, "AAAA"), ("AAAA-BBBB-CCCC", receipt.pin)):
        with pytest.raises(Refused) as refused:
            status(number, pin_digest(pin))
        said.append(refused.value.refusal)
    assert said[0] == said[1]


def test_req_td_22_a_likeness_is_never_slower_than_copyright(cora: Member) -> None:
    claim = reported(offered(cora), kind=ReportKind.COPYRIGHT, name="A.", contact="b")
    likeness = notice(offered(cora, 4))
    assert likeness.deadline - likeness.received_at < claim.deadline - claim.at
    assert likeness.hidden == 1
    assert likeness.deadline - likeness.received_at <= timedelta(hours=48)
