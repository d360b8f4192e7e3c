"""Draws a random sample within strata in one pass over a source of any size."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

# All that a coder is shown. Whatever the platform or a program thinks of it stays hidden.
SHOWN = ("kind", "type", "title", "description", "tags")


@dataclass(frozen=True, slots=True)
class Item:
    """A drawn record: its words, its stratum, and what programs said, which coders never see."""

    id: str
    stratum: str
    words: Mapping[str, str | None]
    predicted_deepfake: bool | None
    predicted_theme: str | None


@dataclass(slots=True)
class Sampler:
    """Keeps, in each stratum, the records with the smallest hashes: a simple random sample that
    does not depend on how the source is cut into batches, and repeats with its seed."""

    by: str
    each: int
    seed: int
    totals: dict[str, int] = field(default_factory=dict)
    _heaps: dict[str, list[tuple[int, str, Item]]] = field(default_factory=dict)

    def offer(self, frame: pl.DataFrame) -> None:
        """Offer the records of a canonical frame."""
        strata = frame[self.by].cast(pl.String).fill_null("unknown")
        for name, count in strata.value_counts().iter_rows():
            self.totals[name] = self.totals.get(name, 0) + int(count)
        ids = frame["id"].to_list()
        for at, (stratum, own) in enumerate(zip(strata, ids, strict=True)):
            rank = self._rank(own)
            heap = self._heaps.setdefault(stratum, [])
            if len(heap) < self.each:
                heapq.heappush(heap, (-rank, own, _item(frame, at, stratum)))
            elif -rank > heap[0][0]:
                heapq.heapreplace(heap, (-rank, own, _item(frame, at, stratum)))

    def drawn(self, size: int) -> list[Item]:
        """Return `size` records, as evenly over the strata as their sizes allow, in one random
        order over all of them."""
        shares = _even({name: len(heap) for name, heap in self._heaps.items()}, size)
        kept = [
            entry
            for name, heap in self._heaps.items()
            for entry in heapq.nlargest(shares[name], heap)
        ]
        return [item for _, _, item in sorted(kept, reverse=True)]

    def _rank(self, own: str) -> int:
        said = hashlib.blake2b(f"{self.seed}\0{own}".encode(), digest_size=8).digest()
        return int.from_bytes(said, "big")


def _even(sizes: Mapping[str, int], wanted: int) -> dict[str, int]:
    """How many of each stratum: the same, but for strata that have fewer."""
    shares: dict[str, int] = {}
    for left, name in enumerate(sorted(sizes, key=lambda name: (sizes[name], name))):
        even = -(-(wanted - sum(shares.values())) // (len(sizes) - left))
        shares[name] = min(sizes[name], even)
    return shares


def _item(frame: pl.DataFrame, at: int, stratum: str) -> Item:
    row = frame.row(at, named=True)
    words = {name: row[name] for name in SHOWN}
    return Item(row["id"], stratum, words, row["predicted_deepfake"], row["predicted_theme"])
