"""Reads Parquet, a batch of rows at a time."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from assent.audit.sources.batch import ROW, Batch, Reading, SourceFile
from assent.audit.sources.compress import opened
from assent.audit.terms import SourceError


def read(source: SourceFile, reading: Reading) -> Iterator[Batch]:
    """Yield the rows of a Parquet file."""
    try:
        lazy = pl.scan_parquet(source.path)
        height = int(lazy.select(pl.len()).collect().item())
    except pl.exceptions.PolarsError as error:
        raise SourceError(f"{source.name} is not a sound Parquet file") from error
    with opened(source, reading):  # for its fingerprint
        pass
    for start in range(0, height, reading.batch_rows):
        try:
            rows = lazy.slice(start, reading.batch_rows).collect()
        except pl.exceptions.PolarsError as error:
            raise SourceError(f"{source.name} is not a sound Parquet file") from error
        yield Batch(source.name, rows.with_row_index(ROW, start + 1))
