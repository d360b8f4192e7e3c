"""From a decision or an award to its effects: item states, pledges, payouts, credits, messages.

Everything here is a pure function from facts to `Effects`; writing them down is `assent.effects`.
Money rules live here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from assent.core.casework import Placement
from assent.core.ledger import (
    Cause,
    Payment,
    PayoutState,
    PledgeState,
    Resolution,
    SaleState,
    TransferKind,
    escrow,
    member,
)
from assent.core.terms import ItemState


@dataclass(frozen=True, slots=True)
class Party:
    """A person as money sees them: log-in id, and the key that names their wallet."""

    id: int
    key: str


@dataclass(frozen=True, slots=True)
class PledgeFacts:
    """A pledge as it stands."""

    id: str
    bounty: str
    supporter: Party
    amount: int
    state: PledgeState


@dataclass(frozen=True, slots=True)
class PayoutFacts:
    """A payout as it stands."""

    id: str
    bounty: str
    pledge: str
    entry: str
    creator: Party
    amount: int
    state: PayoutState
    due_at: datetime
    doubt: str = ""

    @property
    def key(self) -> str:
        """The transfer key: one for each (bounty, pledge, entry)."""
        return f"payout:{self.bounty}:{self.pledge}:{self.entry}"


@dataclass(frozen=True, slots=True)
class SaleFacts:
    """A sale as it stands: of `price` credits `fee` are the house's, the rest the seller's."""

    id: str
    listing: str
    buyer: Party
    seller: Party
    price: int
    fee: int
    state: SaleState
    due_at: datetime
    doubt: str = ""
    is_opened: bool = False
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """An item goes from one state to another; refused if it is no longer in the first."""

    item: str
    before: ItemState
    after: ItemState


@dataclass(frozen=True, slots=True)
class Tell:
    """A message to one person: a template name and the coded facts that it needs."""

    user: int | None
    template: str
    data: Mapping[str, str | int] = field(default_factory=dict)
    # The random key of a case, for what is told to whoever asked for a takedown; no user then.
    case: str = ""

    @property
    def about(self) -> str | None:
        """The item that the message is about, if it names one."""
        found = (self.data.get(name) for name in ("about", "item", "bounty"))
        return next((str(item) for item in found if item), None)


@dataclass(frozen=True, slots=True)
class Effects:
    """All that a decision changes, in the order in which it is written."""

    moves: tuple[Move, ...] = ()
    new_pledges: tuple[PledgeFacts, ...] = ()
    pledge_moves: tuple[tuple[str, PledgeState, PledgeState], ...] = ()
    new_sales: tuple[SaleFacts, ...] = ()
    sale_moves: tuple[tuple[str, SaleState, SaleState], ...] = ()
    resolutions: tuple[Resolution, ...] = ()
    payments: tuple[Payment, ...] = ()
    new_payouts: tuple[PayoutFacts, ...] = ()
    payout_moves: tuple[tuple[str, PayoutState, PayoutState], ...] = ()
    messages: tuple[Tell, ...] = ()

    def __add__(self, other: Effects) -> Effects:
        return Effects(*(getattr(self, name) + getattr(other, name) for name in Effects.__slots__))


def pledge_key(pledge: str) -> str:
    """The transfer key that brings a pledge into escrow."""
    return f"pledge:{pledge}"


def pledging(pledge: PledgeFacts) -> Effects:
    """A new pledge: straight into escrow, or reserved while the bounty is held."""
    waiting = pledge.state is PledgeState.PENDING
    into_escrow = Payment(
        pledge_key(pledge.id),
        member(pledge.supporter.key),
        escrow(pledge.bounty),
        pledge.amount,
        Cause.PLEDGE,
        pledge.bounty,
        pending=waiting,
    )
    return Effects(new_pledges=(pledge,), payments=(into_escrow,))


def placing(item: str, before: ItemState, placement: Placement, published: ItemState) -> Effects:
    """Put a screened item where its ruling says; `published` is `open` for a bounty."""
    after = {
        Placement.PUBLISH: published,
        Placement.HOLD: ItemState.HELD,
        Placement.REFUSE: ItemState.REFUSED,
    }[placement]
    return Effects(moves=(Move(item, before, after),)) if before is not after else Effects()


def releasing(pledges: Iterable[PledgeFacts]) -> Effects:
    """A held bounty is approved: reserved pledges enter escrow."""
    waiting = [p for p in pledges if p.state is PledgeState.PENDING]
    return Effects(
        resolutions=tuple(Resolution(pledge_key(p.id), TransferKind.POST) for p in waiting),
        pledge_moves=tuple((p.id, PledgeState.PENDING, PledgeState.HELD) for p in waiting),
    )


def refunding(pledges: Iterable[PledgeFacts]) -> Effects:
    """Give every supporter back exactly their own pledge: reserved ones are voided, those in
    escrow return by a transfer of their own. Paid or refunded pledges are left alone."""
    listed = list(pledges)
    waiting = [p for p in listed if p.state is PledgeState.PENDING]
    inside = [p for p in listed if p.state in (PledgeState.HELD, PledgeState.AWARDED)]
    return Effects(
        resolutions=tuple(Resolution(pledge_key(p.id), TransferKind.VOID) for p in waiting),
        payments=tuple(_refund(p) for p in inside),
        pledge_moves=tuple((p.id, p.state, PledgeState.REFUNDED) for p in waiting + inside),
        messages=tuple(
            Tell(p.supporter.id, "refunded", {"credits": p.amount, "bounty": p.bounty})
            for p in waiting + inside
        ),
    )


def reserving_again(pledge: PledgeFacts, again: PledgeFacts) -> Effects:
    """A bounty that was approved is held again: the credits of a pledge leave escrow and are
    reserved as they were, of the same origins, under the pledge `again`."""
    reserved = pledging(again).payments[0]
    return Effects(
        new_pledges=(again,),
        pledge_moves=((pledge.id, pledge.state, PledgeState.REFUNDED),),
        payments=(_refund(pledge), replace(reserved, like=pledge_key(pledge.id))),
    )


def _refund(pledge: PledgeFacts) -> Payment:
    return Payment(
        f"refund:{pledge.id}",
        escrow(pledge.bounty),
        member(pledge.supporter.key),
        pledge.amount,
        Cause.REFUND,
        pledge.bounty,
        like=pledge_key(pledge.id),
    )


def awarding(moves: Iterable[Move], payouts: Iterable[PayoutFacts]) -> Effects:
    """An entry was chosen: each pledge that was awarded becomes a payout that waits out the
    cooling-off. `moves` are those of the entry, and of the rest once the bounty is settled."""
    due = tuple(payouts)
    return Effects(
        moves=tuple(moves),
        pledge_moves=tuple((p.pledge, PledgeState.HELD, PledgeState.AWARDED) for p in due),
        payments=tuple(_payout(p) for p in due),
        new_payouts=due,
        messages=tuple(
            Tell(p.creator.id, "awarded", {"credits": p.amount, "bounty": p.bounty}) for p in due
        ),
    )


def _payout(payout: PayoutFacts) -> Payment:
    return Payment(
        payout.key,
        escrow(payout.bounty),
        member(payout.creator.key),
        payout.amount,
        Cause.PAYOUT,
        payout.bounty,
        pending=True,
        like=pledge_key(payout.pledge),
    )


def paying(payout: PayoutFacts) -> Effects:
    """The cooling-off is over: the waiting payout is posted."""
    return Effects(
        resolutions=(Resolution(payout.key, TransferKind.POST),),
        payout_moves=((payout.id, PayoutState.PENDING, PayoutState.POSTED),),
        messages=(
            Tell(payout.creator.id, "paid", {"credits": payout.amount, "bounty": payout.bounty}),
        ),
    )


def stopping(payouts: Iterable[PayoutFacts], pledges: Iterable[PledgeFacts]) -> Effects:
    """Something was removed for good: payouts that still wait are voided, and every pledge whose
    credits are still in escrow goes back to the supporter who made it."""
    listed = list(payouts)
    waiting = [p for p in listed if p.state is PayoutState.PENDING]
    paid = {p.pledge for p in listed if p.state is PayoutState.POSTED}
    voided = Effects(
        resolutions=tuple(Resolution(p.key, TransferKind.VOID) for p in waiting),
        payout_moves=tuple((p.id, PayoutState.PENDING, PayoutState.VOIDED) for p in waiting),
    )
    return voided + refunding(p for p in pledges if p.id not in paid)
