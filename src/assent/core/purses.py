"""Where the credits in a wallet came from, followed through every transfer.

Each transfer says how much of it was promotional and how much was earned; the rest was bought. A
wallet spends promotional credits first, then bought ones, then earned ones, so that what somebody
earned stays theirs to cash out as long as possible. What is pledged comes back as it went in; what
is paid for work arrives as earned, but for the promotional part, which stays promotional.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assent.core.ledger import AccountKind, Cause, Origin, Row, TransferKind

_PROMOTIONAL = (Cause.GRANT, Cause.GIFT)


@dataclass(frozen=True, slots=True)
class Purse:
    """Credits by origin; the three add up to what a wallet can spend."""

    promo: int = 0
    bought: int = 0
    earned: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.promo + self.bought + self.earned

    def of(self, origin: Origin) -> int:
        """Return the credits of one origin."""
        return int(getattr(self, origin))

    def __add__(self, other: Purse) -> Purse:
        return Purse(
            self.promo + other.promo, self.bought + other.bought, self.earned + other.earned
        )

    def __sub__(self, other: Purse) -> Purse:
        return Purse(
            self.promo - other.promo, self.bought - other.bought, self.earned - other.earned
        )


def spend(amount: int, have: Purse) -> Purse:
    """Return what is given when `amount` is paid out of this: promotional, then bought, then
    earned. Of a part of a pledge it is the same, so that no splitting turns promotional credits
    into money."""
    promo = min(amount, max(0, have.promo))
    bought = min(amount - promo, max(0, have.bought))
    earned = min(amount - promo - bought, max(0, have.earned))
    return Purse(promo, amount - promo - earned, earned)


def issued(amount: int, cause: Cause) -> Purse:
    """Return the origin of new credits: paid for, or promotional."""
    return Purse(promo=amount) if cause in _PROMOTIONAL else Purse(bought=amount)


def arriving(left: Purse, cause: Cause) -> Purse:
    """Return what credits become in the account where they arrive."""
    if cause is Cause.PAYOUT:
        return Purse(left.promo, 0, left.bought + left.earned)
    return left


def purses(rows: Iterable[Row]) -> dict[str, Purse]:
    """Return every wallet's purse from all transfers: the slow, obviously right version."""
    listed = list(rows)
    resolved = {row.resolves for row in listed if row.resolves is not None}
    found: dict[str, Purse] = {}
    for row in listed:
        left = Purse(row.promo, row.amount - row.promo - row.earned, row.earned)
        final = row.kind in (TransferKind.POSTED, TransferKind.POST)
        waits = row.kind is TransferKind.PENDING and row.id not in resolved
        if final or waits:
            found[row.debit] = found.get(row.debit, Purse()) - left
        if final:
            came = arriving(left, Cause(row.cause))
            found[row.credit] = found.get(row.credit, Purse()) + came
    members = f"{AccountKind.MEMBER}:"
    return {name: purse for name, purse in found.items() if name.startswith(members)}


def faults(rows: Iterable[Row]) -> list[str]:
    """Return what is wrong with the origins, a sentence each."""
    listed = list(rows)
    found = [
        f"Transfer {row.key} of {row.amount} says that {row.promo} are promotional and "
        f"{row.earned} earned."
        for row in listed
        if row.promo < 0 or row.earned < 0 or row.promo + row.earned > row.amount
    ]
    found += [
        f"Transfer {row.key} cashes out credits that were not earned."
        for row in listed
        if row.cause in (Cause.CASHOUT, Cause.FEE) and row.earned != row.amount
    ]
    for name, purse in purses(listed).items():
        found += [
            f"Account {name} has {purse.of(origin)} {origin} credits."
            for origin in Origin
            if purse.of(origin) < 0
        ]
    return found
