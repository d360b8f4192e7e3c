"""Reads CSV: quickly where all is well, row by row where something is not."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import IO

import polars as pl

from assent.audit.schema import recognise
from assent.audit.sources.batch import ROW, Batch, Reading, SourceFile
from assent.audit.sources.compress import opened
from assent.audit.sources.lines import MAX_LINE, blocks, outside_quotes
from assent.audit.terms import Fault, SourceError

DELIMITERS = (",", ";", "\t", "|")
csv.field_size_limit(MAX_LINE)


def read(source: SourceFile, reading: Reading) -> Iterator[Batch]:
    """Yield the rows of a CSV file; the first row names the columns."""
    with opened(source, reading) as stream:
        cuts = blocks(stream, reading.batch_bytes, outside_quotes)
        block = next(cuts, b"")
        header, delimiter, block = _header(block, source.name)
        row = 0
        while True:
            batch, rows = _batch(source.name, block, row, header, delimiter)
            row += rows
            yield batch
            try:
                block = next(cuts)
            except StopIteration:
                return


def _header(block: bytes | None, name: str) -> tuple[list[str], str, bytes]:
    if block is None:
        raise SourceError(f"{name}: the first line is longer than {MAX_LINE >> 20} MB")
    line, _, rest = block.partition(b"\n")
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise SourceError(f"{name}: the first line is not UTF-8") from error
    delimiter = max(DELIMITERS, key=lambda mark: _fit(text, mark))
    header = next(csv.reader([text.rstrip("\r")], delimiter=delimiter), [])
    if not any(cell.strip() for cell in header):
        raise SourceError(f"{name} is empty: no line names the columns")
    twice = sorted({cell for cell in header if header.count(cell) > 1})
    if twice:
        raise SourceError(f"{name}: two columns have the same name: {', '.join(twice)}")
    return header, delimiter, rest


def _fit(text: str, delimiter: str) -> tuple[int, int]:
    names = next(csv.reader([text], delimiter=delimiter), [])
    return len(recognise(names, {})), len(names)


def _batch(
    file: str, block: bytes | None, before: int, header: Sequence[str], delimiter: str
) -> tuple[Batch, int]:
    if block is None:
        fault = Fault(file, before + 1, f"the row is longer than {MAX_LINE >> 20} MB")
        return Batch(file, pl.DataFrame(), (fault,)), 1
    quick = _quick(block, header, delimiter)
    if quick is not None:
        return Batch(file, quick.with_row_index(ROW, before + 1)), quick.height
    return _slow(file, block, before, header, delimiter)


def _quick(block: bytes, header: Sequence[str], delimiter: str) -> pl.DataFrame | None:
    """The rows of a block, or None where the slow way must look at them.

    The engine refuses a row with too many cells and fills one with too few, so the count of the
    delimiters tells whether every row is whole. It cannot where there are quotation marks, or
    lines that are empty.
    """
    if b'"' in block or not block.strip():
        return None
    lines = block.count(b"\n") + (not block.endswith(b"\n"))
    if block.count(delimiter.encode()) != lines * (len(header) - 1) or len(header) == 1:
        return None
    try:
        rows = pl.read_csv(
            block, has_header=False, new_columns=list(header), separator=delimiter,
            infer_schema=False, quote_char=None,
        )  # fmt: skip
    except pl.exceptions.PolarsError:
        return None
    return rows if rows.height == lines else None


def _slow(
    file: str, block: bytes, before: int, header: Sequence[str], delimiter: str
) -> tuple[Batch, int]:
    cells: list[list[str]] = [[] for _ in header]
    numbers: list[int] = []
    faults: list[Fault] = []
    row = before
    for line in _rows(block, delimiter):
        if line == []:
            continue
        row += 1
        why = _fault(line, len(header))
        if isinstance(line, str) or why:
            faults.append(Fault(file, row, why))
            continue
        numbers.append(row)
        for column, cell in zip(cells, line, strict=True):
            column.append(cell)
    series = [pl.Series(name, c, pl.String) for name, c in zip(header, cells, strict=True)]
    rows = pl.DataFrame([pl.Series(ROW, numbers, pl.UInt32), *series])
    return Batch(file, rows, tuple(faults)), row - before


def _rows(block: bytes, delimiter: str) -> Iterator[list[str] | str]:
    """Yield rows, and a sentence for one that cannot be read. `\\udc80`-`\\udcff` stand for bytes
    that are not UTF-8, so that one bad row does not spoil its neighbours."""
    text: IO[str] = io.StringIO(block.decode("utf-8", "surrogateescape"), newline="")
    reader = csv.reader(text, delimiter=delimiter)
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield f"the row cannot be read: {error}"


def _fault(line: list[str] | str, wanted: int) -> str:
    if isinstance(line, str):
        return line
    if len(line) != wanted:
        return f"the row has {len(line)} cells and not {wanted}"
    if any("\udc80" <= mark <= "\udcff" for cell in line if not cell.isascii() for mark in cell):
        return "the row is not UTF-8"
    return ""
