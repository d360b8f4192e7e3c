"""The books: what a balance is, and that whoever cooks them is found out."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assent.core.ledger import (
    ISSUE,
    Balance,
    Row,
    TransferKind,
    balances,
    escrow,
    faults,
    member,
    too_little,
)
from assent.core.terms import RefusalKind
from tests.books import WORKED, Shows, steps

ACCOUNTS = [str(a) for a in (ISSUE, member("rita"), member("sam"), escrow("one"), escrow("two"))]
SETTLED = (TransferKind.POST, TransferKind.VOID, TransferKind.EXPIRE)


@st.composite
def books(draw: st.DrawFn) -> list[Row]:
    """Any list of transfers in which each pending one is settled at most once."""
    rows: list[Row] = []
    waiting: list[Row] = []
    for number in range(1, draw(st.integers(0, 25)) + 1):
        settles: bool = draw(st.booleans())
        if waiting and settles:
            pending = waiting.pop(draw(st.integers(0, len(waiting) - 1)))
            kind = draw(st.sampled_from(SETTLED))
            rows.append(
                replace(pending, id=number, key=f"k{number}", kind=kind, resolves=pending.id)
            )
            continue
        debit, credit = draw(st.permutations(ACCOUNTS))[:2]
        kind = draw(st.sampled_from((TransferKind.POSTED, TransferKind.PENDING)))
        amount = draw(st.integers(1, 10**9))
        rows.append(Row(number, f"k{number}", kind, debit, credit, amount, "pledge", None))
        if kind is TransferKind.PENDING:
            waiting.append(rows[-1])
    return rows


def by_hand(rows: list[Row]) -> dict[str, Balance]:
    """Go through the book once and keep three running totals, as a clerk would."""
    owned, leaving, arriving = Counter[str](), Counter[str](), Counter[str]()
    for row in rows:
        sign = 1 if row.kind is TransferKind.PENDING else -1
        if row.kind is not TransferKind.POSTED:
            leaving[row.debit] += sign * row.amount
            arriving[row.credit] += sign * row.amount
        if row.kind in (TransferKind.POSTED, TransferKind.POST):
            owned[row.debit] -= row.amount
            owned[row.credit] += row.amount
    named = {name for row in rows for name in (row.debit, row.credit)}
    return {name: Balance(owned[name], leaving[name], arriving[name]) for name in named}


@pytest.mark.parametrize("title", WORKED)
def test_the_worked_examples_come_out_as_they_say(title: str) -> None:
    written: list[Row] = []
    checked = 0
    for step in steps(WORKED[title]):
        if isinstance(step, Shows):
            assert balances(written).get(str(step.account), Balance()) == step.balance, step
            checked += 1
        else:
            written.append(step)
    assert faults(written) == []
    assert checked, "an example that shows nothing teaches nothing"


@given(books())
def test_balances_are_what_a_clerk_would_arrive_at(rows: list[Row]) -> None:
    assert balances(rows) == by_hand(rows)


@given(books())
def test_no_credit_appears_or_vanishes(rows: list[Row]) -> None:
    found = balances(rows).values()
    assert sum(b.posted for b in found) == 0
    assert sum(b.reserved for b in found) == sum(b.incoming for b in found)


@given(books())
def test_voided_and_expired_transfers_leave_no_mark(rows: list[Row]) -> None:
    undone = {r.resolves for r in rows if r.kind in (TransferKind.VOID, TransferKind.EXPIRE)}
    kept = [r for r in rows if r.id not in undone and r.resolves not in undone]
    before, after = balances(rows), balances(kept)
    assert all(after.get(name, Balance()) == balance for name, balance in before.items())


@given(books())
def test_the_order_of_the_rows_does_not_change_a_balance(rows: list[Row]) -> None:
    assert balances(reversed(rows)) == balances(rows)


def test_what_is_reserved_cannot_be_spent() -> None:
    assert Balance(posted=100, reserved=30, incoming=500).available == 70


# What a proof of the books must find -------------------------------------------------------------

SOUND = [row for row in steps(WORKED["pledge and award"]) if isinstance(row, Row)]


def edited(line: int, **changes: object) -> list[Row]:
    """The sound book with one line changed."""
    return [replace(r, **changes) if r.id == line else r for r in SOUND]  # type: ignore[arg-type]


WRONG: dict[str, tuple[list[Row], str]] = {
    "nothing moved": (edited(1, amount=0), "moves 0"),
    "a negative amount": (edited(4, amount=-50), "moves -50"),
    "to itself": (edited(3, credit=str(member("rita"))), "to itself"),
    "settles what is not there": (edited(7, resolves=99), "is not pending"),
    "settles what was never pending": (edited(7, resolves=3), "is not pending"),
    "settles twice": (edited(8, resolves=5), "a second time"),
    "settles for more": (edited(7, amount=301), "differs from the pending"),
    "settles to somebody else": (edited(7, credit=str(member("chris"))), "differs"),
    "posts what never waited": (edited(7, resolves=None), "is post and settles nothing"),
    "claims to settle but does not": (
        edited(7, kind=TransferKind.POSTED),
        "is posted and settles 5",
    ),
    "spends what it has not": (edited(1, amount=299), "1 credits below zero"),
    "reserves what it has not": (edited(4, amount=1), "49 credits below zero"),
}


def test_a_sound_book_has_no_faults() -> None:
    assert faults(SOUND) == []


@pytest.mark.parametrize("name", WRONG)
def test_a_cooked_book_is_found_out(name: str) -> None:
    rows, sentence = WRONG[name]
    assert any(sentence in fault for fault in faults(rows)), faults(rows)


@given(books())
def test_settling_anything_a_second_time_is_found(rows: list[Row]) -> None:
    settled = [r for r in rows if r.resolves is not None]
    if settled:
        again = replace(settled[-1], id=len(rows) + 1, key="again")
        assert any("a second time" in fault for fault in faults([*rows, again]))


@given(books())
def test_only_an_account_below_zero_is_wrong_with_such_books(rows: list[Row]) -> None:
    below = {n for n, b in balances(rows).items() if b.available < 0 and n != str(ISSUE)}
    assert len(faults(rows)) == len(below)


# Enough? -----------------------------------------------------------------------------------------


@given(st.integers(1, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_what_is_available_decides(needed: int, posted: int, reserved: int) -> None:
    balance = Balance(posted, reserved, incoming=10**7)
    assert (too_little(needed, balance) is None) == (needed <= posted - reserved)


def test_a_refusal_says_what_there_is() -> None:
    refusal = too_little(1500, Balance(1300, 100))
    assert refusal is not None
    assert (refusal.code, refusal.kind) == ("not_enough_credits", RefusalKind.CONFLICT)
    assert "1,500" in refusal.sentence
    assert "1,200" in refusal.sentence
    assert "Nothing was taken" in refusal.sentence
