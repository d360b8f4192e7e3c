"""Adding signals up, one question at a time."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from assent.core.screening.verdict import Signal
from assent.core.screening.weigh import FIRM, HARD, LEARNED, OPEN

OWNERS = {"known_name", "disguised_name", "possible_name", "unlisted_name", "lone_name"}
ABOUT_ALL = {"says_synthetic", "quotes_rules", "gives_credit"}
NO_LIKENESS = {"consent_claim", "explicit", "suggestive", "character", LEARNED}


def slow_probability(signals: Sequence[Signal]) -> float:
    """Return how likely it is that a likeness is asked for."""
    against = [s for s in signals if s.weight < 0 and s.name != LEARNED]
    overall = prod(1 + s.weight for s in against if s.name in ABOUT_ALL)
    focus = prod(1 + s.weight for s in against if s.name not in ABOUT_ALL)
    rest = {s.name for s in signals} - HARD - FIRM - OPEN
    doubt = 1 - slow_hard(signals)
    doubt *= 1 - overall * any_of(signals, set(FIRM))
    doubt *= 1 - overall * focus * any_of(signals, rest)
    moved = sum(s.weight for s in signals if s.name == LEARNED)
    return min(1.0, max(0.0, 1 - doubt + moved))


def slow_hard(signals: Sequence[Signal]) -> float:
    """Return the same from the clues that name somebody outright."""
    thing = prod(1 + s.weight for s in signals if s.name == "only_object" and s.weight < 0)
    sure = any_of(signals, (HARD - OWNERS) | OPEN)
    return 1 - (1 - sure) * (1 - thing * any_of(signals, HARD & OWNERS))


def any_of(signals: Sequence[Signal], names: set[str] | frozenset[str]) -> float:
    """The probability that at least one of the clues of these names holds, each name once."""
    doubt = 1.0
    for name in names - NO_LIKENESS:
        doubt *= 1 - max([0.0, *(s.weight for s in signals if s.name == name)])
    return 1 - doubt
