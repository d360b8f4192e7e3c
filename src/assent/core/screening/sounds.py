"""Keys under which a misspelt name meets the right one, and stems of inflected names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

_SOFT_C = re.compile(r"c(?=[eiy])")
_SPELLINGS = (("ph", "f"), ("sch", "s"), ("sh", "s"), ("ch", "k"), ("ck", "k"), ("th", "t"))
_LETTERS = str.maketrans(
    {"c": "k", "q": "k", "x": "ks", "z": "s", "j": "i", "y": "i", "w": "v", "h": ""}
)
_VOWELS = re.compile(r"[aeiou]+")
_TWICE = re.compile(r"(.)\1+")
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


@lru_cache(maxsize=8192)
def sound(word: str) -> str:
    """Return roughly how a word sounds; vowels count as one, doubled letters as one.

    >>> sound("johansson") == sound("yohanson"), sound("swift") == sound("swyft")
    (True, True)
    """
    word = _SOFT_C.sub("s", word)
    for written, heard in _SPELLINGS:
        word = word.replace(written, heard)
    return _TWICE.sub(r"\1", _VOWELS.sub("a", word.translate(_LETTERS)))


def sound_key(words: Sequence[str]) -> str:
    """Return the key of a whole name by sound."""
    return " ".join(sound(word) for word in words)


def shuffle_key(words: Sequence[str]) -> str:
    """Return the key of a whole name whatever the order of the letters in each word."""
    return " ".join("".join(sorted(word)) for word in words)
