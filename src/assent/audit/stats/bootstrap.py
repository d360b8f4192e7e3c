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
    requesters cost no more than their few distinct counts.
    """
    units = int(copies.sum())
    dice = np.random.default_rng(seed)
    drawn = dice.multinomial(units, copies / units, size=RESAMPLES).astype(np.int64)
    return percentiles(statistic(values, drawn), units)
