"""The one way to write a transfer. Runs inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from assent.core.ledger import (
    AccountKind,
    AccountName,
    Cause,
    Payment,
    Resolution,
    TransferKind,
    too_little,
)
from assent.core.purses import Purse, issued, spend
from assent.core.terms import Refusal, RefusalKind, Refused
from assent.ledger.models import Account, Transfer
from assent.ledger.purses import frozen, purse_in, purse_of
from assent.ledger.queries import balance_of

_TWICE = Refusal(
    "already_settled",
    "This was settled already. Nothing was moved a second time.",
    RefusalKind.CONFLICT,
)


_OF_THESE = Refusal(
    "not_enough_earned",
    "Fewer of your credits can be used for this than it needs. Nothing was taken.",
    RefusalKind.CONFLICT,
)


_FROZEN = Refusal(
    "earnings_frozen",
    "What you earned with work that was taken down, or whose takedown is not decided yet, stays in "
    "your wallet. Nothing was taken.",
    RefusalKind.CONFLICT,
)


def pay(payments: Iterable[Payment], at: datetime) -> None:
    """Write the payments, or refuse (and so roll back) when one is not covered.

    The accounts are locked in the order of their names, so that two writers cannot deadlock; on
    SQLite the transaction itself is the lock.
    """
    listed = list(payments)
    accounts = _locked({name for p in listed for name in (p.debit, p.credit)})
    left: dict[tuple[AccountName, str], Purse] = {}
    for payment in listed:
        if Transfer.objects.filter(key=payment.key).exists():
            raise Refused(_TWICE)
        if payment.debit.kind is not AccountKind.ISSUE:
            refusal = too_little(payment.amount, balance_of(payment.debit))
            if refusal:
                raise Refused(refusal)
        purse = _purse(payment, left)
        Transfer.objects.create(
            key=payment.key,
            kind=TransferKind.PENDING if payment.pending else TransferKind.POSTED,
            debit=accounts[payment.debit],
            credit=accounts[payment.credit],
            amount=payment.amount,
            cause=payment.cause,
            subject=payment.subject,
            promo=purse.promo,
            earned=purse.earned,
            at=at,
        )


def _purse(payment: Payment, left: dict[tuple[AccountName, str], Purse]) -> Purse:
    """Of what origins the credits are that leave; `left` is what those before left in an account
    of what came in by a transfer."""
    if payment.debit.kind is AccountKind.ISSUE:
        return issued(payment.amount, payment.cause)
    if payment.like:
        place = payment.debit, payment.like
        there = left.get(place) or purse_in(payment.like)
        given = spend(payment.amount, there)
        left[place] = there - given
        return given
    have = purse_of(payment.debit)
    if payment.of is None:
        given = spend(payment.amount, have)
        # Through a friend's bounty frozen earnings would leave as money all the same.
        if given.earned and have.earned - given.earned < frozen(payment.debit.holder):
            raise Refused(_FROZEN)
        return given
    if have.of(payment.of) < payment.amount:
        raise Refused(_OF_THESE)
    return Purse(**{payment.of: payment.amount})


def resolve(resolutions: Iterable[Resolution], at: datetime) -> list[Payment]:
    """Settle pending transfers, each at most once; return what they were for."""
    done = []
    for resolution in resolutions:
        pending = (
            Transfer.objects.select_for_update(no_key=True, of=("self",))
            .select_related("debit", "credit")
            .get(key=resolution.pending_key, kind=TransferKind.PENDING)
        )
        if Transfer.objects.filter(resolves=pending).exists():
            raise Refused(_TWICE)
        Transfer.objects.create(
            key=f"{resolution.kind}:{pending.key}",
            kind=resolution.kind,
            debit=pending.debit,
            credit=pending.credit,
            amount=pending.amount,
            cause=pending.cause,
            subject=pending.subject,
            promo=pending.promo,
            earned=pending.earned,
            resolves=pending,
            at=at,
        )
        done.append(_as_payment(pending))
    return done


def _as_payment(row: Transfer) -> Payment:
    return Payment(
        row.key, _name(row.debit), _name(row.credit), row.amount, Cause(row.cause), row.subject
    )


def _name(account: Account) -> AccountName:
    return AccountName(AccountKind(account.kind), account.holder, account.scrip)


def _locked(names: set[AccountName]) -> dict[AccountName, Account]:
    Account.objects.bulk_create(
        [
            Account(name=str(n), kind=n.kind, holder=n.holder, scrip=n.scrip)
            for n in sorted(names, key=str)
        ],
        ignore_conflicts=True,
    )
    rows = Account.objects.select_for_update(no_key=True).filter(name__in=[str(n) for n in names])
    return {_name(row): row for row in rows.order_by("name")}
