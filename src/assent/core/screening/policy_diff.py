"""What changed between two policy versions, in sentences that a policy officer can check."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assent.core.screening.policy import Policy, Rule


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: `how` is added, removed, changed or moved; `what` names a rule, a threshold
    or the start; the two texts are what each version says."""

    how: str
    what: str
    before: str
    after: str


def diff(before: Policy, after: Policy) -> tuple[Change, ...]:
    """Return every difference that can change a verdict or a sentence: the start, thresholds, rules
    by id, and rules whose place in the order changed."""
    return (*_numbers(before, after), *_rules(before, after), *_order(before, after))


def _numbers(before: Policy, after: Policy) -> Iterator[Change]:
    pairs = (
        ("start", before.starts_at.isoformat(), after.starts_at.isoformat()),
        ("threshold possible", f"{before.possible:g}", f"{after.possible:g}"),
        ("threshold likely", f"{before.likely:g}", f"{after.likely:g}"),
    )
    for what, was, becomes in pairs:
        if was != becomes:
            yield Change("changed", what, was, becomes)


def _rules(before: Policy, after: Policy) -> Iterator[Change]:
    old = {rule.id: rule for rule in before.rules}
    new = {rule.id: rule for rule in after.rules}
    for rule_id in [*old, *(name for name in new if name not in old)]:
        was, becomes = old.get(rule_id), new.get(rule_id)
        if was != becomes:
            how = "added" if was is None else "removed" if becomes is None else "changed"
            yield Change(how, f"rule {rule_id}", told(was), told(becomes))


def _order(before: Policy, after: Policy) -> Iterator[Change]:
    """The first rule that fits decides, so that the order is part of the rules."""
    old = [rule.id for rule in before.rules]
    new = [rule.id for rule in after.rules]
    kept_old = [name for name in old if name in new]
    kept_new = [name for name in new if name in old]
    if kept_old != kept_new:
        yield Change("moved", "order of the rules", " › ".join(kept_old), " › ".join(kept_new))


def told(rule: Rule | None) -> str:
    """Return a rule as one sentence; empty for none."""
    if rule is None:
        return ""
    parts = [f"{name} is {_either(values)}" for name, values in sorted(rule.when.items())]
    parts += [f"a signal is {_either(rule.signals)}"] if rule.signals else []
    when = " and ".join(parts) or "always"
    return f"{when}: {rule.outcome} ({rule.code}): “{rule.sentence}”"


def _either(values: frozenset[object] | frozenset[str]) -> str:
    return " or ".join(sorted(str(value) for value in values))
