"""Worked examples of the books, to be read from the top like a chapter on accounting.

A numbered line is a transfer: from which account to which, how much, and what kind it is.
`posted` moves at once. `pending` only reserves; a later line posts, voids or expires it by its
number. A line that begins with `=` is what an account must show at that point.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assent.core.ledger import ISSUE, AccountName, Balance, Row, TransferKind, escrow, member

GRANT = """
The house gives Rita 1,000 credits. They come out of the issue account, which is the only one
that may be below zero: it shows how many credits there are in the world.

  1  issue → rita      1,000  posted
  =  rita              1,000 owned
  =  issue            -1,000 owned
"""

PLEDGE_AND_AWARD = """
Rita asks for a picture and Sam adds to it. Their credits leave them for the bounty's own escrow.

  1  issue → rita      1,000  posted
  2  issue → sam         500  posted
  3  rita → escrow       300  posted
  4  sam → escrow         50  posted
  =  rita                700 owned
  =  sam                 450 owned
  =  escrow              350 owned

Rita awards Cora's entry. Each pledge becomes a payout that waits out the cooling-off.

  5  escrow → cora       300  pending
  6  escrow → cora        50  pending
  =  escrow              350 owned, 350 reserved
  =  cora                  0 owned, 350 incoming

The cooling-off is over.

  7  escrow → cora       300  post 5
  8  escrow → cora        50  post 6
  =  escrow                0 owned
  =  cora                350 owned
"""

HELD_AND_REFUSED = """
Rita's bounty must be looked at by a person first, so her credits are reserved and stay hers.

  1  issue → rita      1,000  posted
  2  rita → escrow       300  pending
  =  rita              1,000 owned, 300 reserved
  =  escrow                0 owned, 300 incoming

The moderator refuses it. Nothing has moved, and all of it may be spent again.

  3  rita → escrow       300  void 2
  =  rita              1,000 owned
  =  escrow                0 owned
"""

HELD_AND_APPROVED = """
As before, but the moderator approves it.

  1  issue → rita      1,000  posted
  2  rita → escrow       300  pending
  3  rita → escrow       300  post 2
  =  rita                700 owned
  =  escrow              300 owned
"""

CANCELLED = """
Nobody handed anything in, and Rita cancels. A refund is a transfer of its own: the pledge stays
in the books for ever, and so does its return.

  1  issue → rita      1,000  posted
  2  issue → sam         500  posted
  3  rita → escrow       300  posted
  4  sam → escrow         50  posted
  5  escrow → rita       300  posted
  6  escrow → sam         50  posted
  =  rita              1,000 owned
  =  sam                 500 owned
  =  escrow                0 owned
"""

REMOVED_BEFORE_PAYMENT = """
Somebody recognises herself in the winning entry before it is paid for. The payout is voided, and
the pledge goes home to the one who made it, not to the creator.

  1  issue → rita      1,000  posted
  2  rita → escrow       300  posted
  3  escrow → cora       300  pending
  4  escrow → cora       300  void 3
  5  escrow → rita       300  posted
  =  rita              1,000 owned
  =  cora                  0 owned
  =  escrow                0 owned
"""

RUN_OUT = """
A reservation that nobody settles in time expires, which frees it as a void does.

  1  issue → rita        100  posted
  2  rita → escrow       100  pending
  =  rita                100 owned, 100 reserved
  3  rita → escrow       100  expire 2
  =  rita                100 owned
"""

WORKED = {
    "grant": GRANT,
    "pledge and award": PLEDGE_AND_AWARD,
    "held and refused": HELD_AND_REFUSED,
    "held and approved": HELD_AND_APPROVED,
    "cancelled": CANCELLED,
    "removed before payment": REMOVED_BEFORE_PAYMENT,
    "run out": RUN_OUT,
}

_TRANSFER = re.compile(r"^  (\d+)  (\w+) → (\w+) +([\d,]+)  (\w+)(?: (\d+))?$")
_SHOWS = re.compile(
    r"^  =  (\w+) +(-?[\d,]+) owned(?:, ([\d,]+) reserved)?(?:, ([\d,]+) incoming)?$"
)


@dataclass(frozen=True)
class Shows:
    """What an account must show at one point of an example."""

    account: AccountName
    balance: Balance


def account(word: str) -> AccountName:
    """The account that a word of an example stands for."""
    return {"issue": ISSUE, "escrow": escrow("bounty")}.get(word) or member(word)


def steps(example: str) -> Iterator[Row | Shows]:
    """Read an example line by line; a line that is neither prose nor readable is a mistake."""
    for line in example.splitlines():
        if found := _TRANSFER.match(line):
            number, debit, credit, amount, kind, settles = found.groups()
            yield Row(
                int(number), f"line {number}", TransferKind(kind),
                str(account(debit)), str(account(credit)), _number(amount), "example",
                int(settles) if settles else None,
            )  # fmt: skip
        elif found := _SHOWS.match(line):
            whose, *numbers = found.groups()
            yield Shows(account(whose), Balance(*map(_number, numbers)))
        else:
            assert not line.startswith("  "), f"cannot read: {line}"


def _number(text: str | None) -> int:
    return int((text or "0").replace(",", ""))
