"""Scrips: currencies as data. A scrip says which ratings it may fund, which rails may sell it, and
whether it is paid out as money. A rail that allows no adult work can only sell a scrip that never
reaches it.

The rows are in the database, which itself refuses a transfer that they do not allow: whatever a
payment processor's contract forbids is out of reach of the credits it sold, and no code can forget
to ask. Every rail passes the same consent gate, which is not about money at all.
"""

from __future__ import annotations

from dataclasses import dataclass

from assent.core.terms import Rating, Refusal, RefusalKind


@dataclass(frozen=True, slots=True)
class Scrip:
    """A currency: its `ceiling` is the highest rating that it may fund."""

    code: str
    name: str
    ceiling: Rating
    funds_bounties: bool
    cashes_out: bool
    enabled: bool
    rails: tuple[str, ...]

    def sold_by(self, rail: str) -> bool:
        """Whether this rail may sell it."""
        return self.enabled and rail in self.rails


def not_sold(scrip: Scrip | None, rail: str) -> Refusal | None:
    """Return a refusal where a rail may not sell a scrip."""
    if scrip is not None and scrip.sold_by(rail):
        return None
    return Refusal(
        "not_sold_here",
        "These credits may not be sold or given out this way.",
        RefusalKind.CONFLICT,
    )
