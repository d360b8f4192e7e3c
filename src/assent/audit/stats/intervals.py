"""Intervals of shares and tests between them, by scipy."""

from __future__ import annotations

import numpy as np
from scipy import stats

LEVEL = 0.95


def wilson(count: int, base: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share (Wilson 1927)."""
    found = stats.binomtest(count, base).proportion_ci(LEVEL, method="wilson")
    return float(found.low), float(found.high)


def fisher(first: tuple[int, int], second: tuple[int, int]) -> float:
    """Return the exact two-sided p of two shares, each given as (yes, no)."""
    return float(stats.fisher_exact([first, second]).pvalue)


def mcnemar(only_first: int, only_second: int) -> float:
    """Return the exact p of McNemar's test: do two judges of the same items differ?"""
    pairs = only_first + only_second
    return float(stats.binomtest(only_first, pairs, 0.5).pvalue) if pairs else 1.0


def difference(first: tuple[int, int], second: tuple[int, int]) -> tuple[float, float, float]:
    """Return first share - second share with its interval; each given as (count, base).

    Newcombe's hybrid of the two Wilson intervals (Newcombe 1998, method 10).
    """
    (a, m), (b, n) = first, second
    p, q = a / m, b / n
    (low_p, high_p), (low_q, high_q) = wilson(a, m), wilson(b, n)
    down = float(np.hypot(p - low_p, high_q - q))
    up = float(np.hypot(high_p - p, q - low_q))
    return p - q, p - q - down, p - q + up
