"""Reads policy versions: from TOML, checked before anything uses them, and those that ship."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from assent.core.screening.policy import CONDITIONS, Policy, PolicyError, Rule
from assent.core.screening.policy_check import check
from assent.core.screening.tables import data_names, data_text
from assent.core.terms import Outcome


def parse_policy(text: str) -> Policy:
    """Return the policy written in TOML, or raise PolicyError saying what is wrong with it."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"the policy is not TOML: {error}") from error
    sentences = _table(data, "sentences")
    thresholds = _table(data, "thresholds")
    written = data.get("rules")
    if not isinstance(written, list) or not written:
        raise PolicyError("the policy has no rules")
    policy = Policy(
        _text(data, "id", "policy"),
        _day(data),
        _share(thresholds, "possible"),
        _share(thresholds, "likely"),
        tuple(_rule(rule, at, sentences) for at, rule in enumerate(written)),
    )
    check(policy)
    return policy


def _table(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = data.get(name)
    if not isinstance(value, dict):
        raise PolicyError(f"the policy has no table [{name}]")
    return value


def _text(data: Mapping[str, Any], name: str, where: str) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not value:
        raise PolicyError(f'{where}: "{name}" must be a text')
    return value


def _day(data: Mapping[str, Any]) -> date:
    value = data.get("starts_at")
    if type(value) is not date:
        raise PolicyError('policy: "starts_at" must be a date such as 2026-01-01')
    return value


def _share(data: Mapping[str, Any], name: str) -> float:
    value = data.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 1:
        raise PolicyError(f'thresholds: "{name}" must be a number above 0 and at most 1')
    return float(value)


def _rule(data: object, at: int, sentences: Mapping[str, Any]) -> Rule:
    if not isinstance(data, dict):
        raise PolicyError(f"rule {at + 1} is not a table")
    name = _text(data, "id", f"rule {at + 1}")
    where = f'rule "{name}"'
    unknown = set(data) - {"id", "when", "signals", "outcome", "code", "sentence"}
    if unknown:
        raise PolicyError(f"{where}: unknown entry {sorted(unknown)[0]!r}")
    code = _text(data, "code", where)
    spoken = data.get("sentence", code)
    if not isinstance(sentences.get(spoken), str):
        raise PolicyError(f"{where}: no sentence {spoken!r}")
    try:
        outcome = Outcome(_text(data, "outcome", where))
    except ValueError as error:
        raise PolicyError(f"{where}: outcome must be allow, review or refuse") from error
    signals = _texts(data.get("signals", []), where)
    return Rule(name, _when(data.get("when"), where), signals, outcome, code, sentences[spoken])


def _texts(value: object, where: str) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise PolicyError(f'{where}: "signals" must be a list of names')
    return frozenset(value)


def _when(value: object, where: str) -> Mapping[str, frozenset[object]]:
    if not isinstance(value, dict):
        raise PolicyError(f'{where}: "when" must be a table')
    return {name: _values(name, wanted, where) for name, wanted in value.items()}


def _values(name: str, wanted: object, where: str) -> frozenset[object]:
    if name not in CONDITIONS:
        raise PolicyError(f"{where}: unknown condition {name!r}")
    values: Sequence[object] = wanted if isinstance(wanted, list) else [wanted]
    for value in values:
        if not any(value == known and type(value) is type(known) for known in CONDITIONS[name]):
            raise PolicyError(f"{where}: {name} cannot be {value!r}")
    return frozenset(values)


@cache
def shipped_policies() -> tuple[Policy, ...]:
    """Return the policies that come with Assent, oldest first."""
    found = [parse_policy(data_text("policies", name)) for name in data_names("policies")]
    return tuple(sorted(found, key=lambda policy: policy.starts_at))


def default_policy() -> Policy:
    """Return the newest policy that comes with Assent."""
    return shipped_policies()[-1]
