"""Every stretch of a text that may be a listed name, looked up at once.

What is yielded are candidates: the table holds hashes, and `spellings` decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from assent.core.screening.gazetteer import Entry
from assent.core.screening.hashing import U64, Hasher, Ints, Layout, lay_out
from assent.core.screening.name_keys import EMBEDDED, MIN_FUZZY, MIN_WORD, Key, bag_pairs, salted
from assent.core.screening.names import MAX_WORDS, NameIndex
from assent.core.screening.sounds import heard_letters, stem
from assent.core.screening.tokens import is_dense

_LONGEST = 40  # letters of a name
_LONGEST_WORD = 80  # letters of a word that is searched for names inside
_SINGLE_LETTERS = 4  # words of one letter in a row that may spell a name
_ENDINGS = 3  # 0, 1 or 2 letters of a case ending


class Candidate(NamedTuple):
    """A stretch that may be a name: the kind of key, whose, and where.

    `first` and `last` count words; for letters inside words, `start` and `end` count letters of
    the layout, and are -1 otherwise.
    """

    key: Key
    entry: Entry
    first: int
    last: int
    start: int = -1
    end: int = -1
    skips: bool = False  # a word in the middle is left out


class Batch(NamedTuple):
    """Keys to look up, and what each stands for."""

    keys: U64
    first: Ints
    last: Ints
    skips: bool = False  # the word in the middle is left out


class Search:
    """One text laid out, with the hashes that every look-up shares."""

    def __init__(self, hasher: Hasher, text: str) -> None:
        self.hasher, self.text = hasher, text
        self.layout: Layout = lay_out(text)
        self.sums = hasher.sums(self.layout.codes)
        self.past = self._stems()
        self.lengths = self.past - self.layout.first
        self.words = hasher.stretch(self.sums, self.layout.first, self.past)
        self.count = len(self.words)

    def _stems(self) -> Ints:
        """Where each word ends in the letters, without Cyrillic case endings."""
        past = self.layout.past
        if self.layout.codes.dtype == np.uint8:
            return past
        cyrillic = (self.layout.codes >= 0x400) & (self.layout.codes < 0x500)
        if not cyrillic.any():
            return past
        past = past.copy()
        for at in np.flatnonzero(cyrillic[self.layout.first]):
            word = self.word(int(at))
            past[at] -= len(word) - len(stem(word))
        return past

    def word(self, at: int) -> str:
        """Return a word as it stands in the text."""
        return self.text[self.layout.starts[at] : self.layout.ends[at]]

    def gap(self, at: int) -> str:
        """Return what stands between a word and the next."""
        return self.text[self.layout.ends[at] : self.layout.starts[at + 1]]

    def rows(self) -> Batch:
        """Words side by side, with room for one initial in between."""
        power = self.hasher.powers
        sums, length = self.words, self.lengths
        keys, first, last = [sums], [np.arange(self.count)], [np.arange(self.count)]
        for more in range(1, min(MAX_WORDS, self.count)):
            sums = sums[:-1] + self.words[more:] * power[length[:-1]]
            length = length[:-1] + self.lengths[more:]
            keys.append(sums)
            first.append(first[0][: len(sums)])
            last.append(first[0][more:])
        return Batch(
            salted(np.concatenate(keys), Key.LETTERS), np.concatenate(first), np.concatenate(last)
        )

    def around_initials(self) -> Batch:
        """Words with one single letter between them."""
        single = np.flatnonzero(self.lengths[1:-1] == 1) if self.count > 2 else np.zeros(0, int)
        left, right = single, single + 2
        keys = self.hasher.joined(self.words[left], self.lengths[left], self.words[right])
        return Batch(salted(keys, Key.LETTERS), left, right, skips=True)

    def misspelt(self) -> tuple[Batch, Batch]:
        """Pairs of words: their letters in any order, and how they sound."""
        lengths = self.layout.lengths
        both = lengths[:-1] + lengths[1:]
        fits = (both >= MIN_FUZZY - 1) & (np.minimum(lengths[:-1], lengths[1:]) >= 2)
        left = np.flatnonzero(fits & (both <= _LONGEST))
        bags = self.hasher.bags(self.layout.codes)
        bag = bags[self.layout.past] - bags[self.layout.first]
        heard, sizes = self._sounds()
        sounds = self.hasher.joined(heard[left], sizes[left], heard[left + 1])
        return (
            Batch(
                salted(bag_pairs(self.hasher, bag[left], bag[left + 1]), Key.BAG), left, left + 1
            ),
            Batch(salted(sounds, Key.SOUND), left, left + 1),
        )

    def _sounds(self) -> tuple[U64, Ints]:
        codes = self.layout.codes
        word_of = np.repeat(np.arange(self.count), self.layout.lengths)
        if codes.dtype != np.uint8:
            plain = codes < 128
            codes, word_of = codes[plain].astype(np.uint8), word_of[plain]
        heard, word_of = heard_letters(codes, word_of)
        sizes = np.bincount(word_of, minlength=self.count)
        past = np.cumsum(sizes)
        return self.hasher.stretch(self.hasher.sums(heard), past - sizes, past), sizes

    def inside_words(self) -> Batch:
        """Places in long words where a name may begin; `first` counts letters."""
        long = np.flatnonzero(self.layout.lengths > EMBEDDED)
        if not len(long):
            return Batch(np.zeros(0, np.uint64), long, long)
        sizes = np.minimum(self.layout.lengths[long], _LONGEST_WORD) - EMBEDDED + 1
        word_of = np.repeat(long, sizes)
        within = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        starts = self.layout.first[word_of] + within
        keys = self.hasher.stretch(self.sums, starts, starts + EMBEDDED)
        return Batch(salted(keys, Key.HEAD), starts, word_of)

    def spelt_out(self) -> Batch:
        """Runs of single letters, in all lengths; `first` and `last` count words."""
        edged = np.zeros(self.count + 2, np.int8)
        edged[1:-1] = self.layout.lengths == 1
        turns = np.flatnonzero(edged[1:] != edged[:-1])
        starts, ends = [], []
        for begin, end in zip(turns[::2], turns[1::2], strict=True):
            if end - begin >= _SINGLE_LETTERS:
                for size in range(MIN_WORD, min(_LONGEST, int(end - begin)) + 1):
                    run = np.arange(begin, end - size + 1)
                    starts.append(run)
                    ends.append(run + size)
        if not starts:
            return Batch(np.zeros(0, np.uint64), np.zeros(0, int), np.zeros(0, int))
        first, past = np.concatenate(starts), np.concatenate(ends)
        keys = self.hasher.stretch(
            self.sums, self.layout.first[first], self.layout.first[past - 1] + 1
        )
        return Batch(salted(keys, Key.LETTERS), first, past - 1)

    def inflected(self) -> Batch:
        """Pairs of words with short case endings taken off, or a last vowel put back to a."""
        left = np.flatnonzero((self.lengths[:-1] > 2) & (self.lengths[1:] > 3))
        firsts, sizes = self._without_endings(left)
        lasts, _ = self._without_endings(left + 1)
        keys = [
            salted(self.hasher.joined(first, size, last), Key.LETTERS)
            for i, (first, size) in enumerate(zip(firsts, sizes, strict=True))
            for j, last in enumerate(lasts)
            if i or j
        ]
        times = len(keys)
        return Batch(np.concatenate(keys), np.tile(left, times), np.tile(left + 1, times))

    def _without_endings(self, words: Ints) -> tuple[list[U64], list[Ints]]:
        first, past = self.layout.first[words], self.layout.past[words]
        hashes, sizes = [], []
        for cut in range(_ENDINGS):
            upto = np.maximum(past - cut, first)
            hashes.append(self.hasher.stretch(self.sums, first, upto))
            sizes.append(upto - first)
        hashes.append(self.hasher.joined(hashes[1], sizes[1], self.hasher.letter("a")))
        return hashes, [*sizes, sizes[0]]

    def windows(self, sizes: tuple[int, ...]) -> Iterator[Batch]:
        """Stretches of letters in scripts that glue words together; counts letters."""
        total = len(self.layout.codes)
        for size in sizes:
            if size <= total:
                starts = np.arange(total - size + 1)
                keys = self.hasher.stretch(self.sums, starts, starts + size)
                yield Batch(salted(keys, Key.LETTERS), starts, starts + size)


def candidates(
    index: NameIndex, search: Search, *, thorough: bool, inflected: bool
) -> Iterator[Candidate]:
    """Yield every stretch of a text that may be a listed name."""
    if not search.count:
        return
    for at, number, key, batch in _look(index, word_batches(search, inflected=inflected)):
        first, last = int(batch.first[at]), int(batch.last[at])
        yield Candidate(key, index.entries[number], first, last, skips=batch.skips)
    if thorough:
        yield from _of_letters(index, search)


def word_batches(search: Search, *, inflected: bool) -> list[tuple[Key, Batch]]:
    """Return the keys of all stretches of words, by kind."""
    batches: list[tuple[Key, Batch]] = [(Key.LETTERS, search.rows())]
    if search.count > 1:
        batches += zip((Key.BAG, Key.SOUND), search.misspelt(), strict=True)
        batches.append((Key.LETTERS, search.around_initials()))
        if inflected:
            batches.append((Key.LETTERS, search.inflected()))
        batches.append((Key.LETTERS, search.spelt_out()))
    return batches


def _of_letters(index: NameIndex, search: Search) -> Iterator[Candidate]:
    for at, number, key, batch in _look(index, [(Key.HEAD, search.inside_words())]):
        word, start = int(batch.last[at]), int(batch.first[at])
        yield Candidate(key, index.entries[number], word, word, start, start + EMBEDDED)
    if is_dense(search.text):
        for batch in search.windows(index.dense_sizes):
            for at, number, key, _ in _look(index, [(Key.LETTERS, batch)]):
                start, end = int(batch.first[at]), int(batch.last[at])
                yield Candidate(key, index.entries[number], -1, -1, start, end)


def _look(
    index: NameIndex, batches: list[tuple[Key, Batch]]
) -> Iterator[tuple[int, int, Key, Batch]]:
    keys = np.concatenate([batch.keys for _, batch in batches])
    bounds = np.cumsum([len(batch.keys) for _, batch in batches])
    for at, number in index.table.look(keys):
        which = int(np.searchsorted(bounds, at, "right"))
        key, batch = batches[which]
        yield at - (int(bounds[which - 1]) if which else 0), number, key, batch
