"""Every stretch of a sheet that may be a listed name, looked up at once.

What is yielded are candidates: the table holds hashes, and `spellings` decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assent.core.screening.gazetteer import Entry
from assent.core.screening.hashing import U64, Layout, lay_out
from assent.core.screening.name_keys import EMBEDDED, MIN_FUZZY, MIN_WORD, MIX, SALT, Key, salted
from assent.core.screening.names import MAX_WORDS, NameIndex
from assent.core.screening.sheet import Sheet
from assent.core.screening.tokens import is_dense
from assent.core.screening.word_book import (
    BAG,
    CUT,
    CUT_WEIGHT,
    CUTS,
    FLAGS,
    HOLDS_NAME,
    LENGTH,
    SOUND,
    SOUND_WEIGHT,
    STEM,
    STEM_BACK,
    STEM_LENGTH,
    STEM_WEIGHT,
    Rows,
)

_LONGEST = 40  # letters of a name
_SINGLE_LETTERS = 4  # words of one letter in a row that may spell a name
_PIECE = 8192  # words looked at together, so that memory does not grow with the text
_OVERLAP = _LONGEST

Bytes = NDArray[np.uint8]
Look = Callable[[U64], Iterator[tuple[int, int]]]


class Candidate(NamedTuple):
    """A stretch that may be a name: the kind of key, whose, and where.

    `first` and `last` count words. For a name inside a word, `start` is the letter at which it
    begins; where words are not parted, `start` and `end` are places in the sheet and `depth` says
    how many letters of the word stand before. Both are -1 otherwise.
    """

    key: Key
    entry: Entry
    first: int
    last: int
    start: int = -1
    end: int = -1
    skips: bool = False  # a word in the middle is left out
    depth: int = 0


class Layer(NamedTuple):
    """One kind of stretch that begins at every word."""

    key: Key
    words: int
    skips: bool = False
    inflected: bool = False


_ROWS = tuple(Layer(Key.LETTERS, words) for words in range(1, MAX_WORDS + 1))
_PAIRS = (Layer(Key.BAG, 2), Layer(Key.SOUND, 2))
_AROUND = (Layer(Key.LETTERS, 3, skips=True),)
_ENDINGS = (Layer(Key.LETTERS, 2, inflected=True),) * (CUTS * CUTS - 1)
_PLAIN_LAYERS = (*_ROWS, *_PAIRS, *_AROUND)
_ALL_LAYERS = (*_PLAIN_LAYERS, *_ENDINGS)


class Place(NamedTuple):
    """A stretch of words whose key is in a table, and the number that stands there."""

    key: Key
    first: int
    last: int
    skips: bool
    number: int


def places(look: Look, rows: Rows, *, inflected: bool) -> Iterator[Place]:
    """Yield every stretch of words that a table has under any kind of key."""
    for begin in range(0, len(rows), _PIECE):
        piece = rows[begin : begin + _PIECE + _OVERLAP] if len(rows) > _PIECE else rows
        yield from _in_piece(look, piece, begin, inflected=inflected)


def _in_piece(look: Look, rows: Rows, begin: int, *, inflected: bool) -> Iterator[Place]:
    count = len(rows)
    layers = _ALL_LAYERS if inflected else _PLAIN_LAYERS
    about = rows.view(np.uint8)
    for flat, number in look(_keys(rows, inflected=inflected).reshape(-1)):
        which, first = divmod(flat, count)
        layer = layers[which]
        past = first + layer.words
        if first < _PIECE and past <= count and _fits(layer, about, first):
            yield Place(layer.key, begin + first, begin + past - 1, layer.skips, number)
    yield from _spelt_out(look, rows, about[:, LENGTH], begin)


def _fits(layer: Layer, about: Bytes, at: int) -> bool:
    """Whether the stretch at a word is of a shape that this kind of key is meant for."""
    if layer.skips:
        return bool(about[at + 1, STEM_LENGTH] == 1)
    if layer.inflected:
        return bool(about[at, STEM_LENGTH] > 2 and about[at + 1, STEM_LENGTH] > 3)
    if layer.key is not Key.LETTERS:
        left, right = int(about[at, LENGTH]), int(about[at + 1, LENGTH])
        return MIN_FUZZY - 1 <= left + right <= _LONGEST and min(left, right) > 1
    return True


@cache
def _salts(*, inflected: bool) -> U64:
    layers = _ALL_LAYERS if inflected else _PLAIN_LAYERS
    return np.array([[SALT[layer.key]] for layer in layers], np.uint64)


def _keys(rows: Rows, *, inflected: bool) -> U64:
    """Return the key of every stretch, one row a layer; past the end stands what never fits."""
    salts = _salts(inflected=inflected)
    count = len(rows)
    keys = np.zeros((len(salts), count), np.uint64)
    columns = np.ascontiguousarray(rows.T)
    _of_rows(columns, keys[: len(_ROWS)])
    bag, sound, around = keys[len(_ROWS) : len(_PLAIN_LAYERS)]
    np.multiply(columns[BAG, 1:], MIX, out=bag[:-1])
    bag[:-1] += columns[BAG, :-1]
    np.multiply(columns[SOUND, 1:], columns[SOUND_WEIGHT, :-1], out=sound[:-1])
    sound[:-1] += columns[SOUND, :-1]
    if count > 2:
        np.multiply(columns[STEM, 2:], columns[STEM_WEIGHT, :-2], out=around[:-2])
        around[:-2] += columns[STEM, :-2]
    if inflected and count > 1:
        left, right = columns[CUT : CUT + CUTS, :-1], columns[CUT : CUT + CUTS, 1:]
        weight = columns[CUT_WEIGHT : CUT_WEIGHT + CUTS, :-1]
        both = left[:, None] + weight[:, None] * right[None]
        keys[len(_PLAIN_LAYERS) :, :-1] = both.reshape(CUTS * CUTS, -1)[1:]
    keys += salts
    keys *= MIX
    return keys


def _of_rows(columns: U64, out: U64) -> None:
    """Write the hash of one, two, … words in a row, from running sums over all words."""
    many, count = out.shape
    shift, back = np.ones(count + 1, np.uint64), np.ones(count + 1, np.uint64)
    np.multiply.accumulate(columns[STEM_WEIGHT], out=shift[1:])
    np.multiply.accumulate(columns[STEM_BACK], out=back[1:])
    sums = np.zeros(count + many, np.uint64)
    np.add.accumulate(columns[STEM] * shift[:-1], out=sums[1 : count + 1])
    sums[count + 1 :] = sums[count]
    ahead = np.ndarray((many, count), np.uint64, sums, 8, (8, 8))
    np.subtract(ahead, sums[:count], out=out)
    out *= back[:-1]


def _spelt_out(look: Look, rows: Rows, lengths: Bytes, offset: int) -> Iterator[Place]:
    """Yield runs of single letters, in all lengths."""
    single = lengths == 1
    if np.count_nonzero(single) < _SINGLE_LETTERS:
        return
    edged = np.zeros(len(single) + 2, np.int8)
    edged[1:-1] = single
    turns = np.flatnonzero(edged[1:] != edged[:-1])
    for begin, end in zip(turns[::2].tolist(), turns[1::2].tolist(), strict=True):
        if end - begin >= _SINGLE_LETTERS and begin < _PIECE:
            yield from _in_run(look, rows[begin:end], offset + begin)


def _in_run(look: Look, rows: Rows, begin: int) -> Iterator[Place]:
    count = len(rows)
    sizes = range(MIN_WORD, min(_LONGEST, count) + 1)
    if not sizes:
        return
    keys = np.zeros((sizes[-1], count), np.uint64)
    _of_rows(np.ascontiguousarray(rows.T), keys)
    for flat, number in look(salted(keys[sizes[0] - 1 :].reshape(-1), Key.LETTERS)):
        which, first = divmod(flat, count)
        past = first + sizes[which]
        if past <= count:
            yield Place(Key.LETTERS, begin + first, begin + past - 1, False, number)


def candidates(
    index: NameIndex, sheet: Sheet, *, thorough: bool, inflected: bool
) -> Iterator[Candidate]:
    """Yield every stretch of a sheet that may be a listed name."""
    if not sheet.words:
        return
    rows, entries = sheet.rows(index.book), index.entries
    for place in places(index.table.look, rows, inflected=inflected):
        key, first, last, skips, number = place
        yield Candidate(key, entries[number], first, last, -1, -1, skips)
    if thorough:
        flags = rows.view(np.uint8)[:, FLAGS]
        for at in np.flatnonzero(flags & HOLDS_NAME).tolist():
            for letter, number in index.book.inside(sheet.words[at]):
                yield Candidate(Key.HEAD, entries[number], at, at, letter, letter + EMBEDDED)
        yield from _in_dense_texts(index, sheet)


def _in_dense_texts(index: NameIndex, sheet: Sheet) -> Iterator[Candidate]:
    """Yield stretches of letters in scripts that glue words together."""
    if not is_dense(sheet.text):
        return
    for begin, text in zip(sheet.begins, sheet.texts, strict=True):
        if is_dense(text):
            yield from _windows(index, lay_out(text), begin)


def _windows(index: NameIndex, layout: Layout, begin: int) -> Iterator[Candidate]:
    hasher = index.hasher
    sums, total = hasher.sums(layout.codes), len(layout.codes)
    for size in index.dense_sizes:
        starts = np.arange(total - size + 1)
        keys = hasher.stretch(sums, starts, starts + size) if size <= total else starts[:0]
        for at, number in index.table.look(salted(keys.view(np.uint64), Key.LETTERS)):
            start, end = (int(layout.places[place]) + begin for place in (at, at + size - 1))
            yield Candidate(
                Key.LETTERS, index.entries[number], -1, -1, start, end + 1, depth=_depth(layout, at)
            )


def _depth(layout: Layout, letter: int) -> int:
    """How many letters of the word stand before this one."""
    word = int(layout.past.searchsorted(letter, "right"))
    return letter - int(layout.first[word])
