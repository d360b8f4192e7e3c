"""Writes payout accounts, cash-outs and checks of the books. Rows are locked by the caller."""

from __future__ import annotations

from datetime import datetime

from assent.core.cashouts import AccountState, BankEvent, CashoutState
from assent.core.ledger import PayoutState
from assent.ledger.cashouts import CashoutView
from assent.ledger.models import BankMessage, BookCheck, Cashout, Payout, PayoutAccount


def add_account(account_id: str, owner: int, provider: str, at: datetime) -> None:
    """Insert an account that the provider has not confirmed yet."""
    PayoutAccount.objects.create(
        id=account_id, owner_id=owner, provider=provider, state=AccountState.BEGUN, at=at
    )


def settle_account(account_id: str, state: AccountState, identity: str, at: datetime) -> None:
    """Change how an account stands, with the keyed digest of who it is."""
    rows = PayoutAccount.objects.filter(id=account_id)
    rows.update(state=state, identity=identity, settled_at=at)


def add_cashout(view: CashoutView) -> None:
    """Insert a cash-out."""
    Cashout.objects.create(
        id=view.id,
        owner_id=view.owner,
        account_id=view.account,
        credits=view.credits,
        fee=view.fee,
        cents=view.cents,
        state=view.state,
        at=view.at,
    )


def decide(cashout_id: str, state: CashoutState, by: int, reason: str, at: datetime) -> None:
    """Write down who decided what, and why."""
    rows = Cashout.objects.filter(id=cashout_id)
    rows.update(state=state, decided_by_id=by, reason=reason, settled_at=at)


def move(cashout_id: str, state: CashoutState, at: datetime) -> None:
    """Change how a cash-out stands."""
    Cashout.objects.filter(id=cashout_id).update(state=state, settled_at=at)


def add_message(event: BankEvent, at: datetime) -> None:
    """Write down what a provider told us."""
    BankMessage.objects.create(id=event.id, kind=event.kind, about=event.about, at=at)


def add_check(at: datetime, transfers: int, faults: list[str], differences: list[str]) -> None:
    """Write down what a check of the books found."""
    BookCheck.objects.create(at=at, transfers=transfers, faults=faults, differences=differences)


def doubt_payouts_from(supporter: int, doubt: str) -> int:
    """Let the payouts that wait and come from this person's pledges wait for a moderator; return
    how many."""
    waiting = Payout.objects.filter(pledge__supporter_id=supporter, state=PayoutState.PENDING)
    return waiting.filter(doubt="").update(doubt=doubt)
