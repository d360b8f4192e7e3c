"""Are two works the same? Scores of fingerprints, and the tiers that follow from them.

The thresholds are those at which no pair of models of different people passed, measured on models
trained from the same start. They find copies of weights; they do not recognise people.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from assent.core.fingerprints.weights import KEPT, WeightPrint

SAME, DERIVED, WEAK = 0.70, 0.35, 0.15
MODULE_MATCH = 0.8
MODULES_MATCHED = 4
# Chance that two unrelated modules match: a random direction in 32 dimensions, P(|c| > 0.8).
_MODULE_CHANCE = 1.5e-6
_LEAST_CHANCE = 1e-12  # no measurement reaches below; the tails of a formula are not evidence


class Relation(StrEnum):
    """What the first work is to the second."""

    SAME = "same"
    DERIVED = "derived"
    CONTAINS = "contains"
    CONTAINED = "contained"
    UNRELATED = "unrelated"


@dataclass(frozen=True, slots=True)
class Likeness:
    """How two models compare. `similarity` is a cosine from -1 (negated) to 1; `chance` bounds how
    often two unrelated models would score as high; `merge_weight` is how much of the first is in
    the second. `matched` are the indices, in the first, of the modules that are the same."""

    relation: Relation
    similarity: float
    chance: float
    compared: int
    matched: tuple[int, ...]
    merge_weight: float
    weak: bool


def compare_prints(a: WeightPrint, b: WeightPrint) -> Likeness:
    """Compare two fingerprints made under one key."""
    _, in_a, in_b = np.intersect1d(a.hashes, b.hashes, return_indices=True)
    left, right = _directions(a.codes[in_a]), _directions(b.codes[in_b])
    cosines = np.einsum("mk,mk->m", left, right)
    total = float(cosines.sum())
    of_a, of_b = total / max(1, a.modules), total / max(1, b.modules)
    matched = np.flatnonzero(np.abs(cosines) > MODULE_MATCH)
    relation = _relation(of_a, of_b, len(matched), a.modules, b.modules)
    stronger = max(of_a, of_b, key=abs)
    score = of_a if relation is Relation.SAME else stronger
    return Likeness(
        relation=relation,
        similarity=round(max(-1.0, min(1.0, score)), 4),
        chance=_chance(stronger, min(a.modules, b.modules), len(matched), len(cosines)),
        compared=len(cosines),
        matched=tuple(int(i) for i in in_a[matched]),
        merge_weight=_merge_weight(left * a.norms[in_a, None], right * b.norms[in_b, None]),
        weak=relation is Relation.UNRELATED and abs(stronger) >= WEAK,
    )


def _relation(of_a: float, of_b: float, matched: int, all_a: int, all_b: int) -> Relation:
    """`of_a` is the mean cosine over the modules of A, those that B lacks counting as zero."""
    low, high = sorted((abs(of_a), abs(of_b)))
    if all_a < MODULES_MATCHED or all_b < MODULES_MATCHED:
        # Too few numbers for a mean: only modules that are the very same count.
        if matched and matched >= min(all_a, all_b):
            return _which_holds(all_a, all_b) if all_a != all_b else Relation.SAME
        return Relation.UNRELATED
    if low >= SAME:
        return Relation.SAME
    if matched >= MODULES_MATCHED and (high >= SAME or high < DERIVED):
        return _which_holds(all_a, all_b)
    return Relation.DERIVED if high >= DERIVED else Relation.UNRELATED


def _which_holds(all_a: int, all_b: int) -> Relation:
    return Relation.CONTAINS if all_a >= all_b else Relation.CONTAINED


def _directions(codes: npt.NDArray[np.int8]) -> npt.NDArray[np.float32]:
    wide = codes.astype(np.float32)
    sizes = np.linalg.norm(wide, axis=1, keepdims=True)
    return np.asarray(wide / np.maximum(sizes, 1e-9), np.float32)


def _merge_weight(left: npt.NDArray[np.float32], right: npt.NDArray[np.float32]) -> float:
    """Least squares: how many times the first is in the second."""
    size = float((left * left).sum())
    return round(float((left * right).sum()) / size, 4) if size > 0 else 0.0


def _chance(score: float, modules: int, matched: int, compared: int) -> float:
    """Mean cosines of unrelated models are normal with deviation 1 / sqrt(32 M); matched modules
    are a Poisson count. Either may speak, so the smaller counts twice."""
    by_mean = math.erfc(abs(score) * math.sqrt(KEPT * max(1, modules)) / math.sqrt(2))
    rate = compared * _MODULE_CHANCE
    by_count = min(1.0, rate**matched / math.factorial(min(matched, 20))) if matched else 1.0
    return min(1.0, max(_LEAST_CHANCE, 2 * min(by_mean, by_count)))


def hamming(a: bytes, b: bytes) -> int:
    """Return how many bits differ."""
    return (int.from_bytes(a) ^ int.from_bytes(b)).bit_count()
