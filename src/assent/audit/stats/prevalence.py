"""How many there really are, when a classifier that errs did the counting."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assent.audit.stats.bootstrap import Floats

DRAWS = 20_000


def corrected(
    flagged: int, unflagged: int, flagged_coded: tuple[int, int], unflagged_coded: tuple[int, int],
    seed: int,
) -> tuple[float, float, float]:  # fmt: skip
    """Return the true share with its interval, from hand codings of some of either class.

    `*_coded` are (truly so, not so) among the items that people looked at. The share is
    P(flagged)·P(true | flagged) + P(not)·P(true | not): post-stratification, which is right
    whatever the sampling fraction of either class was, where Rogan and Gladen's estimator (1978)
    needs error rates measured elsewhere. Each probability is drawn from its Jeffreys posterior.
    """
    share = flagged / (flagged + unflagged)
    precise, missed = _share(flagged_coded), _share(unflagged_coded)
    dice = np.random.default_rng(seed)
    p = dice.beta(flagged + 0.5, unflagged + 0.5, DRAWS)
    draws = p * _beta(dice, flagged_coded) + (1 - p) * _beta(dice, unflagged_coded)
    low, high = np.quantile(draws, [0.025, 0.975])
    return share * precise + (1 - share) * missed, float(low), float(high)


def rogan_gladen(
    flagged: int, unflagged: int, true_coded: tuple[int, int], false_coded: tuple[int, int],
    seed: int,
) -> tuple[float, float, float]:  # fmt: skip
    """Return the true share from error rates measured elsewhere (Rogan and Gladen 1978).

    `true_coded` are (flagged, missed) among truly such items, `false_coded` (flagged, passed)
    among the others. Kept inside [0, 1]; the interval by draws from Jeffreys posteriors.
    """
    dice = np.random.default_rng(seed)
    p = dice.beta(flagged + 0.5, unflagged + 0.5, DRAWS)
    draws = _rogan(p, _beta(dice, true_coded), _beta(dice, false_coded))
    low, high = np.quantile(draws, [0.025, 0.975])
    seen = np.array([flagged / (flagged + unflagged)])
    point = _rogan(seen, np.array([_share(true_coded)]), np.array([_share(false_coded)]))
    return float(point[0]), float(low), float(high)


def _rogan(p: Floats, sensitivity: Floats, false_rate: Floats) -> Floats:
    gap = sensitivity - false_rate
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = np.clip((p - false_rate) / np.where(gap > 0, gap, np.nan), 0, 1)
    return np.nan_to_num(found, nan=1.0)


def _share(coded: tuple[int, int]) -> float:
    return coded[0] / sum(coded) if sum(coded) else 0.0


def _beta(dice: np.random.Generator, coded: tuple[int, int]) -> Floats:
    return dice.beta(coded[0] + 0.5, coded[1] + 0.5, DRAWS)


def stratified(parts: Sequence[tuple[int, int, int]], seed: int) -> tuple[float, float, float]:
    """Return the true share over strata of known sizes, with its interval.

    Each stratum is (records in it, coded as truly so, coded as not so). Every stratum's share is
    drawn from its Jeffreys posterior and weighted with its size, so it does not matter how many
    were coded in which. With strata by the classifier's verdict this is `corrected`.
    """
    whole = sum(size for size, _, _ in parts)
    dice = np.random.default_rng(seed)
    draws = np.zeros(DRAWS)
    for size, yes, no in parts:
        draws += size / whole * _beta(dice, (yes, no))
    point = sum(size / whole * _share((yes, no)) for size, yes, no in parts)
    low, high = np.quantile(draws, [0.025, 0.975])
    return float(point), float(low), float(high)
