"""All detectors, in the order in which they look. Each lives in a file of its own."""

from __future__ import annotations

from types import ModuleType

from assent.core.screening.detectors import (
    benign,
    consent_claim,
    described,
    handles,
    known_names,
    likeness,
    minors,
    own_face,
    protected,
    rating,
    relation,
    split_names,
    unlisted,
)
from assent.core.screening.detectors.base import Detector, Example
from assent.core.screening.weigh import ADJUDICATED, LEARNED

_MODULES: tuple[ModuleType, ...] = (
    known_names, protected, split_names, handles, relation, own_face, unlisted, described,
    likeness, consent_claim, minors, rating, benign,
)  # fmt: skip

DETECTORS: tuple[Detector, ...] = tuple(
    Detector(module.__name__.rpartition(".")[2], module.SIGNALS, module.detect, module.examples)
    for module in _MODULES
)

SIGNAL_NAMES: frozenset[str] = frozenset(
    name for detector in DETECTORS for name in detector.signals
) | {LEARNED, ADJUDICATED}

__all__ = ["DETECTORS", "SIGNAL_NAMES", "Detector", "Example"]
