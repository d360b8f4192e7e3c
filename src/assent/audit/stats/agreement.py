"""How well two codings of the same items agree, from the table of their pairs."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import krippendorff
import numpy as np

from assent.audit.stats.bootstrap import RESAMPLES, Floats, Ints, percentiles


def _per_class(pairs: Floats) -> tuple[Floats, Floats, Floats]:
    """Agreed, first coder's and second coder's counts of each class: (..., class)."""
    agreed = np.diagonal(pairs, axis1=-2, axis2=-1)
    return agreed, pairs.sum(axis=-1), pairs.sum(axis=-2)


def accuracy(pairs: Floats) -> Floats:
    """Return the share of items on which both say the same. `pairs` is (..., first, second)."""
    found: Floats = _per_class(pairs)[0].sum(axis=-1) / pairs.sum(axis=(-2, -1))
    return found


def kappa(pairs: Floats) -> Floats:
    """Return Cohen's kappa (1960); not a number where both only ever use one class."""
    n = pairs.sum(axis=(-2, -1))
    _, first, second = _per_class(pairs)
    chance = (first * second).sum(axis=-1) / n**2
    found: Floats = (accuracy(pairs) - chance) / (1 - chance)
    return found


def mcc(pairs: Floats) -> Floats:
    """Return the Matthews correlation, for any number of classes (Gorodkin 2004)."""
    n = pairs.sum(axis=(-2, -1))
    agreed, first, second = _per_class(pairs)
    top = agreed.sum(axis=-1) * n - (first * second).sum(axis=-1)
    spread = (n**2 - (first**2).sum(axis=-1)) * (n**2 - (second**2).sum(axis=-1))
    found: Floats = top / np.sqrt(spread)
    return found


def f1(pairs: Floats) -> Floats:
    """Return F1 of each class: (..., class); 0 where a class is never agreed on."""
    agreed, first, second = _per_class(pairs)
    both = first + second
    found: Floats = np.where(both > 0, 2 * agreed / np.where(both > 0, both, 1), 0.0)
    return found


def macro_f1(pairs: Floats) -> Floats:
    """Return the mean of F1 over the classes that either coder uses."""
    used = (pairs.sum(axis=-1) + pairs.sum(axis=-2)) > 0
    found: Floats = (f1(pairs) * used).sum(axis=-1) / used.sum(axis=-1)
    return found


def weighted_f1(pairs: Floats) -> Floats:
    """Return the mean of F1, weighted by the first coder's counts: the human one's."""
    first = pairs.sum(axis=-1)
    found: Floats = (f1(pairs) * first).sum(axis=-1) / first.sum(axis=-1)
    return found


def alpha(pairs: Floats) -> Floats:
    """Return Krippendorff's nominal alpha of two coders without gaps, for many tables at once.

    With coincidences o = pairs + pairsᵀ, N = Σ o: 1 - (N - 1)·Σ_{c≠k} o_ck / Σ_{c≠k} o_c·o_k.
    """
    both = pairs + np.swapaxes(pairs, -1, -2)
    per = both.sum(axis=-1)
    n = per.sum(axis=-1)
    apart = n - np.diagonal(both, axis1=-2, axis2=-1).sum(axis=-1)
    chance = n**2 - (per**2).sum(axis=-1)
    found: Floats = 1 - (n - 1) * apart / chance
    return found


def alpha_of_coders(codings: Ints) -> float:
    """Return Krippendorff's nominal alpha of any number of coders: (coder, item), -1 a gap."""
    if len(np.unique(codings[codings >= 0])) < 2:
        return float("nan")
    data = np.where(codings < 0, np.nan, codings.astype(np.float64))
    return float(krippendorff.alpha(reliability_data=data, level_of_measurement="nominal"))


STATISTICS: Mapping[str, Callable[[Floats], Floats]] = {
    "kappa": kappa, "mcc": mcc, "accuracy": accuracy, "alpha": alpha,
    "macro_f1": macro_f1, "weighted_f1": weighted_f1,
}  # fmt: skip


def with_intervals(pairs: Ints, seed: int) -> dict[str, tuple[float, float, float]]:
    """Return every statistic with its interval, resampling items: (estimate, low, high)."""
    n, drawn = _redrawn(pairs, seed)
    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            name: (float(of(pairs.astype(np.float64))), *percentiles(of(drawn), n))
            for name, of in STATISTICS.items()
        }


def f1_intervals(pairs: Ints, seed: int) -> list[tuple[float, float, float]]:
    """Return F1 of each class with its interval."""
    n, drawn = _redrawn(pairs, seed)
    draws = f1(drawn)
    point = f1(pairs.astype(np.float64))
    return [(float(point[k]), *percentiles(draws[:, k], n)) for k in range(len(pairs))]


def _redrawn(pairs: Ints, seed: int) -> tuple[int, Floats]:
    """How many items there are, and the table of as many drawn with replacement, often."""
    n = int(pairs.sum())
    drawn = np.random.default_rng(seed).multinomial(n, (pairs / n).ravel(), size=RESAMPLES)
    return n, drawn.reshape(-1, *pairs.shape).astype(np.float64)
