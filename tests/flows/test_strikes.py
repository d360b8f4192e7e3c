"""Strikes, suspensions and leases in the marketplace."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assent.casework.leases import lease_of
from assent.casework.models import Suspension
from assent.casework.statements import statements_of
from assent.casework.strikes import strikes_of, suspension_of
from assent.core.leases import LEASE
from assent.core.reports import ReportForm, ReportKind
from assent.core.terms import ItemState, Refused, Role
from assent.flows.answer_appeal import answer_appeal
from assent.flows.answer_report import answer_report
from assent.flows.appeal_decision import appeal_decision
from assent.flows.decide_case import remove_in_case
from assent.flows.decide_held import decide_held
from assent.flows.file_report import file_report
from assent.flows.pledge_credits import pledge_credits
from assent.flows.post_comment import post_comment
from assent.flows.take_work import give_up_work, take_work
from assent.flows.tell_hidden import tell_hidden
from assent.flows.weigh_strikes import weigh_strikes
from assent.gateways import clock
from assent.people.queries import Member
from tests.flows.market import (
    UNSURE,
    handed_in,
    in_days,
    join,
    notice,
    offered,
    posted,
    state,
    wallet,
)


@pytest.fixture
def rita() -> Member:
    return join("rita", 1000)


@pytest.fixture
def cora() -> Member:
    return join("cora", 500)


@pytest.fixture
def mo() -> Member:
    return join("mo", role=Role.MODERATOR)


@pytest.fixture
def mia() -> Member:
    return join("mia", role=Role.MODERATOR)


def reported(mo: Member, item: str) -> None:
    """Reported as spam, and rightly so."""
    number = file_report(ReportForm(item, ReportKind.SPAM, ""), None).number
    answer_report(mo, number, upheld=True)


def advert(who: Member, on: str) -> str:
    """A comment that is public, and not much else."""
    return post_comment(who, on, "Lamps and more lamps in our shop, all week.")[0]


def likeness_removed(mo: Member, item: str) -> None:
    """Taken down, and its owner told, half a day later."""
    remove_in_case(mo, notice(item).number)
    with in_days(1):
        tell_hidden()


def test_req_enf_08_a_suspension_refunds_everybody_exactly(
    rita: Member, cora: Member, mo: Member
) -> None:
    running = posted(cora, credits_=200)
    pledge_credits(rita, running, 150)
    worked_for = posted(cora, "A blue hare", credits_=100)
    handed_in(rita, worked_for, 5)
    likeness_removed(mo, offered(cora, 1))
    with in_days(2):
        assert weigh_strikes() == 0, "a warning alone"
        assert post_comment(cora, running, "Still here.")
        reported(mo, advert(cora, running))
        assert [s.points for s in strikes_of(cora.id)] == [2, 1]
        assert weigh_strikes() == 1
        assert weigh_strikes() == 0, "once"
        assert state(running) is ItemState.CANCELLED
        assert (wallet(rita).available, wallet(cora).available) == (1000, 400)
        assert state(worked_for) is ItemState.OPEN, "somebody worked for it"
        for act in (
            lambda: posted(cora),
            lambda: offered(cora, 3),
            lambda: post_comment(cora, worked_for, "And more."),
            lambda: pledge_credits(cora, worked_for, 20),
        ):
            with pytest.raises(Refused) as refused:
                act()
            assert refused.value.refusal.code == "suspended"
    with in_days(33):
        assert suspension_of(cora.id, clock.now()) is None, "over even before the worker saw it"
        assert weigh_strikes() == 1
        assert posted(cora)
    assert Suspension.objects.get().ended_at is not None


def test_an_objection_that_is_right_takes_back_what_followed(
    rita: Member, cora: Member, mo: Member, mia: Member
) -> None:
    likeness_removed(mo, offered(cora, 1))
    with in_days(2):
        comment = advert(cora, posted(rita))
        reported(mo, comment)
        weigh_strikes()
        assert suspension_of(cora.id, clock.now()) is not None
        given = next(g for g in statements_of(cora.id) if g.statement.facts.item == comment)
        appeal = appeal_decision(cora, given.statement.id, "It is no spam.")
        answer_appeal(mia, appeal, "It is not.", reverse=True)
        assert [s.points for s in strikes_of(cora.id)] == [2]
        assert weigh_strikes() == 1
        assert suspension_of(cora.id, clock.now()) is None
        assert posted(cora)


def test_what_the_owner_was_not_told_is_no_strike_yet(cora: Member, mo: Member) -> None:
    """A strike would tell the minute of a request before its letter does."""
    remove_in_case(mo, notice(offered(cora, 1)).number)
    assert strikes_of(cora.id) == []
    assert weigh_strikes() == 0


def test_several_items_in_one_case_are_one_strike(cora: Member, mo: Member) -> None:
    both = offered(cora, 1), offered(cora, 2, "Misty dales")
    remove_in_case(mo, notice(*both).number)
    with in_days(1):
        tell_hidden()
        assert [s.points for s in strikes_of(cora.id)] == [2]


def test_what_a_takedown_request_hid_for_nothing_is_no_strike(cora: Member) -> None:
    notice(offered(cora, 1))
    with in_days(1):
        tell_hidden()
    assert strikes_of(cora.id) == []


# Leases ------------------------------------------------------------------------------------------


def test_two_moderators_never_hold_the_same_work(rita: Member, mo: Member, mia: Member) -> None:
    held = posted(rita, UNSURE)
    subject = f"item:{held}"
    until = take_work(mo, subject)
    assert until == take_work(mo, subject).replace(
        minute=until.minute, second=until.second, microsecond=until.microsecond
    )
    for refused_act in (
        lambda: take_work(mia, subject),
        lambda: decide_held(mia, held, approve=True, reason=""),
    ):
        with pytest.raises(Refused) as refused:
            refused_act()
        assert refused.value.refusal.code == "work_taken"
    with pytest.raises(Refused):
        give_up_work(mia, subject)
    give_up_work(mo, subject)
    take_work(mia, subject)
    with clock.at(clock.now() + LEASE + timedelta(seconds=1)):
        assert lease_of(subject, clock.now()) is None
        take_work(mo, subject)
        decide_held(mo, held, approve=True, reason="")
    assert state(held) is ItemState.OPEN


def test_nobody_but_staff_takes_work(rita: Member) -> None:
    with pytest.raises(Refused) as refused:
        take_work(rita, "item:000000000000")
    assert refused.value.refusal.code == "not_allowed"


def test_what_nobody_took_anybody_decides(rita: Member, mo: Member) -> None:
    held = posted(rita, UNSURE)
    decide_held(mo, held, approve=False, reason="Who is it?")
    assert state(held) is ItemState.REFUSED
