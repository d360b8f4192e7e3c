"""Comparing our books with the provider's: what we were not told is caught up, what cannot both be
true is a difference, and a difference stops payouts until somebody has looked."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from assent.core.cashouts import BankEvent, BankKind, CashoutState
from assent.core.purchases import EventKind, ProviderEvent, PurchaseState

PAID, DISPUTED, PAYOUT = "paid", "disputed", "payout"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the provider's book: money that came (`paid`), went back (`disputed`) or went to
    a member (`payout`), for one of our numbers."""

    kind: str
    about: str
    cents: int


@dataclass(frozen=True, slots=True)
class Owed:
    """What we have written down for one of our numbers."""

    cents: int
    state: str


@dataclass(frozen=True, slots=True)
class Compared:
    """What the provider knows and we were not told, and a sentence for each difference."""

    missed: tuple[ProviderEvent | BankEvent, ...]
    differences: tuple[str, ...]


_TAKEN = (PurchaseState.PAID, PurchaseState.DISPUTED)


def compare(
    lines: Iterable[Line],
    purchases: Mapping[str, Owed],
    cashouts: Mapping[str, Owed],
    old: Container[str] = (),
) -> Compared:
    """Return what the provider's book and ours say differently. `old` purchases are from before the
    provider's book begins, so that it need not have them."""
    told = {(line.kind, line.about): line.cents for line in lines}
    missed: list[ProviderEvent | BankEvent] = []
    found: list[str] = []
    for (kind, about), cents in sorted(told.items(), key=_payments_first):
        ours = (cashouts if kind == PAYOUT else purchases).get(about)
        if ours is None:
            found.append(f"The provider has {cents} cents {kind} for {about}, which we don’t know.")
        elif ours.cents != cents:
            found.append(
                f"The provider has {cents} cents {kind} for {about}; ours says {ours.cents}."
            )
        else:
            event = _missed(kind, about, ours)
            missed += [event] if event else []
            found += _contradicted(kind, about, ours)
    recent = {about: ours for about, ours in purchases.items() if about not in old}
    found += _unknown_there(told, recent, cashouts)
    return Compared(tuple(missed), tuple(found))


def _payments_first(entry: tuple[tuple[str, str], int]) -> tuple[bool, str, str]:
    (kind, about), _ = entry
    return kind == DISPUTED, kind, about


def _missed(kind: str, about: str, ours: Owed) -> ProviderEvent | BankEvent | None:
    name = f"book_{kind}_{about}"
    if kind == PAYOUT:
        waits = ours.state == CashoutState.SENDING
        return BankEvent(name, BankKind.PAID, about, ours.cents) if waits else None
    waits = {
        PAID: ours.state in (PurchaseState.BEGUN, PurchaseState.DECLINED),
        DISPUTED: ours.state != PurchaseState.DISPUTED,
    }[kind]
    return ProviderEvent(name, EventKind(kind), about, ours.cents) if waits else None


def _contradicted(kind: str, about: str, ours: Owed) -> list[str]:
    """A payout that the provider made although we never sent it, or that we think came back."""
    fine = (CashoutState.SENDING, CashoutState.PAID)
    if kind == PAYOUT and ours.state not in fine:
        return [f"The provider paid out cash-out {about}, which is {ours.state} here."]
    return []


def _unknown_there(
    told: Mapping[tuple[str, str], int],
    purchases: Mapping[str, Owed],
    cashouts: Mapping[str, Owed],
) -> list[str]:
    found = [
        f"Purchase {about} is {ours.state} here, and the provider has no payment for it."
        for about, ours in sorted(purchases.items())
        if ours.state in _TAKEN and (PAID, about) not in told
    ]
    found += [
        f"Purchase {about} was taken back here, and the provider knows of no dispute."
        for about, ours in sorted(purchases.items())
        if ours.state == PurchaseState.DISPUTED and (DISPUTED, about) not in told
    ]
    return found + [
        f"Cash-out {about} is paid here, and the provider did not pay it."
        for about, ours in sorted(cashouts.items())
        if ours.state == CashoutState.PAID and (PAYOUT, about) not in told
    ]
