"""Are two files the same work?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from assent.core.fingerprints.look import Look
from assent.core.fingerprints.pdq import BITS, NEAR
from assent.core.fingerprints.pictures import PicturePrint, picture_distance
from assent.core.fingerprints.relation import Likeness, Relation, compare_prints


@dataclass(frozen=True, slots=True)
class Comparison:
    """The first file `relation` the second, as in "A contains B". `similarity` is from -1 (the
    same, turned round) to 1; `chance`, the false-positive rate, bounds how often two unrelated
    works would be as alike. `basis` says what was compared."""

    relation: Relation
    similarity: float
    chance: float
    basis: str
    compared: int = 0
    matched: tuple[str, ...] = ()
    details: Mapping[str, object] = field(default_factory=dict)

    def as_record(self) -> dict[str, object]:
        """The comparison as JSON, without the names of the files."""
        return {
            "relation": self.relation.value,
            "similarity": self.similarity,
            "false_positive_rate": self.chance,
            "modules_compared": self.compared,
            "modules_matched": len(self.matched),
            "basis": self.basis,
            "matched": list(self.matched),
            **self.details,
        }


class CannotCompare(Exception):  # noqa: N818 - an expected finding, not one of our bugs
    """Two files that nothing says anything about; the text is a sentence."""


def compare_looks(a: Look, b: Look) -> Comparison:
    """Compare two files that were looked at under one key; CannotCompare where nothing can."""
    for basis in ("sha256", "tensor_hash"):
        left, right = getattr(a.facts.hashes, basis), getattr(b.facts.hashes, basis)
        if left is not None and left == right:
            modules = a.weights.names if a.weights else ()
            return Comparison(Relation.SAME, 1.0, 0.0, basis, len(modules), modules)
    if a.weights is not None and b.weights is not None:
        return _of_weights(a, compare_prints(a.weights, b.weights))
    if a.picture is not None and b.picture is not None:
        return _of_pictures(a.picture, b.picture)
    if a.facts.format.is_image != b.facts.format.is_image:
        return Comparison(Relation.UNRELATED, 0.0, 1.0, "format")
    raise CannotCompare(
        "These are different files, and no fingerprint can be made of at least one of them: it "
        "holds no weight update (LoRA, LoHa, LoKr or full difference) that Assent can read."
    )


def _of_pictures(a: PicturePrint, b: PicturePrint) -> Comparison:
    """A match is up to 31 of 256 bits, in any of eight positions; half of them differ by chance."""
    found = picture_distance(a, b)
    if found is None:
        raise CannotCompare(
            "At least one of these pictures is too plain to have a fingerprint that means anything."
        )
    ways = sum(math.comb(BITS, bits) for bits in range(found + 1))
    return Comparison(
        Relation.SAME if found <= NEAR else Relation.UNRELATED,
        round(max(0.0, 1 - found / (BITS / 2)), 4),
        min(1.0, max(1e-12, 8 * ways / 2**BITS)),
        "picture",
        details={"bits_apart": found},
    )


def _of_weights(a: Look, found: Likeness) -> Comparison:
    assert a.weights is not None
    return Comparison(
        found.relation,
        found.similarity,
        found.chance,
        "weights",
        found.compared,
        tuple(a.weights.names[i] for i in found.matched),
        {"merge_weight": found.merge_weight, "weak": found.weak},
    )
