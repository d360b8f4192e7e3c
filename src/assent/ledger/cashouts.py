"""Reads payout accounts, cash-outs, and what a check of the books found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, QuerySet, Sum

from assent.core.cashouts import (
    OPEN,
    AccountState,
    Background,
    CashoutState,
    cashable,
    keys,
)
from assent.core.ledger import Cause, PayoutState, SaleState, TransferKind, member
from assent.core.purchases import PurchaseState
from assent.ledger.models import (
    BankMessage,
    BookCheck,
    Cashout,
    Payout,
    PayoutAccount,
    Purchase,
    Sale,
    Transfer,
)
from assent.ledger.purses import frozen, purse_of

_LIVE = {
    CashoutState.ASKED: None,
    CashoutState.APPROVED: None,
    CashoutState.SENDING: None,
    CashoutState.PAID: TransferKind.POST,
    CashoutState.FAILED: TransferKind.VOID,
    CashoutState.REFUSED: TransferKind.VOID,
    CashoutState.TAKEN_BACK: TransferKind.VOID,
}


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account that a member is paid out to."""

    id: str
    owner: int
    provider: str
    state: AccountState
    at: datetime
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class CashoutView:
    """A cash-out as it stands."""

    id: str
    owner: int
    account: str
    credits: int
    fee: int
    cents: int
    state: CashoutState
    at: datetime
    decided_by: int | None = None
    reason: str = ""
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CheckView:
    """A check of the books: how many transfers were read, and a sentence for each fault and for
    each difference from what the provider says."""

    at: datetime
    transfers: int
    faults: tuple[str, ...]
    differences: tuple[str, ...]

    @property
    def stops_cashouts(self) -> bool:
        """Whether nothing may be paid out until a later check finds everything right."""
        return bool(self.faults or self.differences)


def account_of(user_id: int) -> AccountView | None:
    """Return the account that a member is paid out to: the latest confirmed one, or the latest."""
    rows = PayoutAccount.objects.filter(owner_id=user_id).order_by("-at", "-id")
    row = rows.filter(state=AccountState.CONFIRMED).first() or rows.first()
    return _account(row) if row else None


def accounts_of(user_id: int) -> list[AccountView]:
    """Return every account that a member said money is to be paid out to, the latest first."""
    rows = PayoutAccount.objects.filter(owner_id=user_id).order_by("-at", "-id")
    return [_account(row) for row in rows]


def account(account_id: str, *, lock: bool = False) -> AccountView | None:
    """Return an account, under a lock where it is about to change."""
    rows = PayoutAccount.objects.filter(id=account_id)
    row = (rows.select_for_update(no_key=True) if lock else rows).first()
    return _account(row) if row else None


def identities_of(user_ids: frozenset[int]) -> dict[int, frozenset[str]]:
    """Return the keyed digests of who each of these members is paid out to, old accounts too."""
    rows = PayoutAccount.objects.filter(owner_id__in=user_ids).exclude(identity="")
    found: dict[int, frozenset[str]] = {}
    for owner, identity in rows.values_list("owner_id", "identity"):
        found[owner] = found.get(owner, frozenset()) | {identity}
    return found


def cashout(cashout_id: str, *, lock: bool = False) -> CashoutView | None:
    """Return a cash-out, under a lock where it is about to change."""
    rows = Cashout.objects.filter(id=cashout_id)
    row = (rows.select_for_update(no_key=True) if lock else rows).first()
    return _view(row) if row else None


def cashouts_of(user_id: int, limit: int = 100) -> list[CashoutView]:
    """Return what a member asked to have paid out, the latest first."""
    rows = Cashout.objects.filter(owner_id=user_id).order_by("-at", "-id")[:limit]
    return [_view(row) for row in rows]


def cashouts_in(state: CashoutState, limit: int = 200) -> list[CashoutView]:
    """Return the cash-outs in a state, the oldest first."""
    rows = Cashout.objects.filter(state=state).order_by("at", "id")[:limit]
    return [_view(row) for row in rows]


def open_of(user_id: int) -> int:
    """Return how many cash-outs of a member are under way."""
    return Cashout.objects.filter(owner_id=user_id, state__in=OPEN).count()


def known_message(message_id: str) -> bool:
    """Return whether this was told before."""
    return BankMessage.objects.filter(id=message_id).exists()


def cashable_of(journal_key: str) -> int:
    """Return the credits that a member can cash out now."""
    return cashable(purse_of(member(journal_key)).earned, frozen(journal_key))


def covered(user_id: int) -> bool:
    """Return whether the earned credits that stay in a wallet cover those that are frozen: a
    takedown that came after a cash-out was asked for must not be outrun by it."""
    key = _key_of(user_id)
    return purse_of(member(key)).earned >= frozen(key)


def background(of: CashoutView) -> Background:
    """Return what is known about the earnings behind a cash-out."""
    to = PayoutAccount.objects.get(id=of.account)
    sharing = PayoutAccount.objects.filter(identity=to.identity).exclude(identity="")
    taken_back = Purchase.objects.filter(
        buyer=OuterRef("pledge__supporter"), state=PurchaseState.DISPUTED
    )
    paid = Payout.objects.filter(creator_id=of.owner, state=PayoutState.POSTED)
    sold = Sale.objects.filter(seller_id=of.owner, state=SaleState.SETTLED)
    buyers = Purchase.objects.filter(buyer=OuterRef("buyer"), state=PurchaseState.DISPUTED)
    shares = sold.filter(Exists(buyers)).aggregate(n=Sum(F("price") - F("fee")))["n"] or 0
    return Background(
        to.settled_at or to.at,
        sharing.exclude(owner_id=of.owner).values("owner").distinct().count(),
        shares + _total(paid.filter(Exists(taken_back))),
        frozen(_key_of(of.owner)),
    )


def _key_of(user_id: int) -> str:
    """The journal key of a member who has an account to be paid out to."""
    return PayoutAccount.objects.filter(owner_id=user_id).values_list("owner__journal_key")[0][0]


def last_check() -> CheckView | None:
    """Return what the latest check of the books found; None before the first."""
    row = BookCheck.objects.order_by("-at", "-id").first()
    return _check(row) if row else None


def checks(limit: int = 30) -> list[CheckView]:
    """Return the latest checks of the books, newest first."""
    return [_check(row) for row in BookCheck.objects.order_by("-at", "-id")[:limit]]


def _check(row: BookCheck) -> CheckView:
    return CheckView(row.at, row.transfers, tuple(row.faults), tuple(row.differences))


def faults() -> list[str]:
    """Return where cash-outs and transfers do not agree, a sentence each: every cash-out has its
    two transfers, settled as its state says, and no credits left as money without one."""
    found = []
    moved = {
        row.key: (row.amount, row.transfer.kind if hasattr(row, "transfer") else None)
        for row in Transfer.objects.filter(
            cause__in=[Cause.CASHOUT, Cause.FEE], kind=TransferKind.PENDING
        ).select_related("transfer")
    }
    for one in Cashout.objects.all():
        out, house = keys(one.id)
        how = _LIVE[CashoutState(one.state)]
        if moved.pop(out, None) != (one.credits - one.fee, how):
            found.append(f"Cash-out {one.id} is {one.state}, and its transfer says otherwise.")
        if moved.pop(house, None) != (one.fee, how):
            found.append(f"Cash-out {one.id} is {one.state}, and the transfer of its fee is not.")
    return found + [f"Transfer {key} cashes out, and no cash-out asked for it." for key in moved]


def _total(rows: QuerySet[Payout]) -> int:
    return rows.aggregate(total=Sum("amount"))["total"] or 0


def _account(row: PayoutAccount) -> AccountView:
    return AccountView(
        row.id, row.owner_id, row.provider, AccountState(row.state), row.at, row.settled_at
    )


def _view(row: Cashout) -> CashoutView:
    return CashoutView(
        row.id,
        row.owner_id,
        row.account_id,
        row.credits,
        row.fee,
        row.cents,
        CashoutState(row.state),
        row.at,
        row.decided_by_id,
        row.reason,
        row.settled_at,
    )
