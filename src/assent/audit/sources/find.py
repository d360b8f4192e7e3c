"""Finds the files of a source, and a reader for each by its name, else by its first bytes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from assent.audit.sources import jsonlines, pages, parquet, tables
from assent.audit.sources.batch import Batch, Reading, SourceFile
from assent.audit.sources.compress import opened
from assent.audit.terms import SourceError

Reader = Callable[[SourceFile, Reading], Iterator[Batch]]

_READERS: dict[str, Reader] = {
    "csv": tables.read, "tsv": tables.read, "txt": tables.read,
    "jsonl": jsonlines.read, "ndjson": jsonlines.read,
    "json": pages.read, "parquet": parquet.read,
}  # fmt: skip
_PACKED = re.compile(r"\.(gz|zst|zstd)$", re.IGNORECASE)


def files(source: Path) -> list[SourceFile]:
    """Return the files of a source in the order of their names.

    In a folder, files whose names say no format (a README, a licence) are passed over.
    """
    if source.is_dir():
        inside = sorted(path for path in source.rglob("*") if path.is_file())
        found = [
            SourceFile(p, str(p.relative_to(source))) for p in inside if _ending(p) in _READERS
        ]
        if not found:
            raise SourceError(f"no CSV, JSON, JSON Lines or Parquet file in {source}")
        return found
    if not source.exists():
        raise SourceError(f"no such file or folder: {source}")
    return [SourceFile(source, source.name)]


def batches(source: SourceFile, reading: Reading) -> Iterator[Batch]:
    """Yield what is in a file."""
    try:
        if source.path.stat().st_size == 0:
            raise SourceError(f"{source.name} is empty")
        yield from _reader(source)(source, reading)
    except SourceError as error:
        if source.name in str(error):
            raise
        raise SourceError(f"{source.name}: {error}") from error


def _ending(path: Path) -> str:
    return _PACKED.sub("", path.name).rpartition(".")[2].lower()


def _reader(source: SourceFile) -> Reader:
    known = _READERS.get(_ending(source.path))
    if known is not None and known is not pages.read:
        return known
    with opened(source, Reading()) as stream:
        head = stream.read(1 << 16)
    return _by_content(head, known)


def _by_content(head: bytes, known: Reader | None) -> Reader:
    if head.startswith(b"PAR1"):
        return parquet.read
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    first = text.partition(b"\n")[0].strip()
    if first.startswith(b"{") and first.endswith(b"}") and jsonlines.parse(first)[0] is not None:
        return pages.read if b'"items"' in first else jsonlines.read
    if text.startswith((b"{", b"[")):
        return pages.read
    return known or tables.read
