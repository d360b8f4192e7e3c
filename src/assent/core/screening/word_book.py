"""What is known of each word, worked out once: its hashes, and which lists it may be on.

Listings are written with the same few thousand words. A word that was met before costs one look-up;
those that were not are worked out together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from assent.core.screening.common import common_words
from assent.core.screening.gazetteer import given_names
from assent.core.screening.hashing import U64, Hasher, Ints, Layout, lay_out
from assent.core.screening.name_keys import EMBEDDED, Key, KeyTable, salted
from assent.core.screening.sounds import heard_letters, stem

# Columns of a row: the word without a case ending; the whole word, with none, one and two letters
# off its end, and with its last letter turned into "a"; its letters in any order; how it sounds.
# Beside a hash stands the weight of whatever follows so many letters.
STEM, STEM_WEIGHT, STEM_BACK, BAG, SOUND, SOUND_WEIGHT, ABOUT = range(7)
CUT, CUT_WEIGHT, COLUMNS = 7, 11, 15
CUTS = 4
# Bytes of the column ABOUT.
LENGTH, STEM_LENGTH, FLAGS = 8 * ABOUT, 8 * ABOUT + 1, 8 * ABOUT + 2
# Flags. The last four say that a list seems to have the word; whoever asks confirms it.
COMMON, GIVEN, SURNAME_LIKE, LISTED_LAST, LISTED_GIVEN, LISTED_STAGE, HOLDS_NAME = (
    1 << bit for bit in range(7)
)
_MOST = 100_000  # words kept, at some 300 bytes each
_LONGEST_WORD = 80  # letters of a word that is searched for names inside
_MANY_LETTERS = 255
Rows = NDArray[np.uint64]
FlagsOf = Callable[[Sequence[str], Layout, U64, Rows], Ints]


class WordBook:
    """Words met so far, under the hashes of one family and the names of one table."""

    def __init__(self, hasher: Hasher, table: KeyTable | None = None) -> None:
        self.hasher, self.table = hasher, table
        self._rows: dict[str, bytes] = {}
        self._inside: dict[str, list[tuple[int, int]]] = {}

    def rows(self, words: Sequence[str]) -> Rows:
        """Return what is known of each word, one row a word."""
        known = self._rows
        try:
            joined = b"".join(map(known.__getitem__, words))
        except KeyError:
            joined = b"".join(map(self._learn(words).__getitem__, words))
        return np.frombuffer(joined, np.uint64).reshape(-1, COLUMNS)

    def flags(self, word: str) -> int:
        """Return the flags of one word."""
        return int(self.rows((word,)).view(np.uint8)[0, FLAGS])

    def inside(self, word: str) -> list[tuple[int, int]]:
        """Return (at which letter, number of an entry) for names that may begin in a long word."""
        if word not in self._inside:
            layout = lay_out(word)
            found = self._names_inside(layout, self.hasher.sums(layout.codes))
            if len(self._inside) >= _MOST:
                self._inside = {}
            self._inside[word] = [(letter, number) for _, letter, number in found]
        return self._inside[word]

    def _learn(self, words: Iterable[str]) -> dict[str, bytes]:
        """Return rows that have all of these words. A full book is laid aside for a new one, never
        emptied: another thread may be reading it."""
        known, wanted = self._rows, set(words)
        if len(known) + len(wanted) > _MOST:
            known = {}
        fresh = list(wanted.difference(known))
        whole = _columns(self.hasher, fresh, self._flags).tobytes()
        width = 8 * COLUMNS
        places = range(0, len(whole), width)
        known.update((word, whole[at : at + width]) for word, at in zip(fresh, places, strict=True))
        self._rows = known
        return known

    def _flags(self, words: Sequence[str], layout: Layout, sums: U64, rows: Rows) -> Ints:
        common, given = common_words(), given_names()
        flags = np.zeros(len(words), np.int64)
        for at, word in enumerate(words):
            if word in common:
                flags[at] |= COMMON
            elif len(word) > 1 and word.isalpha():
                flags[at] |= SURNAME_LIKE
            if word in given:
                flags[at] |= GIVEN
        if self.table is not None:
            for flag, key, column in (
                (LISTED_LAST, Key.LAST, STEM),
                (LISTED_GIVEN, Key.GIVEN, STEM),
                (LISTED_STAGE, Key.STAGE, SOUND),
            ):
                flags[self.table.seems(salted(rows[:, column], key))] |= flag
            for at, _, _ in self._names_inside(layout, sums):
                flags[at] |= HOLDS_NAME
        return flags

    def _names_inside(self, layout: Layout, sums: U64) -> Iterable[tuple[int, int, int]]:
        """Yield (which word, at which letter, number) for names that may begin in long words."""
        long = np.flatnonzero(layout.lengths > EMBEDDED)
        if not len(long) or self.table is None:
            return
        sizes = np.minimum(layout.lengths[long], _LONGEST_WORD) - EMBEDDED + 1
        word_of = np.repeat(long, sizes)
        within = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        starts = layout.first[word_of] + within
        keys = salted(self.hasher.stretch(sums, starts, starts + EMBEDDED), Key.HEAD)
        for at, number in self.table.look(keys):
            yield int(word_of[at]), int(within[at]), number


def _columns(hasher: Hasher, words: Sequence[str], flags_of: FlagsOf) -> Rows:
    """Return the rows of words that were not met before."""
    layout = lay_out("\n".join(words))
    sums = hasher.sums(layout.codes)
    first, past, lengths = layout.first, layout.past, layout.lengths
    stems = _stemmed(words, layout)
    rows = np.zeros((len(words), COLUMNS), np.uint64)
    rows[:, STEM] = hasher.stretch(sums, first, first + stems)
    rows[:, STEM_WEIGHT], rows[:, STEM_BACK] = hasher.powers[stems], hasher.inverses[stems]
    bags = hasher.bags(layout.codes)
    rows[:, BAG] = bags[past] - bags[first]
    rows[:, SOUND], heard = _sounds(hasher, layout)
    rows[:, SOUND_WEIGHT] = hasher.powers[heard]
    for cut in range(CUTS - 1):
        upto = np.maximum(past - cut, first)
        rows[:, CUT + cut] = hasher.stretch(sums, first, upto)
        rows[:, CUT_WEIGHT + cut] = hasher.powers[upto - first]
    ends_in_a = hasher.joined(rows[:, CUT + 1], np.maximum(lengths - 1, 0), hasher.letter("a"))
    rows[:, CUT + CUTS - 1] = ends_in_a
    rows[:, CUT_WEIGHT + CUTS - 1] = rows[:, CUT_WEIGHT]
    about = np.minimum(lengths, _MANY_LETTERS) | np.minimum(stems, _MANY_LETTERS) << 8
    rows[:, ABOUT] = about | flags_of(words, layout, sums, rows) << 16
    return rows


def _stemmed(words: Sequence[str], layout: Layout) -> Ints:
    """Return how many letters of each word stay without Cyrillic case endings."""
    lengths = layout.lengths
    if layout.codes.dtype == np.uint8:
        return lengths
    cyrillic = (layout.codes >= 0x400) & (layout.codes < 0x500)
    lengths = lengths.copy()
    for at in np.flatnonzero(cyrillic[layout.first]):
        lengths[at] = len(stem(words[int(at)]))
    return lengths


def _sounds(hasher: Hasher, layout: Layout) -> tuple[U64, Ints]:
    """Return the hash of how each word sounds, and of how many letters that is."""
    count = len(layout.first)
    codes, word_of = layout.codes, np.repeat(np.arange(count), layout.lengths)
    if codes.dtype != np.uint8:
        plain = codes < 128
        codes, word_of = codes[plain].astype(np.uint8), word_of[plain]
    heard, word_of = heard_letters(codes, word_of)
    sizes = np.bincount(word_of, minlength=count)
    past = np.cumsum(sizes)
    return hasher.stretch(hasher.sums(heard), past - sizes, past), sizes
