"""Cashing out: who may have earned credits paid out as money, how much, and what must be looked at.

Only earned credits leave as money, only to somebody whose identity the provider has confirmed, only
after a person has approved it. Credits earned with work that was taken down, or whose takedown is
not decided yet, stay in the wallet. Nothing is ever taken from the person depicted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from assent.core.ledger import (
    CASHED,
    FEES,
    AccountName,
    Cause,
    Origin,
    Payment,
    Resolution,
    TransferKind,
)
from assent.core.purchases import CENTS_EACH
from assent.core.terms import Refusal, RefusalKind

MIN_CREDITS = 1_000
FEE_MIN = 50
FEE_PER_CENT = 2
# A stolen log-in would first point the payouts elsewhere: the account has this long to be noticed.
NEW_ACCOUNT = timedelta(days=7)


class AccountState(StrEnum):
    """The life of the account that money is paid out to."""

    BEGUN = "begun"
    CONFIRMED = "confirmed"
    DECLINED = "declined"


class CashoutState(StrEnum):
    """The life of a cash-out. `sending` is written before the provider is asked."""

    ASKED = "asked"
    APPROVED = "approved"
    SENDING = "sending"
    PAID = "paid"
    FAILED = "failed"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"

    @property
    def is_open(self) -> bool:
        """Whether its credits are reserved."""
        return self in OPEN


OPEN = (CashoutState.ASKED, CashoutState.APPROVED, CashoutState.SENDING)


class BankKind(StrEnum):
    """What a provider tells us of accounts and payouts."""

    CONFIRMED = "confirmed"
    DECLINED = "declined"
    PAID = "paid"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class BankEvent:
    """Something that a provider says: about an account (`identity` is then a word that is the same
    for the same person or bank account; only a keyed digest of it is kept) or about a cash-out."""

    id: str
    kind: BankKind
    about: str
    cents: int = 0
    identity: str = ""


_ACCOUNT = {
    (AccountState.BEGUN, BankKind.CONFIRMED): AccountState.CONFIRMED,
    (AccountState.BEGUN, BankKind.DECLINED): AccountState.DECLINED,
    # Somebody tried again with better papers.
    (AccountState.DECLINED, BankKind.CONFIRMED): AccountState.CONFIRMED,
}
_CASHOUT = {
    (CashoutState.SENDING, BankKind.PAID): CashoutState.PAID,
    (CashoutState.SENDING, BankKind.FAILED): CashoutState.FAILED,
}


def account_after(state: AccountState, kind: BankKind) -> AccountState | None:
    """Return the state that follows; None where the event changes nothing."""
    return _ACCOUNT.get((state, kind))


def cashout_after(state: CashoutState, kind: BankKind) -> CashoutState | None:
    """Return the state that follows; None where the event changes nothing: twice, or too late."""
    return _CASHOUT.get((state, kind))


def fee(credits_: int) -> int:
    """Return what the house keeps: 2 per cent, rounded up, and 50 credits at least."""
    return max(FEE_MIN, -(-credits_ * FEE_PER_CENT // 100))


def cents(credits_: int) -> int:
    """Return what is paid out for credits, after the fee."""
    return (credits_ - fee(credits_)) * CENTS_EACH


def cashable(earned: int, frozen: int) -> int:
    """Return the credits that can leave as money: what was earned, but for what was earned with
    work that was taken down or whose takedown is open."""
    return max(0, earned - frozen)


def refusal(credits_: int, able: int, account: AccountState | None) -> Refusal | None:
    """Return why this cannot be cashed out, or None."""
    if account is not AccountState.CONFIRMED:
        words = "Say first where money is to be paid out to."
        return Refusal("no_payout_account", words, RefusalKind.CONFLICT)
    if credits_ < MIN_CREDITS:
        words = f"At least {MIN_CREDITS:,} credits can be cashed out at a time."
        return Refusal("check_the_form", words, fields={"credits": words})
    if credits_ > able:
        words = f"You can cash out {able:,} credits. Nothing was taken."
        return Refusal("not_enough_earned", words, RefusalKind.CONFLICT, {"credits": words})
    return None


def reserving(cashout: str, credits_: int, wallet: AccountName) -> tuple[Payment, Payment]:
    """A cash-out was asked for: its credits and the fee are reserved, earned ones alone."""
    kept = fee(credits_)
    out, house = keys(cashout)
    return (
        Payment(out, wallet, CASHED, credits_ - kept, Cause.CASHOUT, cashout, True, "", _EARNED),
        Payment(house, wallet, FEES, kept, Cause.FEE, cashout, True, "", _EARNED),
    )


_EARNED = Origin.EARNED


def keys(cashout: str) -> tuple[str, str]:
    """The transfer keys of a cash-out and of its fee."""
    return f"cashout:{cashout}", f"fee:{cashout}"


def settling(cashout: str, *, paid: bool) -> tuple[Resolution, ...]:
    """The money arrived: both transfers are posted. It did not: both are voided, the fee too."""
    how = TransferKind.POST if paid else TransferKind.VOID
    return tuple(Resolution(key, how) for key in keys(cashout))


class Sign(StrEnum):
    """What whoever approves a cash-out must look at. None of them refuses by itself."""

    SHARED_IDENTITY = "shared_identity"
    NEW_ACCOUNT = "new_account"
    DISPUTED = "disputed"
    TAKEN_DOWN = "taken_down"

    @property
    def sentence(self) -> str:
        """What is shown to whoever decides."""
        return _SENTENCES[self]


_SENTENCES = {
    Sign.SHARED_IDENTITY: "Another member is paid out to the same person or bank account.",
    Sign.NEW_ACCOUNT: "The account that is paid to was confirmed less than 7 days ago.",
    Sign.DISPUTED: "A payment behind these earnings was taken back through a card.",
    Sign.TAKEN_DOWN: "Work behind these earnings was taken down, or its takedown is open.",
}


@dataclass(frozen=True, slots=True)
class Background:
    """What is known about the earnings behind a cash-out."""

    confirmed_at: datetime
    sharing: int
    disputed: int
    frozen: int


def signs(known: Background, at: datetime) -> tuple[Sign, ...]:
    """Return what must be looked at before this is approved."""
    found: Iterable[tuple[Sign, bool]] = (
        (Sign.SHARED_IDENTITY, known.sharing > 0),
        (Sign.NEW_ACCOUNT, at - known.confirmed_at < NEW_ACCOUNT),
        (Sign.DISPUTED, known.disputed > 0),
        (Sign.TAKEN_DOWN, known.frozen > 0),
    )
    return tuple(sign for sign, seen in found if seen)
