"""Checks of a policy before it is used: every case has a rule, and every rule has its case."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

from assent.core.screening.detectors import SIGNAL_NAMES
from assent.core.screening.policy import CONDITIONS, Policy, PolicyError, Rule

MAX_SIGNALS = 6  # named in one policy; each doubles the cases to look at


def check(policy: Policy) -> None:
    """Raise PolicyError naming the rule at fault; the cases are few enough to try them all."""
    if policy.possible >= policy.likely:
        raise PolicyError('thresholds: "possible" must be below "likely"')
    seen: set[str] = set()
    for rule in policy.rules:
        _check_rule(rule, seen)
    reached: set[str] = set()
    for facts, signals in _cases(policy):
        decided = next((rule.id for rule in policy.rules if rule.fits(facts, signals)), None)
        if decided is None:
            raise PolicyError(
                f"no rule decides when {_told(facts)}; end with one without conditions"
            )
        reached.add(decided)
    for rule in policy.rules:
        if rule.id not in reached:
            raise PolicyError(
                f'rule "{rule.id}" can never decide: earlier rules take all its cases'
            )


def _check_rule(rule: Rule, seen: set[str]) -> None:
    if rule.id in seen:
        raise PolicyError(f'rule "{rule.id}" is there twice')
    seen.add(rule.id)
    unknown = rule.signals - SIGNAL_NAMES
    if unknown:
        raise PolicyError(f'rule "{rule.id}": unknown signal {sorted(unknown)[0]!r}')
    for name, values in rule.when.items():
        if not values:
            raise PolicyError(f'rule "{rule.id}" contradicts itself: {name} may be nothing')


def _cases(policy: Policy) -> Iterator[tuple[Mapping[str, object], frozenset[str]]]:
    named = sorted({name for rule in policy.rules for name in rule.signals})
    if len(named) > MAX_SIGNALS:
        raise PolicyError(f"a policy may name {MAX_SIGNALS} signals, this one names {len(named)}")
    subsets = [
        frozenset(chosen)
        for size in range(len(named) + 1)
        for chosen in itertools.combinations(named, size)
    ]
    for values in itertools.product(*CONDITIONS.values()):
        facts = dict(zip(CONDITIONS, values, strict=True))
        for signals in subsets:
            yield facts, signals


def _told(facts: Mapping[str, object]) -> str:
    return ", ".join(f"{name} is {value}" for name, value in facts.items())
