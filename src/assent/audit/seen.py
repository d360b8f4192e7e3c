"""Finds ids that come twice, in a few bytes a row."""

from __future__ import annotations

import numpy as np
import polars as pl

_SLOTS = 1 << 27
_U64 = np.uint64


class Seen:
    """The ids so far, as 64-bit hashes; a bitmap says quickly that one is new."""

    def __init__(self) -> None:
        self._bits = np.zeros(0, np.bool_)
        self._known: list[np.ndarray] = []

    def repeats(self, ids: pl.Series) -> np.ndarray:
        """Return which of the ids came before, here or in earlier calls, and remember the rest."""
        hashes = ids.hash(seed=7).to_numpy()
        again = ~ids.is_first_distinct().to_numpy()
        if not self._bits.size:
            self._bits = np.zeros(_SLOTS // 8, np.uint8)
        slots = (hashes & _U64(_SLOTS - 1)).astype(np.int64)
        byte, bit = slots >> 3, np.left_shift(1, slots & 7).astype(np.uint8)
        doubtful = np.flatnonzero(((self._bits[byte] & bit) != 0) & ~again)
        if doubtful.size:
            again[doubtful] = self._is_known(hashes[doubtful])
        new = hashes[~again]
        np.bitwise_or.at(self._bits, byte[~again], bit[~again])
        self._known.append(np.sort(new))
        if len(self._known) > 16:
            self._known = [np.sort(np.concatenate(self._known))]
        return again

    def _is_known(self, hashes: np.ndarray) -> np.ndarray:
        found = np.zeros(len(hashes), np.bool_)
        for known in self._known:
            at = np.searchsorted(known, hashes)
            at[at == len(known)] = 0
            found |= known[at] == hashes if len(known) else False
        return found
