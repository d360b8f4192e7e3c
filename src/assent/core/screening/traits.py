"""What the learned model looks at: facts about a page, pairs of them, and stretches of letters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from assent.core.screening.page import Page
from assent.core.screening.submission import Submission
from assent.core.screening.verdict import Signal

# Three tables of weights, each of a power of two.
FACT_BITS, PAIR_BITS, GRAM_BITS = 12, 15, 16
MOST_FACTS = 64  # further facts of one page are left out, so that pairs stay few
SHORTEST, LONGEST = 2, 5  # letters (bytes) in a stretch
_PRIME = np.uint32(0x9E3779B1)
_KEYS = np.array([0x01000193, 0x85EBCA6B, 0xC2B2AE35, 0x27D4EB2F, 0x165667B1], dtype=np.uint32)
# What each byte adds at each place of a stretch.
_TERMS = np.arange(256, dtype=np.uint32) * _KEYS[:, None]
_GAP = b"\0" * LONGEST
# Each branch begins at a digit, which few texts have, and looks back from there.
_YEAR = re.compile(r"[0-9](?:(?<=1)9|(?<=2)0)(?<!\d..)\d\d(?!\d)|\d(?<!\d.)0s")
_PICTURES = "\U0001f2ff"
_TITLE_WORDS = (2, 4, 8)

Ids = NDArray[np.uint32]


@cache
def _hash(fact: str) -> int:
    return crc32(fact.encode())


@cache
def _of_signal(name: str, in_title: bool) -> tuple[int, ...]:
    facts = (f"signal {name}", f"title signal {name}") if in_title else (f"signal {name}",)
    return tuple(map(_hash, facts))


@cache
def _of_phrase(category: str, in_title: bool) -> tuple[int, ...]:
    place = "title" if in_title else "text"
    return _hash(f"says {category}"), _hash(f"{place} says {category}")


def facts_of(page: Page, signals: Sequence[Signal]) -> Ids:
    """Return the hashes of everything that is so about a page, sorted, each once."""
    found = set(map(_hash, _outside(page.submission)))
    for signal in signals:
        found.update(_of_signal(signal.name, signal.field == "title"))
    for passage in page.passages:
        in_title = passage.field == "title"
        for category in passage.hits:
            found.update(_of_phrase(category, in_title))
        for category in passage.denied:
            found.add(_hash(f"denies {category}"))
    return np.array(sorted(found)[:MOST_FACTS], dtype=np.uint32)


def _outside(submission: Submission) -> Iterator[str]:
    """What can be said before anything is understood."""
    yield f"kind {submission.kind}"
    yield f"type {submission.type}"
    yield "wordless" if not submission.description else "words"
    words = submission.title.split()
    yield f"title {sum([len(words) > few for few in _TITLE_WORDS])}"
    yield from _looks(submission, words)


def _looks(submission: Submission, words: Sequence[str]) -> Iterator[str]:
    """What can be seen of a text in any language: capitals, years, pictures instead of words."""
    title, text = submission.title, submission.description
    yield f"capitals {min(3, sum([word[0].isupper() for word in words]))}"
    yield f"lang {(submission.lang or '')[:2]}"
    if _YEAR.search(text) or _YEAR.search(title):
        yield "a year"
    if text[:1].isupper() and text[text.find(" ") + 1 :][:1].isupper() and " " in text:
        yield "starts with capitals"
    if title and not title.isascii() and max(title) > _PICTURES:
        yield "a picture in the title"


def pairs_of(facts: Ids) -> Ids:
    """Return the hashes of all pairs of facts; the facts are sorted, so a pair has one order."""
    left, right = _corners(len(facts))
    mixed = (facts[left] ^ (facts[right] * _KEYS[1])) * _PRIME
    return np.asarray(mixed >> np.uint32(32 - PAIR_BITS), dtype=np.uint32)


@cache
def _corners(count: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    return np.triu_indices(count, 1)


def letters_of(page: Page) -> NDArray[np.uint8]:
    """Return the bytes of every field as read, with a gap that no stretch may cross."""
    return np.frombuffer(_bytes_of(page), np.uint8)


def _bytes_of(page: Page) -> bytes:
    parts = [b" " + p.reading.text.encode("utf-8", "ignore") + b" " for p in page.passages]
    return _GAP + _GAP.join(parts) + _GAP


def grams_of(letters: NDArray[np.uint8]) -> Iterator[tuple[Ids, NDArray[np.bool_]]]:
    """Yield, for each length, the hash of the stretch at every byte and whether it counts."""
    yield from zip(*_stretches(letters), strict=True)


def _stretches(letters: NDArray[np.uint8]) -> tuple[Ids, NDArray[np.bool_]]:
    """Return, a row for each length, the hash of the stretch at every byte and whether it counts.

    A rolling hash: each length is the one before and one more byte, so the work is linear.
    """
    size = len(letters) - LONGEST + 1
    rows = LONGEST - SHORTEST + 1
    terms = _TERMS.take(letters, axis=1)
    hashes, counts = np.empty((rows, size), np.uint32), np.empty((rows, size), np.bool_)
    inside = letters != 0
    before, counted = terms[0, :size] * _PRIME, inside[:size]
    for row in range(rows):
        at = row + SHORTEST - 1
        np.bitwise_xor(before, terms[at, at : at + size], out=hashes[row])
        hashes[row] *= _PRIME
        np.logical_and(counted, inside[at : at + size], out=counts[row])
        before, counted = hashes[row], counts[row]
    hashes >>= np.uint32(32 - GRAM_BITS)
    return hashes, counts


@dataclass(frozen=True, slots=True)
class Said:
    """What the letters of a page say: at each byte, in sum, and in how many stretches."""

    at: NDArray[np.float64]
    total: float
    count: int


def said_by(pages: Sequence[Page], grams: NDArray[np.float32]) -> list[Said]:
    """Return what the letters of each page say, by the weights of all stretches."""
    parts = [_bytes_of(page) for page in pages]
    hashes, counts = _stretches(np.frombuffer(b"".join(parts), np.uint8))
    weights = grams.take(hashes)
    weights *= counts
    at = weights.sum(axis=0, dtype=np.float64)
    said: list[Said] = []
    begin = 0
    for part in parts:
        mine = slice(begin, begin + len(part) - LONGEST + 1)
        here = at[mine]
        said.append(Said(here, float(here.sum()), int(np.count_nonzero(counts[:, mine]))))
        begin += len(part)
    return said
