"""What every reader yields."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from assent.audit.terms import Fault

ROW = "__row"  # the number of a record in its file, counted from 1


@dataclass(frozen=True, slots=True)
class Batch:
    """Raw rows of one file, with their numbers in the column ROW, and what is wrong with others."""

    file: str
    rows: pl.DataFrame
    faults: tuple[Fault, ...] = ()


@dataclass(slots=True)
class Reading:
    """How a source is read, and what was learned on the way."""

    on_bytes: Callable[[int], object] = lambda count: None
    batch_bytes: int = 1 << 24
    batch_rows: int = 200_000
    digests: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of a source: `name` is its path inside the source, as reports show it."""

    path: Path
    name: str
