"""What every measure is made from: tables, seed, and the two shapes of an answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from assent.audit.label.coded import Coded
from assent.audit.stats.intervals import wilson
from assent.audit.tally import Table
from assent.audit.terms import Measure

GROUPS: Mapping[str, str] = {"all": "all", "sfw": "SFW", "nsfw": "NSFW", "deepfake": "deepfake"}


@dataclass(frozen=True, slots=True)
class Facts:
    """The tally of a source, which columns it had, and the dates of bans to look at."""

    tables: Mapping[str, Table]
    present: Collection[str]
    seed: int
    at: datetime
    bans: tuple[datetime, ...] = ()
    block: int | None = None
    coded: Coded | None = None

    def has(self, *names: str) -> bool:
        """Return whether the source has all of these columns."""
        return all(name in self.present for name in names)


def share(name: str, label: str, count: int, base: int, of: str | None = None) -> Measure:
    """Return a share with its Wilson interval; the base must not be 0."""
    low, high = wilson(count, base)
    return Measure(name, label, count, base, count / base, low=low, high=high, of=of)


def value(
    name: str, label: str, found: float, low: float | None = None, high: float | None = None,
    of: str | None = None,
) -> Measure:  # fmt: skip
    """Return a value; what is not a number is None."""
    low, high = _number(low), _number(high)
    return Measure(name, label, value=_number(found), low=low, high=high, of=of)


def _number(found: float | None) -> float | None:
    return None if found is None or found != found else float(found)


def total(table: Table, where: pl.Expr | None = None) -> int:
    """Return how many rows of the source stand behind (part of) a table."""
    part = table if where is None else table.filter(where)
    return int(part["n"].sum())


def group(name: str, explicit: str = "explicit") -> pl.Expr:
    """Return which rows are of a group: all, sfw, nsfw or deepfake."""
    return {
        "all": pl.lit(value=True),
        "sfw": ~pl.col(explicit),
        "nsfw": pl.col(explicit),
        "deepfake": pl.col("likeness"),
    }[name]
