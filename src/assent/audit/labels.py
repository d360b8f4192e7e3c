"""Labels from files beside the source, joined to its records by their id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from assent.audit.clean import Cleaner
from assent.audit.schema import COLUMNS
from assent.audit.sources.batch import Reading, SourceFile
from assent.audit.sources.find import batches

_NAMES = [column.name for column in COLUMNS if column.name != "id"]


@dataclass(frozen=True, slots=True)
class Labels:
    """One row an id, with the canonical columns that some label file has."""

    rows: pl.DataFrame | None = None

    @classmethod
    def read(cls, files: Sequence[SourceFile], cleaner: Cleaner, reading: Reading) -> Labels:
        """Return the labels of several files. A later file beats an earlier one, cell by cell; the
        ratings of several images of one record are kept together."""
        parts = [cleaner.clean(batch) for source in files for batch in batches(source, reading)]
        parts = [part for part in parts if part.height]
        if not parts:
            return cls()
        whole = pl.concat([part.select("id", *_NAMES) for part in parts])
        names = [name for name in _NAMES if whole[name].null_count() < whole.height]
        return cls(whole.group_by("id", maintain_order=True).agg(map(_agreed, names)))

    def attach(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return records with their labels, which beat what the records say themselves."""
        if self.rows is None:
            return frame
        names = [name for name in self.rows.columns if name != "id"]
        joined = frame.join(self.rows, on="id", how="left", suffix=":label", maintain_order="left")
        merged = [pl.coalesce(f"{name}:label", name).alias(name) for name in names]
        return joined.with_columns(merged).drop(f"{name}:label" for name in names)


def _agreed(name: str) -> pl.Expr:
    told = pl.col(name).drop_nulls()
    if name != "rating":
        return told.last()
    levels = told.str.split("|").explode().unique().sort()
    return pl.when(told.len() > 0).then(levels.str.join("|")).otherwise(None)
