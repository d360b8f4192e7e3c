"""A policy version: thresholds and ordered rules, as data that is checked before it is used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from assent.core.terms import Outcome, Rating, SubjectKind

LEVELS = ("none", "possible", "likely")
CONDITIONS: Mapping[str, tuple[object, ...]] = {
    "likeness": LEVELS,
    "subject_kind": tuple(kind.value for kind in SubjectKind),
    "rating": tuple(rating.value for rating in Rating),
    "minor_risk": (False, True),
    "consent_claimed": (False, True),
}


class PolicyError(ValueError):
    """A policy that cannot be used; the message names the rule at fault."""


@dataclass(frozen=True, slots=True)
class Rule:
    """When every condition holds (and a listed signal is there, if any is listed), this decides."""

    id: str
    when: Mapping[str, frozenset[object]]
    signals: frozenset[str]
    outcome: Outcome
    code: str
    sentence: str

    def fits(self, facts: Mapping[str, object], signals: frozenset[str]) -> bool:
        """Whether the rule decides a submission with these facts and signals."""
        if self.signals and self.signals.isdisjoint(signals):
            return False
        return all(facts[name] in values for name, values in self.when.items())


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of the rules, in force from a day on."""

    id: str
    starts_at: date
    possible: float
    likely: float
    rules: tuple[Rule, ...]

    def level(self, probability: float) -> str:
        """Return how likely a likeness is, in the words of the rules."""
        if probability >= self.likely:
            return "likely"
        return "possible" if probability >= self.possible else "none"

    def first(self, facts: Mapping[str, object], signals: frozenset[str]) -> Rule:
        """Return the rule that decides; loading made sure that there is one."""
        return next(rule for rule in self.rules if rule.fits(facts, signals))
