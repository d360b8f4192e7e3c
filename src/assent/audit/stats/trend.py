"""Trends of weekly shares: the study's line, with an interval that respects neighbouring weeks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import ruptures

from assent.audit.stats.bootstrap import Floats, moving_blocks, percentiles

YEAR = 365.25  # days


@dataclass(frozen=True, slots=True)
class Trend:
    """A straight line through weekly shares; `low` and `high` are the band at every week."""

    slope: float  # per year
    slope_low: float
    slope_high: float
    line: Floats
    low: Floats
    high: Floats
    block: int  # weeks that are resampled together


def trend(weeks: Sequence[date], shares: Floats, seed: int, block: int | None = None) -> Trend:
    """Return the least-squares line, every week counting alike, from at least three weeks.

    Blocks of neighbouring weeks are resampled with their dates; the usual length n^(1/3).
    """
    at = np.array([week.toordinal() for week in weeks], dtype=np.float64)
    at = (at - at[0]) / YEAR
    block = block or max(1, round(len(at) ** (1 / 3)))
    slope, start = _line(at, shares)
    chosen = moving_blocks(len(at), block, seed)
    slopes, starts = _line(at[chosen], shares[chosen])
    lines = starts[:, None] + slopes[:, None] * at
    low, high = percentiles(slopes, len(at) // block)
    return Trend(
        float(slope), low, high, start + slope * at,
        np.nanquantile(lines, 0.025, axis=0), np.nanquantile(lines, 0.975, axis=0), block,
    )  # fmt: skip


def _line(at: Floats, shares: Floats) -> tuple[Floats, Floats]:
    middle, level = at.mean(axis=-1, keepdims=True), shares.mean(axis=-1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = ((at - middle) * (shares - level)).sum(axis=-1) / ((at - middle) ** 2).sum(axis=-1)
    return slope, level[..., 0] - slope * middle[..., 0]


def change_points(shares: Floats) -> list[int]:
    """Return where the level changes, a straight trend taken out: first weeks of new levels.

    Exact optimal partition (PELT, Killick et al. 2012) of squared error with a BIC penalty, levels
    of at least four weeks. The noise is judged by differences of neighbours, which a change of
    level hardly touches.
    """
    n = len(shares)
    if n < 8:
        return []
    places = np.arange(n, dtype=np.float64)
    slope, start = _line(places, shares)
    shares = shares - start - slope * places
    noise = float(np.median(np.abs(np.diff(shares)))) / (0.6745 * np.sqrt(2))
    penalty = 3 * np.log(n) * max(noise, 1e-6) ** 2
    found = ruptures.Pelt(model="l2", min_size=4, jump=1).fit(shares[:, None]).predict(pen=penalty)
    return [int(place) for place in found[:-1]]
