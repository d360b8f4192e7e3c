"""The whole story of a bounty, and of the ones that end otherwise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from assent.catalogue import queries
from assent.catalogue import save as catalogue
from assent.catalogue.models import Item, Pledge, Screening
from assent.core.ledger import Balance, PayoutState, PledgeState, member
from assent.core.terms import ItemState, Refused
from assent.flows import post_bounty as posting
from assent.flows.award_entry import award_entry
from assent.flows.hand_in_entry import hand_in_entry
from assent.flows.pay_due import pay_due
from assent.flows.pledge_credits import pledge_credits
from assent.flows.post_bounty import post_bounty
from assent.flows.save_draft import save_draft
from assent.flows.send_messages import send_messages
from assent.gateways import clock
from assent.journal.models import JournalRow, Message
from assent.journal.queries import events_of
from assent.ledger.models import Payout, Transfer
from assent.ledger.movements import movements
from assent.people.queries import Member
from tests.flows.market import (
    FOX,
    SINGER,
    UNSURE,
    chest,
    drafted,
    handed_in,
    in_days,
    lora_file,
    opened,
    picture_file,
    posted,
    ruled,
    scanned,
    state,
    wallet,
    words,
)


def test_from_a_draft_to_the_creators_wallet(
    rita: Member, sam: Member, cora: Member, chris: Member
) -> None:
    # Rita writes, thinks again, and posts. Her credits go into the bounty's escrow.
    bounty = drafted(rita, "A fox", 100)
    save_draft(rita, words(FOX, 300), bounty)
    assert wallet(rita) == Balance(posted=1000)
    post_bounty(rita, bounty)
    assert state(bounty) is ItemState.OPEN
    assert (wallet(rita).posted, chest(bounty).posted) == (700, 300)

    # Sam likes the idea.
    pledge_credits(sam, bounty, 50)
    assert queries.bounty(sam.person, bounty).total == 350

    # Cora and Chris hand in work. Nobody else sees it before it has been scanned.
    good = hand_in_entry(cora, bounty, "With a hat.", [lora_file(1)], [picture_file()])
    assert state(good) is ItemState.HELD
    with pytest.raises(Refused, match="nothing here"):
        queries.entry(rita.person, good)
    scanned(good)
    other = handed_in(chris, bounty, seed=2)
    assert {state(good), state(other)} == {ItemState.PUBLISHED}

    # Rita awards Cora. The credits wait out the cooling-off in escrow.
    (one, two) = award_entry(rita, good)
    assert (one.amount + two.amount, one.due_at - clock.now() > timedelta(days=2)) == (350, True)
    assert [state(i) for i in (bounty, good, other)] == [
        ItemState.SETTLED,
        ItemState.AWARDED,
        ItemState.DECLINED,
    ]
    assert wallet(cora) == Balance(incoming=350)
    assert chest(bounty) == Balance(posted=350, reserved=350)
    assert pay_due() == 0

    # Those who paid open the file; those who did not, do not.
    work = queries.entry(rita.person, good).works[0]
    for who in (rita, sam, cora):
        assert opened(who, work.id) == lora_file(1).read()
    with pytest.raises(Refused, match="whoever awarded it"):
        opened(chris, work.id)

    # The cooling-off is over, and it is paid once.
    with in_days(3.01):
        assert pay_due() == 2
        assert pay_due() == 0
    assert wallet(cora) == Balance(posted=350)
    assert chest(bounty) == Balance()
    assert lines_of(cora) == [(50, "posted"), (300, "posted")]
    assert lines_of(rita) == [(-300, "posted"), (1000, "posted")]

    # Everybody is told, once.
    assert send_messages() == Message.objects.count()
    assert send_messages() == 0
    assert sum("300 credits" in letter.body for letter in mail.outbox) == 2


def lines_of(who: Member) -> list[tuple[int, str]]:
    """The lines of somebody's wallet, newest first."""
    return [(line.amount, line.state) for line in movements(member(who.key))]


def test_every_step_of_a_bounty_is_in_the_journal(rita: Member) -> None:
    bounty = posted(rita)
    verbs = [event.verb for event in events_of(bounty)]
    assert verbs == ["item.ruled", "item.moved", "credits.moved"]
    assert {event.actor for event in events_of(bounty)} == {rita.key}


def test_the_journal_holds_nothing_that_somebody_wrote(rita: Member) -> None:
    posted(rita, SINGER)
    posted(rita, FOX)
    for row in JournalRow.objects.all():
        told = f"{row.actor} {row.subject} {row.data}".lower()
        assert "rita" not in told
        assert "swift" not in told
        assert "fox" not in told


# Refused ----------------------------------------------------------------------------------------


def test_a_refused_bounty_leaves_no_transfer_at_all(rita: Member) -> None:
    before = Transfer.objects.count()
    bounty, ruling = ruled(rita, SINGER)
    assert (ruling.code, state(bounty)) == ("likeness_without_consent", ItemState.REFUSED)
    assert Transfer.objects.count() == before
    assert not Pledge.objects.exists()
    assert wallet(rita) == Balance(posted=1000)


def test_a_refused_bounty_keeps_its_row_and_the_reason_for_its_requester(rita: Member) -> None:
    bounty, ruling = ruled(rita, SINGER)
    seen = queries.bounty(rita.person, bounty)
    kept = queries.last_screening(bounty)
    assert seen.item.title == SINGER
    assert kept is not None
    assert (kept.code, kept.sentence) == (ruling.code, ruling.sentence)


def test_nobody_else_sees_a_refused_bounty(rita: Member, sam: Member) -> None:
    bounty, _ = ruled(rita, SINGER)
    with pytest.raises(Refused, match="nothing here"):
        queries.bounty(sam.person, bounty)


def test_a_refused_bounty_cannot_be_posted_again(rita: Member) -> None:
    bounty, _ = ruled(rita, SINGER)
    with pytest.raises(Refused, match="can no longer be changed"):
        post_bounty(rita, bounty)
    with pytest.raises(Refused, match="can no longer be changed"):
        save_draft(rita, words(FOX), bounty)


# Not posted at all ------------------------------------------------------------------------------


@pytest.mark.parametrize("title", [FOX, UNSURE])
def test_without_enough_credits_nothing_happens(rita: Member, title: str) -> None:
    bounty = drafted(rita, title, 1001)
    with pytest.raises(Refused, match=r"1,001 credits and you have 1,000"):
        post_bounty(rita, bounty)
    assert state(bounty) is ItemState.DRAFT
    assert wallet(rita) == Balance(posted=1000)
    assert not Pledge.objects.exists()
    assert not Screening.objects.exists()
    assert not JournalRow.objects.filter(subject=bounty).exists()


def test_what_is_reserved_cannot_be_spent_a_second_time(rita: Member) -> None:
    posted(rita, UNSURE, 600)
    with pytest.raises(Refused, match="you have 400 to spend"):
        posted(rita, FOX, 600)


@pytest.mark.parametrize("days", [0, 91])
def test_a_deadline_out_of_bounds_is_refused(rita: Member, days: int) -> None:
    with pytest.raises(Refused) as refused:
        posted(rita, days=days)
    assert list(refused.value.refusal.fields) == ["deadline"]


def test_only_its_writer_edits_and_posts_a_draft(rita: Member, sam: Member) -> None:
    bounty = drafted(rita)
    with pytest.raises(Refused, match="nothing here"):
        save_draft(sam, words(FOX), bounty)
    with pytest.raises(Refused, match="nothing here"):
        post_bounty(sam, bounty)
    assert Item.objects.get().state == ItemState.DRAFT


def test_what_is_screened_is_read_under_the_lock_and_so_is_what_is_published(
    rita: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []

    def noted(really: Callable[..., Any]) -> Callable[..., Any]:
        def noting(*args: Any, **more: Any) -> Any:
            order.append(really.__name__)
            return really(*args, **more)

        return noting

    for module, name in ((catalogue, "lock_any"), (queries, "bounty"), (posting, "verdict_on")):
        monkeypatch.setattr(module, name, noted(getattr(module, name)))
    bounty = drafted(rita)
    order.clear()
    post_bounty(rita, bounty)
    assert order == ["lock_any", "bounty", "verdict_on"]


# Pledges ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("amount", [-5, 0, 9, 1_000_001])
def test_a_pledge_out_of_bounds_is_refused(rita: Member, sam: Member, amount: int) -> None:
    with pytest.raises(Refused) as refused:
        pledge_credits(sam, posted(rita), amount)
    assert list(refused.value.refusal.fields) == ["credits"]
    assert wallet(sam) == Balance(posted=1000)


def test_a_pledge_beyond_ones_credits_leaves_nothing(rita: Member, sam: Member) -> None:
    bounty = posted(rita)
    with pytest.raises(Refused, match="you have 1,000 to spend"):
        pledge_credits(sam, bounty, 1001)
    assert Pledge.objects.count() == 1
    assert chest(bounty) == Balance(posted=100)


@pytest.mark.parametrize("title", [UNSURE, SINGER])
def test_nobody_pledges_to_what_is_not_open(rita: Member, sam: Member, title: str) -> None:
    with pytest.raises(Refused, match="nothing here"):
        pledge_credits(sam, posted(rita, title), 10)
    assert wallet(sam) == Balance(posted=1000)


# Payouts ----------------------------------------------------------------------------------------


def test_a_payout_is_paid_when_its_cooling_off_is_over_and_not_before(
    rita: Member, cora: Member
) -> None:
    award_entry(rita, handed_in(cora, posted(rita)))
    (payout,) = Payout.objects.all()
    with clock.at(payout.due_at - timedelta(seconds=1)):
        assert pay_due() == 0
    with clock.at(payout.due_at):
        assert pay_due() == 1
    payout.refresh_from_db()
    assert payout.state == PayoutState.POSTED
    assert Pledge.objects.get().state == PledgeState.AWARDED
