"""Objecting to a decision: free, answered by somebody else, and nothing comes out by it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from assent.casework.statements import all_statements, open_appeals, statement, statements_of
from assent.core.access import STRANGER
from assent.core.ledger import Balance
from assent.core.reasons.dsa import faults, payload
from assent.core.reasons.statement import APPEAL_TIME, Restriction, Statement
from assent.core.reasons.words import parts
from assent.core.terms import ItemState, Refused, Role
from assent.flows.answer_appeal import answer_appeal
from assent.flows.appeal_decision import TEXT_MAX, appeal_decision
from assent.flows.decide_case import remove_in_case
from assent.flows.decide_held import decide_held
from assent.flows.tell_hidden import tell_hidden
from assent.gateways import clock
from assent.journal.models import Message
from assent.ops.proofs import journal_proof, ledger_proof
from assent.people.queries import Member
from tests.flows.market import SINGER, UNSURE, join, notice, offered, posted, state, wallet

CANARY = "canary-Vera-Lindqvist-Oyelaran"


@pytest.fixture
def mia() -> Member:
    """A second moderator."""
    return join("mia", role=Role.MODERATOR)


def latest(who: Member) -> Statement:
    return statements_of(who.id)[0].statement


def refused_by(mo: Member, rita: Member, reason: str = "Not this.") -> str:
    bounty = posted(rita, UNSURE, 300)
    decide_held(mo, bounty, approve=False, reason=reason)
    assert state(bounty) is ItemState.REFUSED
    return bounty


def no(code: str) -> pytest.RaisesExc[Refused]:
    return pytest.raises(Refused, check=lambda error: error.refusal.code == code)


def test_req_mod_01_every_restriction_has_its_statement(
    rita: Member, cora: Member, mo: Member
) -> None:
    posted(rita, SINGER)
    posted(rita, UNSURE)
    notice(offered(cora), CANARY, details={"note": CANARY})
    assert {s.restriction for s in (g.statement for g in statements_of(rita.id))} == {
        Restriction.NOT_PUBLISHED, Restriction.HELD,
    }  # fmt: skip
    with clock.at(clock.now() + timedelta(hours=2)):
        assert tell_hidden() == 1
        assert tell_hidden() == 0
    found = latest(cora)
    assert found.restriction is Restriction.HIDDEN
    everything = json.dumps([parts(found), payload(found)])
    assert CANARY not in everything
    assert cora.name not in everything


def test_req_td_13_what_a_notice_hid_is_told_in_batches(cora: Member) -> None:
    notice(offered(cora))
    told = Message.objects.filter(user=cora.id, template="hidden")
    with clock.at(clock.now().replace(minute=59) + timedelta(seconds=1)):
        tell_hidden()
        assert not told.exists()
        assert statements_of(cora.id) == []
    with clock.at(clock.now() + timedelta(hours=1)):
        tell_hidden()
    assert told.count() == 1


def test_req_mod_12_about_an_apparent_minor_the_uploader_is_told_nothing(
    cora: Member, mo: Member
) -> None:
    receipt = notice(offered(cora), details={"under_18": True})
    remove_in_case(mo, receipt.number)
    with clock.at(clock.now() + timedelta(days=2)):
        assert tell_hidden() == 0
    assert statements_of(cora.id) == []


def test_req_mod_03_objecting_is_free_and_open_for_six_months(rita: Member, mo: Member) -> None:
    bounty = refused_by(mo, rita)
    about = latest(rita).id
    with pytest.raises(Refused):
        appeal_decision(rita, about, "x" * (TEXT_MAX + 1))
    with clock.at(clock.now() + APPEAL_TIME + timedelta(days=1)), no("appeal_late"):
        appeal_decision(rita, about, "")
    with clock.at(clock.now() + timedelta(days=182)):
        appeal_decision(rita, about, "x" * TEXT_MAX)
        with no("appeal_open"):
            appeal_decision(rita, about, "")
    assert state(bounty) is ItemState.REFUSED
    assert wallet(rita) == Balance(posted=1000)


def test_a_held_item_is_looked_at_already(rita: Member) -> None:
    posted(rita, UNSURE)
    with no("still_held"):
        appeal_decision(rita, latest(rita).id, "")


def test_req_mod_04_never_answered_by_the_decider_or_by_oneself(
    rita: Member, mo: Member, mia: Member
) -> None:
    refused_by(mo, rita)
    objection = appeal_decision(rita, latest(rita).id, "It is a mystery woman that I invented.")
    assert [a.id for a in open_appeals()] == [objection]
    with no("second_person"):
        answer_appeal(mo, objection, "No.", reverse=False)
    with no("not_allowed"):
        answer_appeal(rita, objection, "Yes.", reverse=True)
    with no("check_the_form"):
        answer_appeal(mia, objection, " ", reverse=False)
    answer_appeal(mia, objection, "It stands.", reverse=False)
    assert open_appeals() == []
    with no("case_moved_on"):
        answer_appeal(mia, objection, "Again.", reverse=True)
    # And once more, with another answer.
    again = appeal_decision(rita, latest(rita).id, "")
    assert again != objection


def test_an_appeal_that_is_right_restores_item_and_reserved_credits(
    rita: Member, mo: Member, mia: Member
) -> None:
    before = posted(rita, UNSURE, 300)
    held = wallet(rita)
    decide_held(mo, before, approve=False, reason="Not this.")
    assert wallet(rita) == Balance(posted=1000)
    objection = appeal_decision(rita, latest(rita).id, "")
    answer_appeal(mia, objection, "You are right.", reverse=True)
    assert state(before) is ItemState.HELD
    assert wallet(rita) == held
    decide_held(mia, before, approve=True, reason="")
    assert state(before) is ItemState.OPEN
    assert wallet(rita) == Balance(posted=700)
    assert (ledger_proof().faults, journal_proof().faults) == ((), ())


def test_req_mod_05_an_appeal_never_makes_a_likeness_public(
    rita: Member, mo: Member, mia: Member
) -> None:
    bounty = posted(rita, SINGER)
    assert state(bounty) is ItemState.REFUSED
    objection = appeal_decision(rita, latest(rita).id, "She would not mind.")
    answer_appeal(mia, objection, "Looks harmless.", reverse=True)
    assert state(bounty) is ItemState.HELD
    for moderator in (mo, mia):
        with no("likeness_without_consent"):
            decide_held(moderator, bounty, approve=True, reason="")
    assert state(bounty) is ItemState.HELD


def test_req_mod_05_what_a_notice_hid_comes_back_by_its_case_alone(
    cora: Member, mo: Member, mia: Member
) -> None:
    listing = offered(cora)
    receipt = notice(listing)
    with clock.at(clock.now() + timedelta(hours=1)):
        tell_hidden()
    objection = appeal_decision(cora, latest(cora).id, "It is nobody.")
    with no("takedown_open"):
        answer_appeal(mia, objection, "Nobody, indeed.", reverse=True)
    assert state(listing) is ItemState.HIDDEN
    remove_in_case(mo, receipt.number)
    assert latest(cora).restriction is Restriction.HIDDEN, "told apart from the minute of removal"
    with clock.at(clock.now() + timedelta(hours=14)):
        tell_hidden()
    about = latest(cora)
    assert about.restriction is Restriction.REMOVED
    removal = appeal_decision(cora, about.id, "")
    with no("takedown_open"):
        answer_appeal(mia, removal, "Let it back.", reverse=True)
    answer_appeal(mia, removal, "It stands.", reverse=False)


def test_nobody_else_reads_a_statement(rita: Member, sam: Member, mo: Member) -> None:
    posted(rita, SINGER)
    about = latest(rita).id
    assert statement(mo.person, about).owner == rita.id
    for viewer in (sam.person, STRANGER):
        with no("not_found"):
            statement(viewer, about)
    for wrong in ("", "-", about[:-1], "nothing-at-all"):
        with no("not_found"):
            statement(rita.person, wrong)
    with no("not_found"):
        appeal_decision(mo, about, "")


def test_req_tra_01_every_statement_of_a_busy_day_passes_the_schema(
    rita: Member, cora: Member, mo: Member
) -> None:
    refused_by(mo, rita, CANARY)
    posted(rita, SINGER)
    remove_in_case(mo, notice(offered(cora), CANARY).number)
    now = clock.now()
    found = list(all_statements(now - timedelta(days=1), now + timedelta(days=1)))
    assert len(found) >= 5
    sent = [payload(one) for one in found]
    assert [faults(one) for one in sent] == [[] for _ in sent]
    assert len({one["puid"] for one in sent}) == len(sent)
    assert CANARY not in json.dumps(sent)
