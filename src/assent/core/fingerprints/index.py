"""Near ones among many: fixed-length bit strings by Hamming distance, every one in reach found.

`Index` is the interface. `Pigeonhole` is for PDQ, `Scan` for anything; the registry keeps the same
pigeonhole in database rows, for all processes at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from itertools import combinations
from typing import Any, Protocol, cast

import numpy as np
import numpy.typing as npt

CHUNK_BITS = 16
_TAIL_MOST = 20_000
_BLOCK_ROWS = 8_192
_WORTH_IT = 20_000  # below this many, numpy is done before the library is loaded
_SAMPLE = 20_000
Distances = npt.NDArray[np.uint16]


class Index(Protocol):
    """What every index does. Keys are whole numbers; a key is there at most once."""

    def add(self, key: int, bits: bytes) -> None:
        """Take in a fingerprint."""

    def remove(self, key: int) -> None:
        """Forget a fingerprint; nothing happens for an unknown key."""

    def near(self, bits: bytes, radius: int) -> list[tuple[int, int]]:
        """Return (key, distance) of all within `radius` bits, nearest first."""

    def __len__(self) -> int:
        """How many fingerprints there are."""


def chunk_keys(bits: bytes) -> list[int]:
    """Return the keys under which a fingerprint is filed: for each place, place << 16 | 16 bits."""
    return [
        place << CHUNK_BITS | int.from_bytes(bits[2 * place : 2 * place + 2], "little")
        for place in range(len(bits) // 2)
    ]


def probe_keys(bits: bytes, radius: int) -> Iterator[int]:
    """Yield the keys under which every fingerprint within `radius` is filed at least once.

    With n chunks, one of them differs by at most radius // n bits: 1 for PDQ's 16 chunks and up to
    31 bits, which makes 272 keys.
    """
    flips = radius // (len(bits) // 2)
    masks = [
        sum(1 << bit for bit in chosen)
        for count in range(flips + 1)
        for chosen in combinations(range(CHUNK_BITS), count)
    ]
    for key in chunk_keys(bits):
        yield from (key ^ mask for mask in masks)


class Scan:
    """Compares with every one; for fingerprints of whole words of 8 bytes, up to 512 bytes."""

    def __init__(self, length: int) -> None:
        self._words = length // 8
        self._bits = np.empty((0, self._words), np.uint64)
        self._keys = np.empty(0, np.int64)
        self._place: dict[int, int] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, key: int, bits: bytes) -> None:
        """Take in a fingerprint; one under the same key is replaced."""
        place = self._place.get(key, self._count)
        if place == len(self._keys):
            self._grow(place + 1)
        self._bits[place] = np.frombuffer(bits, "<u8")
        self._keys[place] = key
        if place == self._count:
            self._place[key] = place
            self._count += 1

    def add_many(self, keys: Sequence[int], bits: npt.NDArray[np.uint8]) -> None:
        """Take in many new ones, a row of bytes each."""
        end = self._count + len(keys)
        self._grow(end)
        self._bits[self._count : end] = np.ascontiguousarray(bits).view("<u8")
        self._keys[self._count : end] = keys
        self._place.update(zip(keys, range(self._count, end), strict=True))
        self._count = end

    def remove(self, key: int) -> None:
        """Forget one: the last takes its place."""
        place = self._place.pop(key, None)
        if place is None:
            return
        self._count -= 1
        if place != self._count:
            self._bits[place] = self._bits[self._count]
            self._keys[place] = self._keys[self._count]
            self._place[int(self._keys[place])] = place

    def near(self, bits: bytes, radius: int) -> list[tuple[int, int]]:
        """Return all within `radius`, nearest first."""
        distances = self.distances(bits)
        return self._sorted(np.flatnonzero(distances <= radius), distances)

    def shortlist(
        self, bits: bytes, most: int, radius: int = 0, cap: int = 0
    ) -> list[tuple[int, int]]:
        """Return the `most` nearest to a fingerprint or its negative, with the lesser distance; and
        all within `radius` up to `cap` of them, so that many near ones cannot crowd out another."""
        distances = self.distances(bits)
        either = np.minimum(distances, len(bits) * 8 - distances)
        if radius:
            most = max(most, min(cap, int(np.count_nonzero(either <= radius))))
        return self._sorted(_least(either, most), either)

    def distances(self, bits: bytes) -> Distances:
        """Return the distance of every one, by the optional library where it is worth loading, else
        block by block so that the work stays in the cache."""
        if self._count >= _WORTH_IT and (library := _library()) is not None:
            return self._by_library(library, bits)
        return self._by_numpy(bits)

    def _by_library(self, library: _Library, bits: bytes) -> Distances:
        """One pass over our own table: nothing is kept twice, and removal stays what it is."""
        asked = np.frombuffer(bits, np.uint8)
        found = np.empty(self._count, np.int32)
        table = self._bits.view(np.uint8).reshape(-1)
        asks, rows, out = (library.swig_ptr(one) for one in (asked, table, found))
        library.hammings(asks, rows, 1, self._count, len(bits), out)
        return found.astype(np.uint16)

    def _by_numpy(self, bits: bytes) -> Distances:
        asked = np.frombuffer(bits, "<u8")
        found = np.empty(self._count, np.uint16)
        for start in range(0, self._count, _BLOCK_ROWS):
            end = min(self._count, start + _BLOCK_ROWS)
            found[start:end] = _row_sums(np.bitwise_count(self._bits[start:end] ^ asked))
        return found

    def _sorted(
        self, places: Sequence[int] | npt.NDArray[np.intp], distances: Distances
    ) -> list[tuple[int, int]]:
        pairs = [(int(self._keys[p]), int(distances[p])) for p in places]
        return sorted(pairs, key=lambda pair: (pair[1], pair[0]))

    def _grow(self, count: int) -> None:
        if count <= len(self._keys):
            return
        size = max(count, 2 * len(self._keys), 64)
        bits, keys = np.empty((size, self._words), np.uint64), np.empty(size, np.int64)
        bits[: self._count], keys[: self._count] = (
            self._bits[: self._count],
            self._keys[: self._count],
        )
        self._bits, self._keys = bits, keys


class _Library(Protocol):
    """What we use of faiss."""

    def swig_ptr(self, values: npt.NDArray[Any], /) -> object:
        """Return where an array lies."""

    def hammings(
        self, asked: object, table: object, asks: int, rows: int, length: int, out: object, /
    ) -> None:
        """Write the distance of every row."""


@cache
def _library() -> _Library | None:
    """faiss, where it is installed (the extra `index`); it takes a sixth of the time."""
    return cast(_Library, import_module("faiss")) if find_spec("faiss") else None


def _least(values: Distances, most: int) -> npt.NDArray[np.intp]:
    """Return the places of the `most` least. A sample tells what is surely not among them, so that
    few are left to be sorted; should it mislead, all are."""
    if most <= 0 or len(values) <= most:
        return np.arange(len(values))[: max(0, most)]
    step = max(1, len(values) // _SAMPLE)
    sample = np.sort(values[::step])
    limit = sample[min(len(sample) - 1, 4 * most // step + 8)]
    few = np.flatnonzero(values <= limit)
    if len(few) < most:
        few = np.arange(len(values))
    return few[np.argpartition(values[few], most - 1)[:most]]


def _row_sums(counts: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint64]:
    """Add up rows of small counts eight at a time, as lanes of a word: thrice as fast as `sum`."""
    if counts.shape[1] % 8:
        return np.asarray(counts.sum(axis=1), np.uint64)
    words, odd = counts.view(np.uint64), np.uint64(0x00FF00FF00FF00FF)
    lanes = (words & odd) + ((words >> np.uint64(8)) & odd)
    total = lanes[:, 0].copy()
    for column in range(1, lanes.shape[1]):
        total += lanes[:, column]
    return np.asarray((total * np.uint64(0x0001000100010001)) >> np.uint64(48), np.uint64)


class Pigeonhole:
    """For PDQ: only those are compared which share a chunk of 16 bits but for a bit.

    New ones wait in a short list that is scanned, and are filed when it is full.
    """

    def __init__(self, length: int = 32) -> None:
        self._length = length
        self._bits = np.empty((0, length // 8), np.uint64)
        self._keys = np.empty(0, np.int64)
        self._alive = np.empty(0, bool)
        self._place: dict[int, int] = {}
        self._order: list[npt.NDArray[np.int32]] = []
        self._starts: list[npt.NDArray[np.int64]] = []
        self._tail = Scan(length)

    def __len__(self) -> int:
        return len(self._place) + len(self._tail)

    def add(self, key: int, bits: bytes) -> None:
        """Take in a fingerprint; one under the same key is replaced."""
        self.remove(key)
        self._tail.add(key, bits)
        if len(self._tail) > max(_TAIL_MOST, len(self._place) // 16):
            self._file()

    def add_many(self, keys: Sequence[int], bits: npt.NDArray[np.uint8]) -> None:
        """Take in many new ones, a row of bytes each."""
        self._tail.add_many(keys, bits)
        self._file()

    def remove(self, key: int) -> None:
        """Forget a fingerprint; nothing happens for an unknown key."""
        self._tail.remove(key)
        place = self._place.pop(key, None)
        if place is not None:
            self._alive[place] = False

    def near(self, bits: bytes, radius: int) -> list[tuple[int, int]]:
        """Return all within `radius`, nearest first."""
        found = self._tail.near(bits, radius)
        candidates = self._candidates(bits, radius)
        counts = np.bitwise_count(self._bits[candidates] ^ np.frombuffer(bits, "<u8"))
        distances = counts.sum(axis=1, dtype=np.int64)
        close = np.flatnonzero((distances <= radius) & self._alive[candidates])
        pairs = {(int(self._keys[candidates[i]]), int(distances[i])) for i in close}
        return sorted([*found, *pairs], key=lambda pair: (pair[1], pair[0]))

    def _candidates(self, bits: bytes, radius: int) -> npt.NDArray[np.int32]:
        if not self._order:
            return np.empty(0, np.int32)
        buckets = []
        for key in probe_keys(bits, radius):
            place, value = key >> CHUNK_BITS, key & 0xFFFF
            start, end = self._starts[place][value : value + 2]
            if start < end:
                buckets.append(self._order[place][start:end])
        return np.concatenate(buckets) if buckets else np.empty(0, np.int32)

    def _file(self) -> None:
        tail = self._tail
        alive = np.flatnonzero(self._alive)
        self._bits = np.concatenate([self._bits[alive], tail._bits[: len(tail)]])
        self._keys = np.concatenate([self._keys[alive], tail._keys[: len(tail)]])
        self._alive = np.ones(len(self._keys), bool)
        self._place = dict(zip(self._keys.tolist(), range(len(self._keys)), strict=True))
        self._tail = Scan(self._length)
        chunks = self._bits.view("<u2")
        self._order, self._starts = [], []
        for place in range(chunks.shape[1]):
            column = np.ascontiguousarray(chunks[:, place])
            self._order.append(np.argsort(column, kind="stable").astype(np.int32))
            counts = np.bincount(column, minlength=1 << CHUNK_BITS)
            self._starts.append(np.concatenate([[0], np.cumsum(counts)]))
