"""A gazetteer in one file that all workers share: written in bounded memory, mapped, not read.

The file is a safetensors file: `keys`, `numbers` and `filter` are the table of `KeyTable`;
`text` has one line an entry and `lines` where each begins.
"""

from __future__ import annotations

import json
import mmap
import shutil
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, overload

import numpy as np
from numpy.typing import NDArray

from assent.core.screening.gazetteer import Entry, EntryKind
from assent.core.screening.hashing import U64, Hasher
from assent.core.screening.name_keys import KeyTable, Spelling, filter_bits, keyed, mark, spellings
from assent.core.screening.names import NameIndex, dense_sizes_of

FORMAT = "assent-gazetteer/1"
_BATCH = 20_000  # entries hashed at once
_PARTS = 64  # the table is sorted in this many parts
_TYPES = {"U8": np.uint8, "U32": np.uint32, "U64": np.uint64}
_MOST_HEADER = 1 << 20


class GazetteerError(ValueError):
    """A file that is no gazetteer; the message says why."""


def line_of(entry: Entry) -> str:
    """Return an entry as a line of text."""
    born = "" if entry.born is None else str(entry.born)
    died = "" if entry.died is None else str(entry.died)
    names = ";".join(entry.names)
    return "|".join((entry.kind, entry.role, born, died, entry.flags, str(entry.bucket), names))


def entry_on(line: str) -> Entry:
    """Return the entry on a line of text."""
    kind, role, born, died, flags, bucket, names = line.split("|", 6)
    name, *others = names.split(";")
    return Entry(
        name,
        EntryKind(kind),
        role,
        int(born) if born else None,
        int(died) if died else None,
        flags,
        tuple(others),
        int(bucket),
    )


def write_gazetteer(entries: Iterable[Entry], path: Path) -> int:
    """Write entries to a new file and return how many; a failure leaves no file."""
    with TemporaryDirectory(dir=path.parent, prefix=".gazetteer-") as folder:
        return _Writer(Path(folder)).write(entries, path)


class _Writer:
    """Entries spread over parts by their keys, each part sorted, all parts put together."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.hasher = Hasher()
        self.count = 0
        self.keys = 0
        self.dense: set[int] = set()

    def write(self, entries: Iterable[Entry], path: Path) -> int:
        with ExitStack() as stack:
            names = ["text", "lines", *(f"part{part}" for part in range(_PARTS))]
            text, lines, *parts = (
                stack.enter_context((self.folder / name).open("wb")) for name in names
            )
            batch: list[Entry] = []
            for entry in entries:
                lines.write(np.uint64(text.tell()).tobytes())
                text.write(line_of(entry).encode() + b"\n")
                batch.append(entry)
                if len(batch) == _BATCH:
                    self._spread(batch, parts)
                    batch = []
            self._spread(batch, parts)
            lines.write(np.uint64(text.tell()).tobytes())
        self._sort()
        self._assemble(path)
        return self.count

    def _spread(self, batch: Sequence[Entry], parts: Sequence[IO[bytes]]) -> None:
        found: list[Spelling] = []
        numbers: list[int] = []
        for number, entry in enumerate(batch, start=self.count):
            written = list(spellings(entry))
            found.extend(written)
            numbers.extend([number] * len(written))
        self.dense.update(dense_sizes_of(batch))
        self.count += len(batch)
        rows = np.zeros(len(found), [("key", "<u8"), ("number", "<u4")])
        rows["key"], rows["number"] = keyed(self.hasher, found), numbers
        which = rows["key"] >> np.uint64(64 - _PARTS.bit_length() + 1)
        for part in range(_PARTS):
            parts[part].write(rows[which == part].tobytes())

    def _sort(self) -> None:
        with (
            (self.folder / "keys").open("wb") as keys,
            (self.folder / "numbers").open("wb") as numbers,
        ):
            for part in range(_PARTS):
                raw = (self.folder / f"part{part}").read_bytes()
                rows = np.frombuffer(raw, [("key", "<u8"), ("number", "<u4")])
                table = KeyTable.sorted(rows["key"], rows["number"])
                keys.write(table[0].tobytes())
                numbers.write(table[1].tobytes())
                self.keys += len(table[0])
        bits = filter_bits(self.keys)
        slots = np.zeros(1 << (bits - 3), np.uint8)
        if self.keys:
            for chunk in np.array_split(np.memmap(self.folder / "keys", "<u8", "r"), _PARTS):
                mark(slots, chunk, bits)
        (self.folder / "filter").write_bytes(slots.tobytes())

    def _assemble(self, path: Path) -> None:
        kinds = {"keys": "U64", "lines": "U64", "numbers": "U32", "filter": "U8", "text": "U8"}
        sizes = json.dumps(sorted(self.dense))
        header: dict[str, object] = {"__metadata__": {"format": FORMAT, "dense_sizes": sizes}}
        at = 0
        for name, kind in kinds.items():
            size = (self.folder / name).stat().st_size
            shape = [size // np.dtype(_TYPES[kind]).itemsize]
            header[name] = {"dtype": kind, "shape": shape, "data_offsets": [at, at + size]}
            at += size
        head = json.dumps(header).encode()
        head += b" " * (-len(head) % 8)
        whole = self.folder / "whole"
        with whole.open("wb") as out:
            out.write(len(head).to_bytes(8, "little") + head)
            for name in kinds:
                with (self.folder / name).open("rb") as part:
                    shutil.copyfileobj(part, out)
        whole.replace(path)


class MappedEntries(Sequence[Entry]):
    """The entries of a gazetteer file, each read when it is asked for."""

    def __init__(self, text: NDArray[np.uint8], lines: U64) -> None:
        self._text, self._lines = text, lines
        self._entry = lru_cache(maxsize=65536)(self._read)

    def __len__(self) -> int:
        return len(self._lines) - 1

    @overload
    def __getitem__(self, at: int) -> Entry: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Entry]: ...
    def __getitem__(self, at: int | slice) -> Entry | Sequence[Entry]:
        if isinstance(at, slice):
            return [self._entry(i) for i in range(*at.indices(len(self)))]
        return self._entry(at)

    def _read(self, at: int) -> Entry:
        start, end = int(self._lines[at]), int(self._lines[at + 1])
        return entry_on(self._text[start : end - 1].tobytes().decode())


def open_gazetteer(path: Path) -> NameIndex:
    """Return the names in a file, mapped into memory, or raise GazetteerError or OSError."""
    with path.open("rb") as file:
        if path.stat().st_size < 8:
            raise GazetteerError("the file is too short")
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    size = int.from_bytes(mapped[:8], "little")
    if size > min(_MOST_HEADER, len(mapped) - 8):
        raise GazetteerError("the file is no gazetteer")
    try:
        header = json.loads(mapped[8 : 8 + size])
        if header["__metadata__"]["format"] != FORMAT:
            raise GazetteerError(f"the file is not of the format {FORMAT}")
        arrays = {name: _array(mapped, 8 + size, header[name]) for name in _NAMES}
        dense = tuple(json.loads(header["__metadata__"]["dense_sizes"]))
    except (ValueError, KeyError, TypeError) as error:
        raise GazetteerError(f"the file is no gazetteer: {error}") from error
    table = KeyTable(arrays["keys"], arrays["numbers"], arrays["filter"])
    entries = MappedEntries(arrays["text"], arrays["lines"])
    return NameIndex(entries, table=table, dense_sizes=dense)


_NAMES = ("keys", "numbers", "filter", "text", "lines")


def _array(mapped: mmap.mmap, base: int, about: dict[str, list[int]]) -> NDArray[Any]:
    start, end = about["data_offsets"]
    kind: np.dtype[Any] = np.dtype(_TYPES[str(about["dtype"])])
    if not 0 <= start <= end <= len(mapped) - base:
        raise GazetteerError("the file is cut short")
    return np.frombuffer(mapped, kind, (end - start) // kind.itemsize, base + start)
