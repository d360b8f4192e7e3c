"""Words of a reading. Whatever is not a letter, digit or vowel sign parts two words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

# Vowel signs of the Indic and Thai scripts are not "word" characters for `re`, hence the ranges.
_WORD = re.compile(r"(?:[^\W_]|[\u0900-\u0963\u0966-\u0dff\u0e00-\u0e7f\u3099])+")
# The same words of an ASCII text, at half the price.
_ASCII_WORD = re.compile(r"[a-zA-Z0-9]+")
_DENSE = re.compile(r"[\u0590-\u1cff\u3000-\ud7ff\uf900-\ufaff\ufe70-\ufeff]")


def word_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each word begins and ends."""
    return (found.span() for found in _WORD.finditer(text))


class Token(NamedTuple):
    """One word and where it stands in its reading."""

    text: str
    start: int
    end: int


def tokenise(text: str) -> list[Token]:
    """Return the words of a folded text, in order.

    >>> [token.text for token in tokenise("anna_b.'s 2nd-hand [coat|hat]")]
    ['anna', 'b', 's', '2nd', 'hand', 'coat', 'hat']
    """
    # Half the price of calling Token, in the loop that every text goes through.
    new, words = tuple.__new__, _ASCII_WORD if text.isascii() else _WORD
    return [new(Token, (m[0], *m.span())) for m in words.finditer(text)]


_REACH = 200  # letters of a word that are looked at around one place


def word_before(text: str, end: int) -> Token | None:
    """Return the word that ends exactly here, if one does."""
    if end <= 0 or _in_word(text[end : end + 1]):
        return None
    start, least = end, max(0, end - _REACH)
    while start > least and _in_word(text[start - 1]):
        start -= 1
    return Token(text[start:end], start, end) if start < end else None


def word_after(text: str, start: int) -> Token | None:
    """Return the word that begins exactly here, if one does."""
    if start > 0 and _in_word(text[start - 1 : start]):
        return None
    found = _WORD.match(text, start, start + _REACH)
    return Token(found[0], start, found.end()) if found else None


def _in_word(char: str) -> bool:
    return _WORD.match(char) is not None


def is_dense(text: str) -> bool:
    """Whether the text has a script that does not part words as Latin does, or glues to them."""
    return not text.isascii() and _DENSE.search(text) is not None
