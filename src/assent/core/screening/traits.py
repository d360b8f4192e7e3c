"""What the learned model looks at: facts about a page, pairs of them, and stretches of letters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
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
_GAP = b"\0" * LONGEST
# Each branch begins at a digit, which few texts have, and looks back from there.
_YEAR = re.compile(r"[0-9](?:(?<=1)9|(?<=2)0)(?<!\d..)\d\d(?!\d)|\d(?<!\d.)0s")
_PICTURES = "\U0001f2ff"
_TITLE_WORDS = (2, 4, 8)

Ids = NDArray[np.uint32]


@cache
def _hash(fact: str) -> int:
    return crc32(fact.encode())


def facts_of(page: Page, signals: Sequence[Signal]) -> Ids:
    """Return the hashes of everything that is so about a page, sorted, each once."""
    found = {_hash(fact) for fact in _facts(page, signals)}
    return np.array(sorted(found)[:MOST_FACTS], dtype=np.uint32)


def _facts(page: Page, signals: Sequence[Signal]) -> Iterator[str]:
    submission = page.submission
    yield f"kind {submission.kind}"
    yield f"type {submission.type}"
    yield "wordless" if not submission.description else "words"
    yield f"title {sum(len(submission.title.split()) > few for few in _TITLE_WORDS)}"
    yield from _looks(submission)
    for signal in signals:
        yield f"signal {signal.name}"
        if signal.field == "title":
            yield f"title signal {signal.name}"
    for passage in page.passages:
        place = "title" if passage.field == "title" else "text"
        for category in passage.hits:
            yield f"says {category}"
            yield f"{place} says {category}"
        for category in passage.denied:
            yield f"denies {category}"


def _looks(submission: Submission) -> Iterator[str]:
    """What can be seen of a text in any language: capitals, years, pictures instead of words."""
    title, text = submission.title, submission.description
    yield f"capitals {min(3, sum(word[0].isupper() for word in title.split()))}"
    yield f"lang {(submission.lang or '')[:2]}"
    if _YEAR.search(text) or _YEAR.search(title):
        yield "a year"
    if text[:1].isupper() and text.split(" ", 2)[1:2] and text.split(" ", 2)[1][:1].isupper():
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
    parts = (passage.reading.text.encode("utf-8", "ignore") for passage in page.passages)
    return np.frombuffer(_GAP + _GAP.join(b" " + part + b" " for part in parts) + _GAP, np.uint8)


def grams_of(letters: NDArray[np.uint8]) -> Iterator[tuple[Ids, NDArray[np.bool_]]]:
    """Yield, for each length, the hash of the stretch at every byte and whether it counts.

    A rolling hash: each length is the one before and one more byte, so the work is linear.
    """
    size = len(letters) - LONGEST + 1
    hashes = np.zeros(size, dtype=np.uint32)
    counts = np.ones(size, dtype=np.bool_)
    for length in range(1, LONGEST + 1):
        column = letters[length - 1 : length - 1 + size]
        hashes = (hashes ^ (column * _KEYS[length - 1])) * _PRIME
        counts = counts & (column != 0)
        if length >= SHORTEST:
            yield np.asarray(hashes >> np.uint32(32 - GRAM_BITS), dtype=np.uint32), counts
