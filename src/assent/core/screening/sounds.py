"""Keys under which a misspelt name meets the right one, and stems of inflected names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

# How a letter sounds, one letter for one letter. Vowels and half-vowels are one; h is not heard.
_HEARD = dict(zip("abcdefghijklmnopqrstuvwxyz", "abkdafg.aaklmnapkrstavvkas", strict=True))
_SOFT = ("e", "i", "y")  # c before these is heard as s
_ENDING = re.compile(r"(?:ами|ого|ому|ом|ем|ои|еи|ым|ых|ах|[аеиоуыэюяь])$")
_MIN_STEM = 3
_LONGEST = 60


def stem(word: str) -> str:
    """Return a Cyrillic word without its case ending; any other word as it is.

    >>> stem("свифтом"), stem("swift")
    ('свифт', 'swift')
    """
    if word.isascii() or not "\u0400" <= word[0] <= "\u04ff" or len(word) > _LONGEST:
        return word
    short = _ENDING.sub("", word)
    return short if len(short) >= _MIN_STEM else word


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """Return roughly how a word sounds; vowels count as one, doubled letters as one.

    >>> sound("johansson") == sound("yohanson"), sound("swift") == sound("swyft")
    (True, True)
    """
    heard: list[str] = []
    for at, letter in enumerate(word):
        one = _heard_as(letter, word[at + 1 : at + 2])
        if one != "." and (not heard or heard[-1] != one):
            heard.append(one)
    return "".join(heard)


def _heard_as(letter: str, after: str) -> str:
    if letter == "c" and after in _SOFT:
        return "s"
    if letter == "p" and after == "h":
        return "f"
    return _HEARD.get(letter, letter)


def sound_key(words: Sequence[str]) -> str:
    """Return the key of a whole name by sound."""
    return " ".join(sound(word) for word in words)


def _heard_table() -> NDArray[np.uint8]:
    table = np.arange(128, dtype=np.uint8)
    for letter, heard in _HEARD.items():
        table[ord(letter)] = ord(heard)
    return table


_TABLE = _heard_table()
_SOFT_TABLE = np.isin(np.arange(128), [ord(letter) for letter in "eiy"])


def heard_letters(
    codes: NDArray[np.unsignedinteger[Any]], word_of: NDArray[np.int64]
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return `sound` for many words at once: the letters heard, and the word of each.

    `codes` are the letters of all words in a row, `word_of` the number of each letter's word.
    """
    heard = _TABLE[codes]
    same = word_of[1:] == word_of[:-1]
    heard[:-1][(codes[:-1] == ord("c")) & _SOFT_TABLE[codes[1:]] & same] = ord("s")
    heard[:-1][(codes[:-1] == ord("p")) & (codes[1:] == ord("h")) & same] = ord("f")
    spoken = np.flatnonzero(heard != ord("."))
    heard, word_of = heard[spoken], word_of[spoken]
    kept = np.ones(len(heard), np.bool_)
    kept[1:] = (heard[1:] != heard[:-1]) | (word_of[1:] != word_of[:-1])
    return heard[kept], word_of[kept]


def near(word: str, name: str) -> bool:
    """Whether one letter too many, too few, wrong or swapped turns one word into the other.

    >>> near("hnaks", "hanks"), near("hankks", "hanks"), near("watson", "wilson")
    (True, True, False)
    """
    if word == name:
        return True
    if abs(len(word) - len(name)) > 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(word, name, strict=False)) if a != b), None)
    if at is None:
        return True
    if len(word) != len(name):
        longer, shorter = sorted((word, name), key=len, reverse=True)
        return longer[at + 1 :] == shorter[at:]
    swapped = word[at : at + 2] == name[at : at + 2][::-1] and word[at + 2 :] == name[at + 2 :]
    return swapped or word[at + 1 :] == name[at + 1 :]
