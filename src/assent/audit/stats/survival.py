"""How long things stay: Kaplan-Meier curves from counts, and a test between two of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from assent.audit.stats.bootstrap import Floats, Ints


@dataclass(frozen=True, slots=True)
class Curve:
    """The share still there after each day on which something went (day 0 first)."""

    days: Ints
    share: Floats
    low: Floats
    high: Floats

    def at(self, day: float) -> tuple[float, float, float]:
        """Return share, low and high after this many days."""
        place = int(np.searchsorted(self.days, day, side="right")) - 1
        return float(self.share[place]), float(self.low[place]), float(self.high[place])

    def median(self) -> float | None:
        """Return the first day on which half or less is left, None while more is."""
        gone = np.flatnonzero(self.share <= 0.5)
        return float(self.days[gone[0]]) if gone.size else None


def curve(days: Ints, gone: Ints, counts: Ints) -> Curve:
    """Return the curve of items that went (gone 1) or were last seen (gone 0) after `days`.

    Kaplan and Meier (1958) with Greenwood's variance on the log-log scale, as
    scipy.stats.ecdf has it for single observations; here each row stands for `counts` items.
    """
    order = np.unique(days[gone == 1])
    events = np.array([counts[(days == day) & (gone == 1)].sum() for day in order])
    at_risk = np.array([counts[days >= day].sum() for day in order])
    share = np.cumprod(1 - events / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.cumsum(events / (at_risk * (at_risk - events)))
        spread = stats.norm.ppf(0.975) * np.sqrt(variance) / np.log(share)
        low, high = share ** np.exp(-spread), share ** np.exp(spread)
    low, high = np.where(share > 0, low, 0.0), np.where(share > 0, high, 0.0)
    one = np.ones(1)
    start = np.zeros(1, np.int64)
    return Curve(np.concatenate([start, order]), np.concatenate([one, share]),
                 np.concatenate([one, low]), np.concatenate([one, high]))  # fmt: skip
