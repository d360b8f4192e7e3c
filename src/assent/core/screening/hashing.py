"""Hashes of whole stretches of letters, for all stretches of a text at once.

Every letter gets a 64-bit number; a stretch of letters is the polynomial of its numbers modulo
2**64. From running sums, the hash of any stretch takes three array operations (the rolling hash of
Karp and Rabin, 1987). It only picks candidates: whoever uses it confirms them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assent.core.screening.tokens import word_spans

U64 = NDArray[np.uint64]
Ints = NDArray[np.int64]
Codes = NDArray[np.unsignedinteger[Any]]

_MIX = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(29)
_GROWTH = 4096


@cache
def _word_table() -> NDArray[np.bool_]:
    """Which characters of the basic plane are part of a word."""
    table = np.zeros(0x10000, np.bool_)
    for start, end in word_spans("".join(map(chr, range(0x10000)))):
        table[start:end] = True
    return table


def codes_of(text: str) -> Codes:
    """Return the code points of a text."""
    if text.isascii():
        return np.frombuffer(text.encode("ascii"), np.uint8)
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def in_words(codes: Codes) -> NDArray[np.bool_]:
    """Return which code points are part of a word."""
    table = _word_table()
    if codes.dtype == np.uint8:
        return table[codes]
    beyond = codes > 0xFFFF
    if not beyond.any():
        return table[codes]
    inside = table[np.minimum(codes, 0xFFFF)]
    letters = [code for code in np.unique(codes[beyond]).tolist() if any(word_spans(chr(code)))]
    inside[beyond] = np.isin(codes[beyond], letters)
    return inside


class Hasher:
    """One family of hashes. The same seed gives the same hashes on every machine."""

    def __init__(self, seed: bytes = b"") -> None:
        drawn = np.frombuffer(
            hashlib.blake2b(seed, digest_size=32, person=b"names").digest(), "<u8"
        )
        self._salt, base, self._spread = (np.uint64(n | np.uint64(1)) for n in drawn[:3])
        self._base = int(base)
        self._inverse = pow(self._base, -1, 1 << 64)
        self._powers = self._inverses = np.ones(1, np.uint64)
        self._ascii = self._values(np.arange(128, dtype=np.uint32))
        self.grow(_GROWTH)

    def _values(self, codes: Codes) -> U64:
        value = (codes.astype(np.uint64) + self._salt) * self._spread
        return np.asarray((value ^ (value >> _SHIFT)) * _MIX)

    def values(self, codes: Codes) -> U64:
        """Return the number of each letter."""
        return self._ascii[codes] if codes.dtype == np.uint8 else self._values(codes)

    def grow(self, size: int) -> None:
        """Make room for texts of up to `size` letters."""
        if size < len(self._powers):
            return
        size = max(size + 1, 2 * len(self._powers))
        for name, factor in (("_powers", self._base), ("_inverses", self._inverse)):
            steps = np.full(size, factor, np.uint64)
            steps[0] = 1
            setattr(self, name, np.multiply.accumulate(steps))

    def sums(self, codes: Codes) -> U64:
        """Return the running sums over letters, for `stretch`."""
        self.grow(len(codes) + 1)
        sums = np.zeros(len(codes) + 1, np.uint64)
        np.cumsum(self.values(codes) * self._powers[: len(codes)], out=sums[1:])
        return sums

    def stretch(self, sums: U64, starts: Ints, ends: Ints) -> U64:
        """Return the hash of the letters starts..ends, whose running sums are given."""
        return np.asarray((sums[ends] - sums[starts]) * self._inverses[starts])

    @property
    def powers(self) -> U64:
        """The weight of a letter at each place."""
        return self._powers

    @property
    def inverses(self) -> U64:
        """What undoes the weight at each place."""
        return self._inverses

    def letter(self, char: str) -> np.uint64:
        """Return the hash of one letter."""
        return np.uint64(self._ascii[ord(char)])

    def joined(self, left: U64, length: Ints, right: U64 | np.uint64) -> U64:
        """Return the hash of a stretch of `length` letters followed by another."""
        return np.asarray(left + right * self._powers[length])

    def bags(self, codes: Codes) -> U64:
        """Return the running sums that give stretches with the same letters the same hash."""
        sums = np.zeros(len(codes) + 1, np.uint64)
        np.cumsum(self.values(codes), out=sums[1:])
        return sums


@dataclass(frozen=True, slots=True)
class Layout:
    """A folded text as arrays: its letters without what parts them, and its words in them."""

    codes: Codes  # of the letters alone
    places: Ints  # of each letter, in the text
    starts: Ints  # of each word, in the text
    ends: Ints
    first: Ints  # of each word, in the letters
    past: Ints

    @property
    def lengths(self) -> Ints:
        """Letters of each word."""
        return self.past - self.first


def lay_out(text: str) -> Layout:
    """Return the words of a folded text as arrays, as `tokenise` would part them."""
    codes = codes_of(text)
    inside = in_words(codes)
    edged = np.zeros(len(codes) + 2, np.int8)
    edged[1:-1] = inside
    turns = np.flatnonzero(edged[1:] != edged[:-1])
    starts, ends = turns[::2], turns[1::2]
    past = np.cumsum(ends - starts)
    return Layout(codes[inside], np.flatnonzero(inside), starts, ends, past - (ends - starts), past)
