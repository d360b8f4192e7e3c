"""A mapping file: what the columns and values of an export are called, where we cannot know."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assent.audit.schema import BY_NAME
from assent.audit.terms import SourceError


@dataclass(frozen=True, slots=True)
class Wishes:
    """`columns`: canonical name -> the source's name. `values`: canonical name -> value -> value.
    `only`: the source's name -> the one value that its rows must have."""

    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    only: Mapping[str, str] = field(default_factory=dict)


def parse_mapping(text: str) -> Wishes:
    """Return the mapping written in TOML, or raise SourceError naming what is wrong with it."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SourceError(f"the mapping is not TOML: {error}") from error
    strange = sorted(set(data) - {"columns", "values", "only"})
    if strange:
        raise SourceError(f"the mapping has an unknown table: [{strange[0]}]")
    columns, values = _table(data, "columns"), _table(data, "values")
    for name in (*columns, *values):
        if name not in BY_NAME:
            raise SourceError(f'the mapping names an unknown column: "{name}"')
    return Wishes(
        {name: str(value) for name, value in columns.items()},
        {name: _texts(values, name) for name in values},
        {name: str(value) for name, value in _table(data, "only").items()},
    )


def _table(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = data.get(name, {})
    if not isinstance(value, dict):
        raise SourceError(f"the mapping's [{name}] must be a table")
    return value


def _texts(data: Mapping[str, Any], name: str) -> dict[str, str]:
    return {key.strip().lower(): str(value) for key, value in _table(data, name).items()}
