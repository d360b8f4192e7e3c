"""How few have how much: Gini coefficient and the share of the most active fifth."""

from __future__ import annotations

import numpy as np

from assent.audit.stats.bootstrap import Floats, Ints


def gini(values: Ints, copies: Ints) -> Floats:
    """Return G = 2·Σ i·x_i / (n·Σ x) - (n+1)/n with x ascending, without small-sample correction.

    `values` are distinct and ascending, `copies` how many units have each: (..., values). Units
    with one value share their ranks, whose sum is copies · (before + (copies + 1) / 2).
    """
    n = copies.sum(axis=-1)
    before = np.cumsum(copies, axis=-1) - copies
    ranks = copies * (before + (copies + 1) / 2)
    total = (copies * values).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = 2 * (ranks * values).sum(axis=-1) / (n * total) - (n + 1) / n
    return found


def top_share(values: Ints, copies: Ints, fifth: float = 0.2) -> Floats:
    """Return the share of all that the most active `fifth` has, by linear interpolation of the
    cumulative curve, the largest first."""
    many, high = copies[..., ::-1], values[::-1]
    wanted = fifth * many.sum(axis=-1, keepdims=True)
    before = np.cumsum(many, axis=-1) - many
    taken = np.clip(wanted - before, 0, many)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = (taken * high).sum(axis=-1) / (many * high).sum(axis=-1)
    return found


def curve(values: Ints, copies: Ints) -> tuple[Floats, Floats]:
    """Return (share of units, share of all they have), from the most active on, (0, 0) first."""
    many, high = copies[::-1], values[::-1]
    units = np.concatenate([[0.0], np.cumsum(many) / many.sum()])
    held = np.concatenate([[0.0], np.cumsum(many * high) / (many * high).sum()])
    return units, held
