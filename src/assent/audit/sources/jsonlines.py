"""Reads JSON Lines: quickly where all is well, line by line where something is not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import polars as pl

from assent.audit.sources.batch import ROW, Batch, Reading, SourceFile
from assent.audit.sources.compress import opened
from assent.audit.sources.lines import MAX_LINE, blocks
from assent.audit.sources.nested import flat, is_nested
from assent.audit.terms import Fault

TOO_LONG = f"the line is longer than {MAX_LINE >> 20} MB"


def read(source: SourceFile, reading: Reading) -> Iterator[Batch]:
    """Yield the records of a file of JSON Lines."""
    row = 0
    with opened(source, reading) as stream:
        for block in blocks(stream, reading.batch_bytes):
            if block is None:
                row += 1
                yield Batch(source.name, pl.DataFrame(), (Fault(source.name, row, TOO_LONG),))
                continue
            batch, lines = _batch(source.name, block, row)
            row += lines
            yield batch


def _batch(file: str, block: bytes, before: int) -> tuple[Batch, int]:
    lines = block.count(b"\n") + (not block.endswith(b"\n"))
    quick = _quick(block)
    if quick is not None and quick.height == lines and not is_nested(quick.columns):
        return Batch(file, quick.with_row_index(ROW, before + 1)), lines
    return _slow(file, block, before), lines


def _quick(block: bytes) -> pl.DataFrame | None:
    """All columns of a block, or None where a line is not sound: the slow way says which."""
    try:
        # Every line is looked at: a sample would lose a column that only begins later.
        return pl.read_ndjson(block, infer_schema_length=None)
    except pl.exceptions.PolarsError:
        return None


def _slow(file: str, block: bytes, before: int) -> Batch:
    records: list[dict[str, Any]] = []
    faults: list[Fault] = []
    for row, line in enumerate(block.split(b"\n"), before + 1):
        if not line.strip():
            continue
        record, why = parse(line)
        if record is None:
            faults.append(Fault(file, row, why))
        else:
            records.append({**flat(record), ROW: row})
    return Batch(file, frame(records), tuple(faults))


def parse(line: bytes) -> tuple[dict[str, Any] | None, str]:
    """Return the object on a line, or None and why not."""
    if len(line) > MAX_LINE:
        return None, TOO_LONG
    try:
        record = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        return None, "the line is not UTF-8"
    except (ValueError, RecursionError):
        return None, "the line is not JSON"
    if not isinstance(record, dict):
        return None, "the line is not a JSON object"
    return record, ""


def frame(records: list[dict[str, Any]]) -> pl.DataFrame:
    """Return records as a frame of texts, so that values of different kinds can share a column."""
    names = list(dict.fromkeys(name for record in records for name in record if name != ROW))
    columns = {n: pl.Series(n, [_as_text(r.get(n)) for r in records], pl.String) for n in names}
    rows = pl.Series(ROW, [record[ROW] for record in records], pl.UInt32)
    return pl.DataFrame([rows, *columns.values()])


def _as_text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "|".join(_as_text(one) or "" for one in value)
    return json.dumps(value, ensure_ascii=False)
