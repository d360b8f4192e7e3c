"""Names of people on no list: a given name with a surname, or a name standing alone as subject."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assent.core.screening.detectors.base import Example
from assent.core.screening.page import Page, Passage
from assent.core.screening.verdict import Signal
from assent.core.screening.word_book import COMMON, GIVEN, LISTED_LAST, SURNAME_LIKE
from assent.core.terms import SubjectKind

SIGNALS = ("unlisted_name", "capitalised_pair", "lone_name")

_SEPARATED = re.compile(r"[\u30a0-\u30fa\u30fc]{2,12}[・=＝][\u30a0-\u30fa\u30fc]{2,12}"
                        r"|[\u4e00-\u9fff]{1,6}[·・‧•][\u4e00-\u9fff]{1,8}")  # fmt: skip
_NEAR = 2
_TITLE_WORDS = 6


def detect(page: Page) -> Iterator[Signal]:
    """Yield a signal for each likely name that no list has."""
    for passage in page.passages:
        taken = {at for match in passage.matches for at in range(match.start, match.end)}
        yield from _pairs(passage, taken, german=page.submission.lang == "de")
        if not passage.original.isascii():
            for found in _SEPARATED.finditer(passage.original):
                if found.start() not in taken:
                    yield _signal(passage, "unlisted_name", 0.45, *found.span())
        if passage.field == "title":
            yield from _lone(passage, taken)


def _pairs(passage: Passage, taken: set[int], *, german: bool) -> Iterator[Signal]:
    flags, words, capitals = passage.flags, passage.words, passage.capitals
    # The cheapest questions first: most pairs end here.
    for right, flag in enumerate(flags):
        if not flag & SURNAME_LIKE or not right:
            continue
        left = right - 1
        given = flags[left] & GIVEN
        capital = right in capitals and left in capitals
        if not capital and not given:
            continue
        start, end = passage.reading.span(passage.starts[left], passage.ends[right])
        if start in taken or not _side_by_side(passage, left):
            continue
        common = flags[left] & COMMON
        if given:
            if capital:
                yield _signal(passage, "unlisted_name", 0.5, start, end)
            elif not common and len(words[right]) > 3:
                yield _signal(passage, "capitalised_pair", 0.3, start, end)
        elif not german and not common:
            initial = len(words[left]) == 1
            strong = initial or _inside_sentence(passage, left)
            yield _signal(
                passage, "capitalised_pair", 0.4 if initial else 0.36 if strong else 0.2, start, end
            )


def _lone(passage: Passage, taken: set[int]) -> Iterator[Signal]:
    """A given name in a short title: "Sandra", "lora of Kevin". A surname counts too, unless its
    capital is only that of a sentence that goes on in small letters: "Stone bridges"."""
    for at, word in enumerate(passage.words[:_TITLE_WORDS]):
        flag = passage.flags[at]
        if flag & COMMON or at not in passage.capitals:
            continue
        start, end = passage.reading.span(passage.starts[at], passage.ends[at])
        if start in taken:
            continue
        opens_sentence = at == 0 and len(passage.words) > 1 and 1 not in passage.capitals
        if flag & GIVEN or (not opens_sentence and _is_surname(passage, word, flag)):
            yield _signal(passage, "lone_name", 0.4, start, end)
            return


def _is_surname(passage: Passage, word: str, flag: int) -> bool:
    if word.isascii() and not flag & LISTED_LAST:
        return False
    return bool(passage.index.with_surname([word])[0])


def _side_by_side(passage: Passage, left: int) -> bool:
    between = passage.reading.text[passage.ends[left] : passage.starts[left + 1]]
    return len(between) <= _NEAR and between.strip(" ._-") == ""


def _inside_sentence(passage: Passage, at: int) -> bool:
    """Whether a capital here is not simply the first letter of a sentence or a title."""
    if passage.field != "description":
        return False
    start = passage.starts[at]
    before = passage.reading.text[max(0, start - 3) : start].rstrip(" \"'“«(")
    return bool(before) and before[-1] not in ".!?:\n…"


def _signal(passage: Passage, name: str, weight: float, start: int, end: int) -> Signal:
    return passage.signal(
        name,
        weight,
        start,
        end,
        subject=passage.original[start:end],
        subject_kind=SubjectKind.PRIVATE_INDIVIDUAL,
        original=True,
    )


def examples() -> tuple[Example, ...]:
    """Invented people, and capitals that are no name."""
    return (
        Example(True, "it is for Rosalind Achterkamp", signal="unlisted_name"),
        Example(True, "I asked Eduviges Larrazábal", signal="capitalised_pair"),
        Example(True, "", title="Sandra", signal="lone_name"),
        Example(True, "グレタ・ヨハンソン", signal="unlisted_name"),
        Example(False, "", title="Red Leather Jacket"),
        Example(False, "", title="Stone bridges in fog"),
        Example(False, "a lamp in the Art Nouveau style"),
    )
