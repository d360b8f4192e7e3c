"""The keys under which a name is kept, and the table that finds entries by key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assent.core.screening.folding import fold
from assent.core.screening.gazetteer import Entry
from assent.core.screening.hashing import U64, Hasher, codes_of, lay_out
from assent.core.screening.sounds import sound, stem
from assent.core.screening.tokens import tokenise

MIN_WORD = 5  # letters of a name that is one whole word or a run of single letters
MIN_FUZZY = 9  # letters of a name that may be misspelt
MIN_REVERSED = 8
EMBEDDED = 8  # letters by which a name inside a longer word is found
MOST_ALIKE = 16  # entries kept for one surname or given name
MIX = np.uint64(0xD1B54A32D192ED03)
_MOST_UNPACKED = 1 << 19  # bytes of a filter


class Key(IntEnum):
    """What a key is the hash of."""

    LETTERS = 1  # all letters of a name in a row, also reversed, inverted and with an initial
    BAG = 2  # the letters of two words in any order
    SOUND = 3  # how two words sound
    HEAD = 4  # the first letters of a name, for names inside longer words
    LAST = 5  # a surname
    GIVEN = 6  # a given name
    STAGE = 7  # how a name of one word sounds


SALT = {key: np.uint64(key * 0x9E3779B97F4A7C15 % (1 << 64)) for key in Key}


@lru_cache(maxsize=65536)
def name_words(name: str) -> tuple[str, ...]:
    """Return the words of a name as the index keeps them."""
    return tuple(stem(token.text) for token in tokenise(fold(name)))


class Spelling(NamedTuple):
    """One string under which an entry is kept."""

    key: Key
    left: str
    right: str = ""


def spellings(entry: Entry) -> Iterator[Spelling]:
    """Yield every spelling under which an entry is found."""
    for number, name in enumerate(entry.names):
        words = name_words(name)
        letters = "".join(words)
        if not letters:
            continue
        yield Spelling(Key.LETTERS, letters)
        if len(words) == 1:
            if _is_stage_name(words[0], entry):
                yield Spelling(Key.STAGE, sound(words[0]))
            continue
        if len(letters) >= EMBEDDED:
            yield Spelling(Key.HEAD, letters[:EMBEDDED])
        if entry.is_person:
            yield from _of_person(words, letters, known_by=number == 0)


def _of_person(words: Sequence[str], letters: str, *, known_by: bool) -> Iterator[Spelling]:
    yield Spelling(Key.LETTERS, words[-1] + "".join(words[:-1]))
    yield Spelling(Key.LETTERS, words[0][0] + words[-1])
    if len(letters) >= MIN_REVERSED - 1:
        yield Spelling(Key.LETTERS, letters[::-1])
        yield Spelling(Key.LETTERS, "".join(word[::-1] for word in words))
    if len(words) == 2 and len(letters) >= MIN_FUZZY - 1 and letters.isascii():
        yield Spelling(Key.BAG, *words)
        yield Spelling(Key.SOUND, sound(words[0]), sound(words[1]))
    if known_by or words[-1].isascii():
        yield Spelling(Key.LAST, words[-1])
        yield Spelling(Key.GIVEN, words[0])


def _is_stage_name(word: str, entry: Entry) -> bool:
    return word.isascii() and len(word) >= MIN_WORD and "s" in entry.flags and entry.is_person


def salted(hashes: U64, key: Key) -> U64:
    """Return the table's keys for hashes of one kind."""
    return np.asarray((hashes + SALT[key]) * MIX)


def hashes_of(hasher: Hasher, strings: Sequence[str]) -> U64:
    """Return the hash of each string, whatever characters it has."""
    lengths = np.fromiter(map(len, strings), np.int64)
    past = np.cumsum(lengths)
    sums = hasher.sums(codes_of("".join(strings)))
    return hasher.stretch(sums, past - lengths, past)


def bag_pairs(hasher: Hasher, left: U64, right: U64) -> U64:
    """Return the hash of two words, the letters of each in any order."""
    return np.asarray(left + right * MIX)


def keyed(hasher: Hasher, found: Sequence[Spelling]) -> U64:
    """Return the table's key of each spelling."""
    keys = np.zeros(len(found), np.uint64)
    for key in Key:
        which = [at for at, spelling in enumerate(found) if spelling.key is key]
        if not which:
            continue
        if key is Key.BAG:
            lefts = _bags(hasher, [found[at].left for at in which])
            rights = _bags(hasher, [found[at].right for at in which])
            hashes = bag_pairs(hasher, lefts, rights)
        else:
            hashes = hashes_of(hasher, [found[at].left + found[at].right for at in which])
        keys[which] = salted(hashes, key)
    return keys


def _bags(hasher: Hasher, words: Sequence[str]) -> U64:
    layout = lay_out("\n".join(words))
    sums = hasher.bags(layout.codes)
    return np.asarray(sums[layout.past] - sums[layout.first])


@dataclass(frozen=True, slots=True)
class KeyTable:
    """Sorted keys with the numbers of their entries, behind a filter of one bit a slot."""

    keys: U64
    numbers: NDArray[np.uint32]
    filter: NDArray[np.uint8]
    # The filter with a byte for each bit, where the table is small: it takes fewer steps to read.
    slots: NDArray[np.bool_] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        if len(self.filter) <= _MOST_UNPACKED:
            slots = np.unpackbits(self.filter, bitorder="little").astype(np.bool_)
            object.__setattr__(self, "slots", slots)

    @classmethod
    def of(cls, keys: U64, numbers: NDArray[np.uint32]) -> KeyTable:
        """Return the table of these pairs, at most `MOST_ALIKE` entries a key."""
        keys, numbers = cls.sorted(keys, numbers)
        bits = filter_bits(len(keys))
        slots = np.zeros(1 << (bits - 3), np.uint8)
        mark(slots, keys, bits)
        return cls(keys, numbers, slots)

    @staticmethod
    def sorted(keys: U64, numbers: NDArray[np.uint32]) -> tuple[U64, NDArray[np.uint32]]:
        """Return pairs in order, each once; of many alike, those with the lowest numbers."""
        order = np.lexsort((numbers, keys))
        keys, numbers = keys[order], numbers[order]
        kept = np.ones(len(keys), np.bool_)
        kept[1:] = (keys[1:] != keys[:-1]) | (numbers[1:] != numbers[:-1])
        keys, numbers = keys[kept], numbers[kept]
        kept = np.ones(len(keys), np.bool_)
        kept[MOST_ALIKE:] = keys[MOST_ALIKE:] != keys[:-MOST_ALIKE]
        return keys[kept], numbers[kept]

    def seems(self, keys: U64) -> NDArray[np.intp]:
        """Return which of `keys` pass the filter."""
        places = keys >> np.uint64(62 - len(self.filter).bit_length())
        if self.slots is not None:
            return self.slots.take(places.view(np.int64)).nonzero()[0]
        return np.flatnonzero(self.filter[places >> np.uint64(3)] & _bit(places))

    def look(self, keys: U64) -> Iterator[tuple[int, int]]:
        """Yield (which key, number of an entry) for each of `keys` that is there."""
        which = self.seems(keys)
        if not len(which) or not len(self.keys):
            return
        wanted = keys[which]
        low = self.keys.searchsorted(wanted)
        there = (self.keys.take(low, mode="clip") == wanted).nonzero()[0]
        if not len(there):
            return
        past = self.keys.searchsorted(wanted[there], "right").tolist()
        for at, begin, end in zip(which[there].tolist(), low[there].tolist(), past, strict=True):
            for place in range(begin, end):
                yield at, int(self.numbers[place])


def filter_bits(count: int) -> int:
    """Return how many bits of a key choose its slot, so that one slot in forty is taken."""
    return max(16, count.bit_length() + 5)


def mark(slots: NDArray[np.uint8], keys: U64, bits: int) -> None:
    """Mark the slots of these keys."""
    places = keys >> np.uint64(64 - bits)
    np.bitwise_or.at(slots, places >> np.uint64(3), _bit(places))


def _bit(places: U64) -> NDArray[np.uint8]:
    return np.asarray(np.uint8(1) << (places & np.uint64(7)).astype(np.uint8))


def table_of(hasher: Hasher, entries: Iterable[Entry]) -> KeyTable:
    """Return the table of all spellings of entries, numbered in their order."""
    found: list[Spelling] = []
    numbers: list[int] = []
    for number, entry in enumerate(entries):
        before = len(found)
        found.extend(spellings(entry))
        numbers.extend([number] * (len(found) - before))
    return KeyTable.of(keyed(hasher, found), np.array(numbers, np.uint32))
