"""Texts side by side: their words, where each stands, and which text it is in.

One call of a fast routine over many short texts costs hardly more than over one, so everything
that looks at words looks at a whole sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import numpy as np

from assent.core.screening.hashing import Ints, codes_of, in_words
from assent.core.screening.once import once
from assent.core.screening.word_book import Rows, WordBook

# Letters and digits stay, everything else parts words.
_PARTED = "".join(char if char.isalnum() else " " for char in map(chr, range(128)))
_INSIDE = bytes(char.isalnum() for char in map(chr, range(128))) + bytes(128)


class Sheet:
    """Folded texts, one after the other, with a line break between two."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self.text = "\n".join(texts)
        self.begins = [0, *accumulate(len(text) + 1 for text in texts[:-1])] if texts else []
        self.words: list[str]
        if self.text.isascii():
            self.words = self.text.translate(_PARTED).split()
            inside = np.frombuffer(f" {self.text} ".encode("ascii").translate(_INSIDE), np.uint8)
        else:
            codes = codes_of(f" {self.text} ")
            inside = in_words(codes).view(np.uint8)
            parted = np.where(inside > 0, codes, np.uint32(ord(" "))).tobytes()
            self.words = parted.decode("utf-32-le", "surrogatepass").split()
        turns = (inside[1:] != inside[:-1]).nonzero()[0]
        self.starts: Ints = turns[::2]
        self.ends: Ints = turns[1::2]
        self._rows: tuple[WordBook, Rows] | None = None

    def gap(self, at: int) -> str:
        """Return what stands between a word and the next."""
        return self.text[self.ends[at] : self.starts[at + 1]]

    def rows(self, book: WordBook) -> Rows:
        """Return what a book knows of each word."""
        if self._rows is None or self._rows[0] is not book:
            self._rows = book, book.rows(self.words)
        return self._rows[1]

    @once
    def bounds(self) -> list[int]:
        """The first word of each text, and how many words there are."""
        return [*self.starts.searchsorted(self.begins).tolist(), len(self.words)]
