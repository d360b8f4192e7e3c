"""The rules of the books: accounts, transfers, and what a balance is.

A transfer moves one positive amount from a debit to a credit account and is never edited. A pending
transfer reserves the amount and is resolved at most once: posted, voided or expired. A balance is
derived from the transfers, never stored.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from assent.core.terms import Refusal, RefusalKind

SCRIP = "credit"


class AccountKind(StrEnum):
    """Whose account it is."""

    ISSUE = "issue"  # where credits come from; the only account that may go below zero
    MEMBER = "member"
    ESCROW = "escrow"
    SALE = "sale"  # what buyers of a listing paid and nobody has been given yet
    CASHED = "cashed"  # what was paid out as money; the credits are gone
    FEES = "fees"  # what the house keeps of a cash-out or a sale


class TransferKind(StrEnum):
    """A transfer stands alone, waits, or resolves a waiting one."""

    POSTED = "posted"
    PENDING = "pending"
    POST = "post"
    VOID = "void"
    EXPIRE = "expire"


_ALONE = (TransferKind.POSTED, TransferKind.PENDING)


class Cause(StrEnum):
    """The business event behind a transfer."""

    GRANT = "grant"
    PLEDGE = "pledge"
    REFUND = "refund"
    PAYOUT = "payout"
    PURCHASE = "purchase"
    CHARGEBACK = "chargeback"
    GIFT = "gift"
    CASHOUT = "cashout"
    FEE = "fee"
    SALE = "sale"
    COMMISSION = "commission"


class Origin(StrEnum):
    """Where a member's credits came from. Only earned ones can be cashed out: promotional ones
    were never paid for, and bought ones would make a wallet a way to move money."""

    PROMO = "promo"
    BOUGHT = "bought"
    EARNED = "earned"


class PledgeState(StrEnum):
    """The life of a pledge."""

    PENDING = "pending"
    HELD = "held"
    AWARDED = "awarded"
    REFUNDED = "refunded"


class SaleState(StrEnum):
    """The life of a sale: what was paid waits out the cooling-off, or goes back to the buyer."""

    WAITING = "waiting"
    SETTLED = "settled"
    RETURNED = "returned"


class PayoutState(StrEnum):
    """The life of a payout: resolved at most once."""

    PENDING = "pending"
    POSTED = "posted"
    VOIDED = "voided"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class AccountName:
    """Names an account: its kind, its holder (user journal key or bounty id) and its scrip."""

    kind: AccountKind
    holder: str = ""
    scrip: str = SCRIP

    def __str__(self) -> str:
        return f"{self.kind}:{self.holder}:{self.scrip}"


def member(holder: str) -> AccountName:
    """Return the wallet of the person with this journal key."""
    return AccountName(AccountKind.MEMBER, holder)


def escrow(bounty_id: str) -> AccountName:
    """Return the bounty's own escrow."""
    return AccountName(AccountKind.ESCROW, bounty_id)


def till(listing_id: str) -> AccountName:
    """Return the account in which what buyers of a listing paid waits."""
    return AccountName(AccountKind.SALE, listing_id)


ISSUE = AccountName(AccountKind.ISSUE)
CASHED = AccountName(AccountKind.CASHED)
FEES = AccountName(AccountKind.FEES)


@dataclass(frozen=True, slots=True)
class Payment:
    """A transfer to write. `key` makes it happen once, however often it is asked for. What leaves
    an escrow is of the same origins as the pledge that came in by the transfer `like`, and where
    several are written together, of what the ones before left of it; `of` names the one origin
    that may be taken from a wallet."""

    key: str
    debit: AccountName
    credit: AccountName
    amount: int
    cause: Cause
    subject: str
    pending: bool = False
    like: str = ""
    of: Origin | None = None


@dataclass(frozen=True, slots=True)
class Resolution:
    """Settles the pending transfer with key `pending_key`: post, void or expire."""

    pending_key: str
    kind: TransferKind


@dataclass(frozen=True, slots=True)
class Balance:
    """Credits of one account: `posted` is owned, `reserved` leaves by pending transfers, and
    `incoming` arrives by pending ones."""

    posted: int = 0
    reserved: int = 0
    incoming: int = 0

    @property
    def available(self) -> int:
        """What may be spent now."""
        return self.posted - self.reserved


@dataclass(frozen=True, slots=True)
class Row:
    """A written transfer, as the verifier and the reference balance read it: of its `amount`,
    `promo` credits are promotional and `earned` were earned by whoever they left."""

    id: int
    key: str
    kind: TransferKind
    debit: str
    credit: str
    amount: int
    cause: str
    resolves: int | None
    promo: int = 0
    earned: int = 0


def balances(rows: Iterable[Row]) -> dict[str, Balance]:
    """Return every account's balance from all transfers: the slow, obviously right version."""
    listed = list(rows)
    resolved = {row.resolves for row in listed if row.resolves is not None}
    totals: dict[str, list[int]] = {}
    for row in listed:
        debit = totals.setdefault(row.debit, [0, 0, 0])
        credit = totals.setdefault(row.credit, [0, 0, 0])
        if row.kind in (TransferKind.POSTED, TransferKind.POST):
            debit[0] -= row.amount
            credit[0] += row.amount
        elif row.kind is TransferKind.PENDING and row.id not in resolved:
            debit[1] += row.amount
            credit[2] += row.amount
    return {name: Balance(*total) for name, total in totals.items()}


def too_little(needed: int, balance: Balance) -> Refusal | None:
    """Return a refusal when the available credits do not cover `needed`."""
    if balance.available >= needed:
        return None
    return Refusal(
        "not_enough_credits",
        f"This needs {needed:,} credits and you have {balance.available:,} to spend. "
        "Nothing was taken.",
        RefusalKind.CONFLICT,
        {"credits": f"You have {balance.available:,} credits to spend."},
    )


def faults(rows: Iterable[Row]) -> list[str]:
    """Return what is wrong with the books, a sentence each; empty when they are right."""
    listed = list(rows)
    by_id = {row.id: row for row in listed}
    found = [f"Transfer {r.key} moves {r.amount}." for r in listed if r.amount <= 0]
    found += [
        f"Transfer {r.key} goes from {r.debit} to itself." for r in listed if r.debit == r.credit
    ]
    found += _resolution_faults(listed, by_id)
    for name, balance in balances(listed).items():
        if balance.available < 0 and not name.startswith(f"{AccountKind.ISSUE}:"):
            found.append(f"Account {name} is {-balance.available} credits below zero.")
    return found


def _resolution_faults(rows: list[Row], by_id: dict[int, Row]) -> list[str]:
    found: list[str] = []
    seen: set[int] = set()
    for row in rows:
        if (row.resolves is None) != (row.kind in _ALONE):
            found.append(
                f"Transfer {row.key} is {row.kind} and settles {row.resolves or 'nothing'}."
            )
        if row.resolves is None:
            continue
        pending = by_id.get(row.resolves)
        if pending is None or pending.kind is not TransferKind.PENDING:
            found.append(f"Transfer {row.key} settles something that is not pending.")
        elif (row.debit, row.credit, row.amount) != (pending.debit, pending.credit, pending.amount):
            found.append(f"Transfer {row.key} differs from the pending transfer that it settles.")
        if row.resolves in seen:
            found.append(f"Transfer {row.key} settles a pending transfer a second time.")
        seen.add(row.resolves)
    return found
