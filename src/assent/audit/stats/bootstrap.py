"""Seeded bootstraps. Every interval here is of 95 % and repeats with its seed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import stats

RESAMPLES = 2000
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def percentiles(draws: Floats, units: int) -> tuple[float, float]:
    """Return the interval that the draws span, widened for few units.

    The expanded percentile interval of Hesterberg (2015): a bootstrap of n units is too narrow by
    sqrt((n-1)/n) and uses the normal where Student's t would be right.
    """
    if units < 2:
        return float("nan"), float("nan")
    reach = float(stats.t.ppf(0.975, units - 1)) * np.sqrt(units / (units - 1))
    low = float(stats.norm.cdf(-reach))
    draws = draws[np.isfinite(draws)]
    if not draws.size:
        return float("nan"), float("nan")
    found = np.quantile(draws, [low, 1 - low])
    return float(found[0]), float(found[1])


def resampled_weights(units: int, seed: int, resamples: int = RESAMPLES) -> Ints:
    """Return how often each unit is drawn, a row each resample: units with replacement."""
    dice = np.random.default_rng(seed)
    even = np.full(units, 1 / units)
    return dice.multinomial(units, even, size=resamples).astype(np.int64)


def ratio(top: Floats, bottom: Floats, seed: int) -> tuple[float, float]:
    """Return the interval of sum(top)/sum(bottom), resampling the units that both are sums of."""
    weights = resampled_weights(len(top), seed)
    with np.errstate(divide="ignore", invalid="ignore"):
        return percentiles((weights @ top) / (weights @ bottom), len(top))


def moving_blocks(units: int, length: int, seed: int, resamples: int = RESAMPLES) -> Ints:
    """Return indices of a circular block bootstrap (Politis and Romano 1992), a row each."""
    dice = np.random.default_rng(seed)
    starts = dice.integers(0, units, size=(resamples, -(-units // length)))
    places = (starts[:, :, None] + np.arange(length)) % units
    return places.reshape(resamples, -1)[:, :units]


def of_counts(
    values: Ints, copies: Ints, statistic: Callable[[Ints, Ints], Floats], seed: int
) -> tuple[float, float]:
    """Return the interval of a statistic of units that come as (value, how many have it).

    Drawing units with replacement is drawing copies from a multinomial, so that a million
    requesters cost no more than their few distinct counts. The interval is the bias-corrected and
    accelerated one of Efron (1987): a statistic of a long tail is drawn too low, since no resample
    has anybody more active than the sample, and its spread grows with it. Widened for few units as
    in `percentiles`.
    """
    units = int(copies.sum())
    if units < 2:
        return float("nan"), float("nan")
    dice = np.random.default_rng(seed)
    drawn = dice.multinomial(units, copies / units, size=RESAMPLES).astype(np.int64)
    draws = statistic(values, drawn)
    draws = draws[np.isfinite(draws)]
    if not draws.size:
        return float("nan"), float("nan")
    low, high = _corrected(draws, float(statistic(values, copies)), units,
                           _acceleration(values, copies, statistic))  # fmt: skip
    found = np.quantile(draws, [low, high])
    return float(found[0]), float(found[1])


def _corrected(
    draws: Floats, estimate: float, units: int, acceleration: float
) -> tuple[float, float]:
    """Which quantiles of the draws are the ends: Efron's formula, with Student's t for few."""
    below = (np.sum(draws < estimate) + np.sum(draws == estimate) / 2) / draws.size
    bias = float(stats.norm.ppf(np.clip(below, 1 / RESAMPLES, 1 - 1 / RESAMPLES)))
    reach = float(stats.t.ppf(0.975, units - 1)) * np.sqrt(units / (units - 1))
    ends = (bias + z for z in (-reach, reach))
    low, high = (float(stats.norm.cdf(bias + z / (1 - acceleration * z))) for z in ends)
    return (low, high) if low < high else (float(stats.norm.cdf(-reach)), 1.0)


def _acceleration(values: Ints, copies: Ints, statistic: Callable[[Ints, Ints], Floats]) -> float:
    """How the spread grows with the statistic: the skewness of leaving each unit out once. Units
    with one value are alike, so one of each is left out and counts for all of them."""
    there = np.flatnonzero(copies)
    without = np.repeat(copies[None, :], len(there), axis=0)
    without[np.arange(len(there)), there] -= 1
    left, many = statistic(values, without), copies[there]
    apart = (many * left).sum() / many.sum() - left
    spread = float((many * apart**2).sum())
    if not np.isfinite(spread) or spread == 0:
        return 0.0
    return float((many * apart**3).sum() / (6 * spread**1.5))
