"""From raw rows to canonical columns: what cannot be read is counted, never silently dropped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import polars as pl

from assent.audit.mapping import Wishes
from assent.audit.schema import BY_NAME, COLUMNS, Column, Holds, recognise
from assent.audit.sources.batch import ROW, Batch
from assent.audit.terms import Fault, SourceError
from assent.audit.values import BEGINNING, DTYPES, READ, SAYS

UNKNOWN = "unknown"  # a rating that nobody can read, unlike an empty one
LISTED = 100  # faults that are listed one by one; all are counted


@dataclass(slots=True)
class Log:
    """What was read and what was wrong with it."""

    rows: int = 0
    dropped: int = 0
    faults: list[Fault] = field(default_factory=list)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    columns: dict[str, str] = field(default_factory=dict)
    unknown: dict[str, None] = field(default_factory=dict)

    def add(self, fault: Fault) -> None:
        """Count a fault, and list it while the list is short."""
        self.counts[fault.file, fault.why] += 1
        self.dropped += fault.dropped
        if len(self.faults) < LISTED:
            self.faults.append(fault)


@dataclass(frozen=True, slots=True)
class Cleaner:
    """Turns batches into frames with every canonical column, null where the source has none."""

    wishes: Wishes
    at: datetime
    log: Log

    def clean(self, batch: Batch) -> pl.DataFrame:
        """Return the canonical frame of a batch. Raise SourceError where no column is known."""
        for fault in batch.faults:
            self.log.add(fault)
        if not batch.rows.height:
            return _empty()
        found = self._recognised(batch)
        rows = self._chosen(batch)
        out = [rows[ROW].cast(pl.UInt32).rename(ROW)]
        for column in COLUMNS:
            raw = rows[found[column.name]] if column.name in found else None
            out.append(self._column(batch.file, rows, column, raw))
        unknown = [n for n in rows.columns if n not in found.values() and n != ROW]
        extra = [rows[name].rename(f"extra:{name}") for name in unknown]
        return self._with_id(pl.DataFrame([*out, *extra]), batch.file)

    def _recognised(self, batch: Batch) -> dict[str, str]:
        names = [name for name in batch.rows.columns if name != ROW]
        found = recognise(names, self.wishes.columns)
        for canonical, name in self.wishes.columns.items():
            if name not in names and batch.rows.height and canonical == "id":
                raise SourceError(f'{batch.file} has no column "{name}", which the mapping names')
        if "id" not in found and "id" not in self.log.columns:
            shown = ", ".join(f'"{name}"' for name in names[:8])
            raise SourceError(
                f"{batch.file} has no column that could be the id (it has {shown}); a mapping file"
                " can say which column is what, and the delimiter must be , ; tab or |"
            )
        self.log.columns.update(found)
        self.log.unknown.update(dict.fromkeys(n for n in names if n not in found.values()))
        return found

    def _chosen(self, batch: Batch) -> pl.DataFrame:
        rows = batch.rows
        for name, value in self.wishes.only.items():
            if name in rows.columns:
                rows = rows.filter(pl.col(name).cast(pl.String) == value)
        return rows

    def _column(
        self, file: str, rows: pl.DataFrame, column: Column, raw: pl.Series | None
    ) -> pl.Series:
        if raw is None or raw.dtype == pl.Null:
            return pl.Series(column.name, [None], DTYPES[column.holds]).new_from_index(
                0, rows.height
            )
        raw = self._renamed(column.name, raw)
        read = READ[column.holds](raw).rename(column.name)
        if column.holds in SAYS:
            blank = raw.is_null()
            if raw.dtype == pl.String:
                blank = raw.str.strip_chars().eq_missing("") | blank
            wrong = read.is_null() & ~blank
            self._complain(file, rows, wrong, f'"{raw.name}" {SAYS[column.holds]}')
            if column.holds is Holds.RATING and wrong.any():
                read = read.set(wrong, UNKNOWN)  # an empty cell says something: no image
        return self._possible(file, rows, read, raw.name) if column.holds is Holds.TIME else read

    def _renamed(self, name: str, raw: pl.Series) -> pl.Series:
        values: Mapping[str, str] | None = self.wishes.values.get(name)
        if values is None:
            return raw
        text = READ[Holds.TEXT](raw)
        return text.str.to_lowercase().replace_strict(
            list(values), list(values.values()), default=text
        )

    def _possible(self, file: str, rows: pl.DataFrame, read: pl.Series, name: str) -> pl.Series:
        """Times as they can be: not in the future, and not before there was such a thing."""
        limit = self.at + timedelta(days=1)
        future = pl.Series([False]).new_from_index(0, len(read))
        if read.name not in ("deadline",):
            future = (read > limit).fill_null(value=False)
        self._complain(file, rows, future, f'"{name}" is in the future')
        early = (read < BEGINNING).fill_null(value=False)
        self._complain(file, rows, early, f'"{name}" is before {BEGINNING.year}')
        return read.set(future | early, None) if (future | early).any() else read

    def _complain(self, file: str, rows: pl.DataFrame, wrong: pl.Series, why: str) -> None:
        if not wrong.any():
            return
        numbers = rows[ROW].filter(wrong.fill_null(value=False)).to_list()
        for number in numbers:
            self.log.add(Fault(file, number, why, dropped=False))

    def _with_id(self, frame: pl.DataFrame, file: str) -> pl.DataFrame:
        nameless = frame["id"].is_null()
        for number in frame[ROW].filter(nameless).to_list():
            self.log.add(Fault(file, number, "the record has no id"))
        return frame.filter(~nameless) if nameless.any() else frame


def _empty() -> pl.DataFrame:
    schema: dict[str, pl.DataType] = {ROW: pl.UInt32()}
    return pl.DataFrame(schema=schema | {c.name: DTYPES[c.holds] for c in BY_NAME.values()})
