"""A bounty's whole life: pledges that come back, shares of one's own, the clock, and doubt."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from assent.catalogue.lists import Filter, cards
from assent.catalogue.models import Item, Pledge
from assent.catalogue.queries import undecided
from assent.core.access import STRANGER
from assent.core.collusion import AwardFacts, Doubt, doubt
from assent.core.ledger import PayoutState, PledgeState
from assent.core.terms import ItemKind, ItemState, Refused
from assent.flows.amend_bounty import amend_bounty
from assent.flows.award_entry import award_entry
from assent.flows.close_due import close_due
from assent.flows.decide_credits import decide_award, settle_undecided
from assent.flows.pay_due import pay_due
from assent.flows.pledge_credits import pledge_credits
from assent.flows.remind_due import remind_due
from assent.flows.take_back_pledge import take_back_pledge
from assent.gateways import clock
from assent.journal.models import Message
from assent.ledger.models import Account, Payout, Transfer
from assent.people.models import User
from assent.people.queries import Member
from tests.flows.market import (
    FOX,
    SINGER,
    UNSURE,
    chest,
    handed_in,
    in_days,
    join,
    opened,
    posted,
    state,
    wallet,
    words,
)

# Taking credits back -----------------------------------------------------------------------------


def test_a_supporter_takes_back_exactly_their_own(rita: Member, sam: Member) -> None:
    bounty = posted(rita, FOX, 100)
    pledge_credits(sam, bounty, 30)
    pledge_credits(sam, bounty, 12)
    assert take_back_pledge(sam, bounty) == 42
    assert wallet(sam).available == 1000
    assert chest(bounty).posted == 100
    with pytest.raises(Refused, match="no credits"):
        take_back_pledge(sam, bounty)


def test_nothing_comes_back_once_work_was_handed_in(
    rita: Member, sam: Member, cora: Member
) -> None:
    bounty = posted(rita)
    pledge_credits(sam, bounty, 30)
    handed_in(cora, bounty)
    with pytest.raises(Refused, match="Work has been handed in"):
        take_back_pledge(sam, bounty)
    with pytest.raises(Refused, match="cancel it instead"):
        take_back_pledge(rita, bounty)


# Changing it -------------------------------------------------------------------------------------


def test_words_change_while_nobody_else_has_a_stake(rita: Member, sam: Member) -> None:
    bounty = posted(rita)
    amend_bounty(rita, bounty, words("A charcoal fox", 10, days=20))
    assert Item.objects.get(id=bounty).title == "A charcoal fox"
    assert chest(bounty).posted == 100  # the credits stay what they were
    pledge_credits(sam, bounty, 10)
    with pytest.raises(Refused, match="locked"):
        amend_bounty(rita, bounty, words("A pencil fox"))


def test_what_is_new_is_screened_again(rita: Member) -> None:
    bounty = posted(rita)
    with pytest.raises(Refused) as refused:
        amend_bounty(rita, bounty, words(SINGER))
    assert refused.value.refusal.code == "likeness_without_consent"
    assert (state(bounty), Item.objects.get(id=bounty).title) == (ItemState.OPEN, FOX)
    amend_bounty(rita, bounty, words(UNSURE))
    assert state(bounty) is ItemState.HELD


# Entries -----------------------------------------------------------------------------------------


def test_one_creator_hands_in_as_many_as_the_bounty_takes(rita: Member, cora: Member) -> None:
    bounty = posted(rita, entries_max=2)
    handed_in(cora, bounty, 1)
    handed_in(cora, bounty, 2)
    with pytest.raises(Refused, match="as many entries"):
        handed_in(cora, bounty, 3)


def test_entries_for_supporters_alone_are_in_nobodys_list(
    rita: Member, cora: Member, chris: Member
) -> None:
    bounty = posted(rita, entry_mode="supporters")
    entry = handed_in(cora, bounty)
    listed = [c.item.id for c in cards(STRANGER, Filter(ItemKind.ENTRY)).cards]
    assert entry not in listed
    picture = Item.objects.get(id=entry).files.get(role="image").id
    opened(rita, picture)
    with pytest.raises(Refused):
        opened(chris, picture)


# Shares ------------------------------------------------------------------------------------------


def test_each_supporter_awards_their_own_share(
    rita: Member, sam: Member, cora: Member, chris: Member
) -> None:
    bounty = posted(rita, FOX, 100, award_mode="each")
    pledge_credits(sam, bounty, 60)
    by_cora, by_chris = handed_in(cora, bounty, 1), handed_in(chris, bounty, 2)
    award_entry(sam, by_chris)
    assert (state(by_chris), state(by_cora)) == (ItemState.AWARDED, ItemState.PUBLISHED)
    assert state(bounty) is ItemState.OPEN
    with pytest.raises(Refused, match="none to award"):
        award_entry(sam, by_cora)
    work = Item.objects.get(id=by_chris).files.get(role="work").id
    opened(sam, work)
    with pytest.raises(Refused, match="whoever awarded it"):
        opened(rita, work)
    award_entry(rita, by_cora)
    assert (state(bounty), state(by_cora)) == (ItemState.SETTLED, ItemState.AWARDED)
    with in_days(4):
        pay_due()
    assert (wallet(cora).posted, wallet(chris).posted) == (100, 60)
    assert chest(bounty).posted == 0


def test_two_may_choose_the_same_entry(rita: Member, sam: Member, cora: Member) -> None:
    bounty = posted(rita, FOX, 100, award_mode="each")
    pledge_credits(sam, bounty, 60)
    entry = handed_in(cora, bounty)
    award_entry(rita, entry)
    award_entry(sam, entry)
    with in_days(4):
        assert pay_due() == 2
    assert wallet(cora).posted == 160


# The clock ---------------------------------------------------------------------------------------


def test_everybody_is_reminded_once(rita: Member, sam: Member) -> None:
    bounty = posted(rita)
    pledge_credits(sam, bounty, 10)
    assert remind_due() == 0
    with in_days(28.5):
        assert (remind_due(), remind_due()) == (1, 0)
    told = Message.objects.filter(template="deadline_near").values_list("user_id", flat=True)
    assert set(told) == {rita.id, sam.id}


def test_left_undecided_a_moderator_gives_everyone_their_own_back(
    rita: Member, sam: Member, cora: Member, mo: Member
) -> None:
    bounty = posted(rita, FOX, 100)
    pledge_credits(sam, bounty, 33)
    entry = handed_in(cora, bounty)
    with in_days(31):
        close_due()
        with pytest.raises(Refused, match="48 hours"):
            settle_undecided(mo, bounty, None)
    with in_days(34):
        grace = clock.now().date() - timedelta(days=2)
        assert [b.item.id for b in undecided(mo.person, grace)] == [bounty]
        with pytest.raises(Refused):
            settle_undecided(sam, bounty, None)
        settle_undecided(mo, bounty, None)
        with pytest.raises(Refused):
            settle_undecided(mo, bounty, entry)
    assert (wallet(rita).available, wallet(sam).available) == (1000, 1000)
    assert (state(bounty), state(entry)) == (ItemState.SETTLED, ItemState.DECLINED)


def test_left_undecided_a_moderator_may_award(rita: Member, cora: Member, mo: Member) -> None:
    bounty = posted(rita, FOX, 100)
    entry = handed_in(cora, bounty)
    with in_days(34):
        close_due()
        settle_undecided(mo, bounty, entry)
    assert state(entry) is ItemState.AWARDED
    with in_days(38):
        pay_due()
    assert wallet(cora).posted == 100


# Doubt -------------------------------------------------------------------------------------------


@pytest.fixture
def twin(rita: Member) -> Member:
    """A creator who reads the requester's mail."""
    who = join("twin")
    User.objects.filter(pk=who.id).update(email="Rita+second@example.org")
    return who


def test_an_award_to_ones_own_mailbox_waits_for_a_moderator(
    rita: Member, twin: Member, mo: Member
) -> None:
    bounty = posted(rita)
    entry = handed_in(twin, bounty)
    (payout,) = award_entry(rita, entry)
    assert payout.doubt == Doubt.SAME_MAILBOX
    work = Item.objects.get(id=entry).files.get(role="work").id
    with pytest.raises(Refused):
        opened(rita, work)  # the files open with the money
    with in_days(9):
        assert pay_due() == 0
        decide_award(mo, bounty, pay=False)
    assert wallet(rita).available == 1000
    assert Payout.objects.get().state == PayoutState.VOIDED
    with pytest.raises(Refused, match="No award"):
        decide_award(mo, bounty, pay=True)


def test_credits_that_come_straight_back_wait_too(rita: Member, sam: Member, mo: Member) -> None:
    first = posted(rita)
    award_entry(rita, handed_in(sam, first, 1))
    second = posted(sam)
    (payout,) = award_entry(sam, handed_in(rita, second, 2))
    assert payout.doubt == Doubt.PLEDGE_CYCLE
    decide_award(mo, second, pay=True)
    with in_days(9):
        assert pay_due() == 2


def test_a_moderator_with_a_stake_does_not_decide(rita: Member, twin: Member, mo: Member) -> None:
    bounty = posted(rita)
    with transaction.atomic():
        from assent.flows.grant_credits import grant_credits
        from tests.flows.market import HOUSE

        grant_credits(mo.party, 50, "for-mo", by=HOUSE)
    pledge_credits(mo, bounty, 20)
    award_entry(rita, handed_in(twin, bounty))
    with pytest.raises(Refused, match="yourself"):
        decide_award(mo, bounty, pay=True)


def test_ordinary_awards_are_not_doubted() -> None:
    facts = AwardFacts(
        frozenset({1, 2}), 3, {1: "a@x.example", 2: "", 3: "c@x.example"}, frozenset()
    )
    assert doubt(facts) is None
    own = AwardFacts(frozenset({3}), 3, {3: "c@x.example"}, frozenset({3}))
    assert doubt(own) is None  # their own pledge goes to themselves; that is no circle


# The database itself -----------------------------------------------------------------------------


def test_the_database_keeps_an_escrow_equal_to_its_live_pledges(rita: Member, sam: Member) -> None:
    bounty = posted(rita, FOX, 100)
    pledge_credits(sam, bounty, 50)
    out = Transfer.objects.filter(subject=bounty).first()
    assert out is not None
    with pytest.raises(IntegrityError, match="live pledges"), transaction.atomic():
        _slip_in("theft", out.credit, out.debit, out)
    with pytest.raises(IntegrityError, match="live pledges"), transaction.atomic():
        _slip_in("gift", out.debit, out.credit, out)
    assert chest(bounty).posted == 150
    assert Pledge.objects.filter(state=PledgeState.HELD).count() == 2


def _slip_in(key: str, debit: Account, credit: Account, like: Transfer) -> None:
    """Write a transfer by hand. What PostgreSQL checks when a transaction ends, it checks here."""
    Transfer.objects.create(
        key=key, kind="posted", debit=debit, credit=credit, amount=10, cause="refund",
        subject=like.subject, at=like.at,
    )  # fmt: skip
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
