"""Awarding: who may, once, and only what is there to be awarded."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assent.catalogue.models import Pledge
from assent.core.ledger import Balance, PledgeState
from assent.core.terms import ItemState, Refused
from assent.flows.award_entry import award_entry
from assent.flows.cancel_bounty import cancel_bounty
from assent.flows.close_due import close_due
from assent.flows.decide_held import decide_held
from assent.flows.hand_in_entry import hand_in_entry
from assent.flows.pay_due import pay_due
from assent.flows.pledge_credits import pledge_credits
from assent.gateways import clock
from assent.ledger.models import Payout
from assent.people.queries import Member
from tests.flows.market import (
    FOX,
    UNSURE,
    chest,
    handed_in,
    in_days,
    lora_file,
    notice,
    picture_file,
    posted,
    state,
    wallet,
)


def test_an_entry_is_awarded_once(rita: Member, cora: Member) -> None:
    entry = handed_in(cora, posted(rita))
    award_entry(rita, entry)
    with pytest.raises(Refused, match="not waiting for an award"):
        award_entry(rita, entry)
    assert wallet(cora) == Balance(incoming=100)
    assert Payout.objects.count() == 1


def test_a_second_entry_of_the_bounty_cannot_win_as_well(
    rita: Member, cora: Member, chris: Member
) -> None:
    bounty = posted(rita)
    first, second = handed_in(cora, bounty, 1), handed_in(chris, bounty, 2)
    award_entry(rita, first)
    with pytest.raises(Refused, match="not waiting for an award"):
        award_entry(rita, second)
    assert wallet(chris) == Balance()


def test_an_entry_that_comes_out_of_the_queue_after_the_award_wins_nothing(
    rita: Member, cora: Member, chris: Member, mo: Member
) -> None:
    bounty = posted(rita)
    late = handed_in(chris, bounty, 2, note="Found in a folder.")
    assert state(late) is ItemState.HELD
    award_entry(rita, handed_in(cora, bounty, 1))
    decide_held(mo, late, approve=True, reason="")
    with pytest.raises(Refused, match="has been decided already"):
        award_entry(rita, late)


def test_nobody_hands_in_work_to_their_own_bounty(rita: Member) -> None:
    bounty = posted(rita)
    with pytest.raises(Refused, match="your own bounty"):
        hand_in_entry(rita, bounty, "", [lora_file()], [])


def test_only_the_requester_awards(
    rita: Member, sam: Member, cora: Member, chris: Member, mo: Member
) -> None:
    bounty = posted(rita)
    pledge_credits(sam, bounty, 500)
    entry = handed_in(cora, bounty)
    for who in (sam, cora, chris, mo):
        with pytest.raises(Refused, match="Only the requester"):
            award_entry(who, entry)
    assert state(entry) is ItemState.PUBLISHED
    assert not Payout.objects.exists()


def test_work_comes_only_to_an_open_bounty(rita: Member, cora: Member, chris: Member) -> None:
    bounty = posted(rita)
    award_entry(rita, handed_in(chris, bounty))
    with pytest.raises(Refused, match="only while a bounty is open"):
        hand_in_entry(cora, bounty, "", [lora_file()], [])
    with pytest.raises(Refused, match="nothing here"):
        hand_in_entry(cora, posted(rita, UNSURE), "", [lora_file()], [])


def test_a_closed_bounty_can_still_be_awarded(rita: Member, cora: Member) -> None:
    bounty = posted(rita)
    entry = handed_in(cora, bounty)
    with in_days(31):
        assert close_due() == 1
        assert state(bounty) is ItemState.CLOSED
        award_entry(rita, entry)
    assert state(bounty) is ItemState.SETTLED
    assert wallet(cora) == Balance(incoming=100)


def test_what_was_pledged_after_the_first_look_is_awarded_too(
    rita: Member, sam: Member, cora: Member
) -> None:
    bounty = posted(rita)
    entry = handed_in(cora, bounty)
    for amount in (10, 20, 30):
        pledge_credits(sam, bounty, amount)
    assert sorted(p.amount for p in award_entry(rita, entry)) == [10, 20, 30, 100]


# Cancelling -------------------------------------------------------------------------------------


def test_cancelling_gives_everyone_exactly_their_own_back(rita: Member, sam: Member) -> None:
    bounty = posted(rita, FOX, 300)
    pledge_credits(sam, bounty, 50)
    pledge_credits(sam, bounty, 25)
    cancel_bounty(rita, bounty)
    assert state(bounty) is ItemState.CANCELLED
    assert (wallet(rita), wallet(sam)) == (Balance(posted=1000), Balance(posted=1000))
    assert chest(bounty) == Balance()
    assert set(Pledge.objects.values_list("state", flat=True)) == {PledgeState.REFUNDED}


def test_cancelling_what_is_held_frees_what_was_reserved(rita: Member) -> None:
    bounty = posted(rita, UNSURE, 300)
    cancel_bounty(rita, bounty)
    assert wallet(rita) == Balance(posted=1000)


def test_a_bounty_is_cancelled_once(rita: Member) -> None:
    bounty = posted(rita)
    cancel_bounty(rita, bounty)
    with pytest.raises(Refused, match="can no longer be changed"):
        cancel_bounty(rita, bounty)
    assert wallet(rita) == Balance(posted=1000)


def test_nobody_else_cancels_it(rita: Member, sam: Member, mo: Member) -> None:
    bounty = posted(rita)
    for who in (sam, mo):
        with pytest.raises(Refused, match="Only the person who made this"):
            cancel_bounty(who, bounty)
    assert state(bounty) is ItemState.OPEN


def test_nobody_cancels_while_work_waits_even_if_it_is_still_being_scanned(
    rita: Member, cora: Member
) -> None:
    bounty = posted(rita)
    hand_in_entry(cora, bounty, "", [lora_file()], [picture_file()])
    with pytest.raises(Refused, match="Somebody has handed in work"):
        cancel_bounty(rita, bounty)
    assert chest(bounty) == Balance(posted=100)


# Deadlines --------------------------------------------------------------------------------------


def test_without_work_a_deadline_refunds_everyone(rita: Member, sam: Member) -> None:
    bounty = posted(rita, days=2)
    pledge_credits(sam, bounty, 40)
    with in_days(2):
        assert close_due() == 0, "the last day counts"
    with in_days(3):
        assert close_due() == 1
        assert close_due() == 0
    assert state(bounty) is ItemState.SETTLED
    assert (wallet(rita), wallet(sam)) == (Balance(posted=1000), Balance(posted=1000))


def test_credits_do_not_stay_behind_when_the_last_entry_is_refused_after_the_deadline(
    rita: Member, cora: Member, mo: Member
) -> None:
    bounty = posted(rita)
    late = handed_in(cora, bounty, note="It shows my own face.")
    with in_days(31):
        close_due()
        assert state(bounty) is ItemState.CLOSED
        with pytest.raises(Refused, match="Somebody has handed in work"):
            cancel_bounty(rita, bounty)
        decide_held(mo, late, approve=False, reason="It shows somebody else.")
        cancel_bounty(rita, bounty)
    assert wallet(rita) == Balance(posted=1000)


def test_a_hidden_bounty_is_not_closed(rita: Member) -> None:
    bounty = posted(rita)
    notice(bounty)
    with in_days(31):
        assert close_due() == 0
    assert chest(bounty) == Balance(posted=100)


# Hidden before it was paid ----------------------------------------------------------------------


@pytest.mark.parametrize("which", ["the entry", "the bounty"])
def test_nobody_is_paid_for_what_is_under_a_takedown(
    rita: Member, cora: Member, which: str
) -> None:
    bounty = posted(rita)
    entry = handed_in(cora, bounty)
    (payout,) = award_entry(rita, entry)
    notice(entry if which == "the entry" else bounty)
    with clock.at(payout.due_at + timedelta(days=1)):
        assert pay_due() == 0
    assert wallet(cora) == Balance(incoming=100)
    assert chest(bounty) == Balance(posted=100, reserved=100)


def test_one_hidden_payout_does_not_keep_others_waiting(rita: Member, cora: Member) -> None:
    entries = [handed_in(cora, posted(rita), seed) for seed in (1, 2, 3)]
    for entry in entries:
        award_entry(rita, entry)
    notice(entries[0])
    with in_days(4):
        assert pay_due() == 2
    assert wallet(cora) == Balance(posted=200, incoming=100)
