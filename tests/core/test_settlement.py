"""From a decision to its effects: who gets which credits back, and what is never touched."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import reduce
from operator import add

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assent.core.casework import Placement
from assent.core.ledger import (
    ISSUE,
    Balance,
    PayoutState,
    PledgeState,
    Row,
    TransferKind,
    balances,
    escrow,
    faults,
    member,
)
from assent.core.settlement import (
    Effects,
    Move,
    Party,
    PayoutFacts,
    PledgeFacts,
    Tell,
    awarding,
    paying,
    placing,
    pledging,
    refunding,
    releasing,
    stopping,
)
from assent.core.terms import ItemState

S = ItemState
DUE = datetime(2030, 1, 4, tzinfo=UTC)
CORA = Party(90, "cora")
IDS = st.integers(1, 6)


@st.composite
def pledge_lists(draw: st.DrawFn) -> list[PledgeFacts]:
    """The pledges of one bounty, in any mixture of states; people may pledge twice."""
    states = draw(st.lists(st.sampled_from(PledgeState), max_size=8))
    return [
        PledgeFacts(
            f"p{n}", "one", Party(who := draw(IDS), f"sam{who}"), draw(st.integers(1, 10**6)), state
        )
        for n, state in enumerate(states)
    ]


def payout_of(pledge: PledgeFacts, state: PayoutState = PayoutState.PENDING) -> PayoutFacts:
    return PayoutFacts(f"o{pledge.id}", "one", pledge.id, "win", CORA, pledge.amount, state, DUE)


@st.composite
def halted(draw: st.DrawFn) -> tuple[list[PledgeFacts], list[PayoutFacts]]:
    """A bounty at any point after its award, as a removal finds it."""
    pledges = draw(pledge_lists())
    payouts = [
        payout_of(p, draw(st.sampled_from((PayoutState.PENDING, PayoutState.POSTED))))
        for p in pledges
        if p.state is PledgeState.AWARDED
    ]
    return pledges, payouts


class Clerk:
    """Writes effects into a book, resolving by key as the ledger does."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def write(self, effects: Effects) -> Clerk:
        """Resolutions first, then payments: the order in which effects are written down."""
        for resolution in effects.resolutions:
            (waiting,) = [r for r in self.rows if r.key == resolution.pending_key]
            self._add(f"{resolution.kind}:{waiting.key}", resolution.kind, waiting, waiting.id)
        for p in effects.payments:
            assert p.key not in {r.key for r in self.rows}, f"{p.key} is written twice"
            kind = TransferKind.PENDING if p.pending else TransferKind.POSTED
            row = Row(0, p.key, kind, str(p.debit), str(p.credit), p.amount, p.cause, None)
            self._add(p.key, kind, row, None)
        return self

    def _add(self, key: str, kind: TransferKind, like: Row, resolves: int | None) -> None:
        number = len(self.rows) + 1
        row = Row(number, key, kind, like.debit, like.credit, like.amount, like.cause, resolves)
        self.rows.append(row)

    def balance(self, account: object) -> Balance:
        return balances(self.rows).get(str(account), Balance())


def book_of(pledges: list[PledgeFacts], payouts: list[PayoutFacts]) -> Clerk:
    """The book that leads to these pledges and payouts."""
    clerk = Clerk()
    for p in pledges:
        wallet = str(member(p.supporter.key))
        grant = Row(0, f"g{p.id}", TransferKind.POSTED, str(ISSUE), wallet, p.amount, "grant", None)
        clerk._add(grant.key, grant.kind, grant, None)
        begun = PledgeState.PENDING if p.state is PledgeState.PENDING else PledgeState.HELD
        clerk.write(pledging(PledgeFacts(p.id, p.bounty, p.supporter, p.amount, begun)))
    move = Move("x", S.OPEN, S.SETTLED)
    clerk.write(awarding((move, move), payouts))
    for payout in payouts:
        if payout.state is PayoutState.POSTED:
            clerk.write(paying(payout))
    return clerk


def given_by(pledges: list[PledgeFacts], *states: PledgeState) -> dict[str, int]:
    """What each person has in pledges of these states (of all of them, without any)."""
    found: dict[str, int] = {}
    for p in pledges:
        found.setdefault(p.supporter.key, 0)
        found[p.supporter.key] += p.amount if p.state in (states or PledgeState) else 0
    return found


# Refunds -----------------------------------------------------------------------------------------

LIVE = (PledgeState.PENDING, PledgeState.HELD)


@given(pledge_lists())
def test_a_refund_gives_every_supporter_exactly_their_own(pledges: list[PledgeFacts]) -> None:
    live = [p for p in pledges if p.state in LIVE]
    clerk = book_of(live, []).write(refunding(live))
    assert faults(clerk.rows) == []
    for key, amount in given_by(live).items():
        assert clerk.balance(member(key)) == Balance(posted=amount)
    assert clerk.balance(escrow("one")) == Balance()


@given(pledge_lists())
def test_a_refund_touches_each_live_pledge_once_and_no_other(pledges: list[PledgeFacts]) -> None:
    moves = refunding(pledges).pledge_moves
    live = [p for p in pledges if p.state is not PledgeState.REFUNDED]
    assert sorted(moves) == sorted((p.id, p.state, PledgeState.REFUNDED) for p in live)


@given(pledge_lists())
def test_everyone_who_is_refunded_is_told_how_much(pledges: list[PledgeFacts]) -> None:
    told = [(m.user, m.data["credits"], m.template) for m in refunding(pledges).messages]
    live = [p for p in pledges if p.state is not PledgeState.REFUNDED]
    assert sorted(told) == sorted((p.supporter.id, p.amount, "refunded") for p in live)


@given(pledge_lists())
def test_refunding_what_was_refunded_does_nothing(pledges: list[PledgeFacts]) -> None:
    gone = [p for p in pledges if p.state is PledgeState.REFUNDED]
    assert refunding(gone) == Effects()


# Stopping ----------------------------------------------------------------------------------------


@given(halted())
def test_stopping_empties_the_escrow_and_takes_nothing_from_who_was_paid(
    bounty: tuple[list[PledgeFacts], list[PayoutFacts]],
) -> None:
    pledges, payouts = bounty
    pledges = [p for p in pledges if p.state is not PledgeState.REFUNDED]
    clerk = book_of(pledges, payouts)
    paid = sum(p.amount for p in payouts if p.state is PayoutState.POSTED)
    clerk.write(stopping(payouts, pledges))
    assert faults(clerk.rows) == []
    assert clerk.balance(escrow("one")) == Balance()
    assert clerk.balance(member(CORA.key)) == Balance(posted=paid)


@given(halted())
def test_stopping_never_refunds_a_pledge_that_was_paid_out(
    bounty: tuple[list[PledgeFacts], list[PayoutFacts]],
) -> None:
    pledges, payouts = bounty
    paid = {p.pledge for p in payouts if p.state is PayoutState.POSTED}
    effects = stopping(payouts, pledges)
    assert paid.isdisjoint(p for p, _, _ in effects.pledge_moves)
    assert paid.isdisjoint(p.key.removeprefix("refund:") for p in effects.payments)
    assert {p for p, _, _ in effects.payout_moves} == {
        p.id for p in payouts if p.state is PayoutState.PENDING
    }


# The other steps ---------------------------------------------------------------------------------


def test_a_pledge_to_a_held_bounty_only_reserves() -> None:
    waiting = PledgeFacts("p", "one", Party(1, "rita"), 30, PledgeState.PENDING)
    inside = PledgeFacts("p", "one", Party(1, "rita"), 30, PledgeState.HELD)
    assert [p.pending for p in pledging(waiting).payments] == [True]
    assert [p.pending for p in pledging(inside).payments] == [False]


@given(pledge_lists())
def test_approval_brings_what_was_reserved_into_escrow(pledges: list[PledgeFacts]) -> None:
    live = [p for p in pledges if p.state in LIVE]
    clerk = book_of(live, []).write(releasing(live))
    assert faults(clerk.rows) == []
    assert clerk.balance(escrow("one")) == Balance(posted=sum(p.amount for p in live))
    waiting = {p.id for p in live if p.state is PledgeState.PENDING}
    assert {p for p, _, _ in releasing(live).pledge_moves} == waiting


def test_an_award_moves_the_entry_first_so_that_a_lost_race_costs_nothing() -> None:
    win, lose = Move("win", S.PUBLISHED, S.AWARDED), Move("lose", S.PUBLISHED, S.DECLINED)
    bounty = Move("one", S.OPEN, S.SETTLED)
    pledge = PledgeFacts("p", "one", Party(1, "rita"), 30, PledgeState.HELD)
    effects = awarding([win, lose, bounty], [payout_of(pledge)])
    assert effects.moves == (win, lose, bounty)
    assert effects.pledge_moves == (("p", PledgeState.HELD, PledgeState.AWARDED),)
    assert [(p.key, p.pending) for p in effects.payments] == [("payout:one:p:win", True)]
    assert effects.messages == (Tell(CORA.id, "awarded", {"credits": 30, "bounty": "one"}),)


def test_a_payout_is_posted_under_the_key_that_it_waited_under() -> None:
    payout = payout_of(PledgeFacts("p", "one", Party(1, "rita"), 30, PledgeState.AWARDED))
    effects = paying(payout)
    assert [(r.pending_key, r.kind) for r in effects.resolutions] == [
        (payout.key, TransferKind.POST)
    ]
    assert effects.payout_moves == (("op", PayoutState.PENDING, PayoutState.POSTED),)


@pytest.mark.parametrize(
    ("placement", "after"),
    [(Placement.PUBLISH, S.OPEN), (Placement.HOLD, S.HELD), (Placement.REFUSE, S.REFUSED)],
)
def test_an_item_is_put_where_its_ruling_says(placement: Placement, after: ItemState) -> None:
    assert placing("one", S.DRAFT, placement, S.OPEN).moves == (Move("one", S.DRAFT, after),)


def test_what_is_where_it_should_be_does_not_move() -> None:
    assert placing("one", S.HELD, Placement.HOLD, S.OPEN) == Effects()


# Addition ----------------------------------------------------------------------------------------


@given(st.lists(pledge_lists(), max_size=4))
def test_effects_add_up_in_order_and_lose_nothing(lists: list[list[PledgeFacts]]) -> None:
    parts = [refunding(pledges) for pledges in lists]
    total = reduce(add, parts, Effects())
    for name in Effects.__slots__:
        assert getattr(total, name) == tuple(one for part in parts for one in getattr(part, name))


@given(pledge_lists(), pledge_lists(), pledge_lists())
def test_addition_may_be_bracketed_as_one_likes(
    a: list[PledgeFacts], b: list[PledgeFacts], c: list[PledgeFacts]
) -> None:
    x, y, z = refunding(a), releasing(b), refunding(c)
    assert (x + y) + z == x + (y + z)
    assert x + Effects() == Effects() + x == x
