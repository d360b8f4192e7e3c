"""A fixed random share of decisions is looked at by somebody else; and how well the two agree.

Which ones is nobody's choice: it follows from the decision's own key, which the dice make, and from
a salt that is another one every day. Whoever has both can draw again and find the same.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from assent.core.casework import Placement

# Two-sided, for 95 of 100 intervals to hold the share.
_Z = NormalDist().inv_cdf(0.975)


def is_drawn(decision: str, salt: str, percent: int) -> bool:
    """Whether a decision is among the share, of `percent` in a hundred, that is looked at again."""
    digest = hmac.digest(salt.encode(), decision.encode(), hashlib.sha256)
    return int.from_bytes(digest[:8], "big") * 100 < percent << 64


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often two people decided alike, each without knowing what the other did. The four
    numbers are counts of items: what the first did, then the second."""

    published_both: int = 0
    published_refused: int = 0
    refused_published: int = 0
    refused_both: int = 0

    @property
    def count(self) -> int:
        """How many items two people decided on."""
        return self.alike + self.published_refused + self.refused_published

    @property
    def alike(self) -> int:
        """On how many of them they agreed."""
        return self.published_both + self.refused_both

    @property
    def share(self) -> float | None:
        """The share on which they agreed, from 0 to 1."""
        return self.alike / self.count if self.count else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's 95 % interval of that share (Wilson 1927)."""
        if self.share is None:
            return None
        n, p = self.count, self.share
        middle = (p + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
        half = _Z / (1 + _Z**2 / n) * sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2))
        return max(0.0, middle - half), min(1.0, middle + half)

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa (1960): agreement beyond what chance alone would give. None where both only
        ever did one and the same thing, for then chance explains everything."""
        if self.share is None:
            return None
        n = self.count
        first = self.published_both + self.published_refused
        second = self.published_both + self.refused_published
        # Whole numbers, so that "chance explains everything" is not missed by a rounding.
        chance = first * second + (n - first) * (n - second)
        return (self.alike * n - chance) / (n * n - chance) if chance != n * n else None


def agreement(pairs: Iterable[tuple[Placement, Placement]]) -> Agreement:
    """Count pairs of a first and a second decision."""
    listed = list(pairs)
    yes, no = Placement.PUBLISH, Placement.REFUSE
    return Agreement(*(listed.count(pair) for pair in ((yes, yes), (yes, no), (no, yes), (no, no))))
