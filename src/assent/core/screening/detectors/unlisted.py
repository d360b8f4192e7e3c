"""Names of people on no list: a given name with a surname, or a name standing alone as subject."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from assent.core.screening.common import common_words
from assent.core.screening.detectors.base import Example
from assent.core.screening.gazetteer import given_names
from assent.core.screening.page import Page, Passage
from assent.core.screening.tokens import Token
from assent.core.screening.verdict import Signal
from assent.core.terms import SubjectKind

SIGNALS = ("unlisted_name", "capitalised_pair", "lone_name")

_SEPARATED = re.compile(r"[\u30a0-\u30fa\u30fc]{2,12}[・=＝][\u30a0-\u30fa\u30fc]{2,12}"
                        r"|[\u4e00-\u9fff]{1,6}[·・‧•][\u4e00-\u9fff]{1,8}")  # fmt: skip
_NEAR = 2


def detect(page: Page) -> Iterator[Signal]:
    """Yield a signal for each likely name that no list has."""
    for passage in page.passages:
        taken = {at for match in passage.matches for at in range(match.start, match.end)}
        yield from _pairs(passage, taken, german=page.submission.lang == "de")
        for found in _SEPARATED.finditer(passage.original):
            if found.start() not in taken:
                yield _signal(passage, "unlisted_name", 0.45, *found.span())
        if passage.field == "title":
            yield from _lone(passage, taken)


def _pairs(passage: Passage, taken: set[int], *, german: bool) -> Iterator[Signal]:
    given, common = given_names(), common_words()
    for left, right in itertools.pairwise(passage.tokens):
        # The cheapest questions first: most pairs end here.
        if right.text in common or not right.text.isalpha() or len(right.text) < 2:
            continue
        capital = _capital(passage, right) and _capital(passage, left)
        if not capital and left.text not in given:
            continue
        start, end = passage.reading.span(left.start, right.end)
        if start in taken or not _side_by_side(passage, left, right):
            continue
        if left.text in given:
            if capital:
                yield _signal(passage, "unlisted_name", 0.5, start, end)
            elif left.text not in common and len(right.text) > 3:
                yield _signal(passage, "capitalised_pair", 0.3, start, end)
        elif not german and left.text not in common:
            initial = len(left.text) == 1
            strong = initial or _inside_sentence(passage, left)
            yield _signal(
                passage, "capitalised_pair", 0.4 if initial else 0.36 if strong else 0.2, start, end
            )


def _lone(passage: Passage, taken: set[int]) -> Iterator[Signal]:
    """A given name in a short title: "Sandra", "lora of Kevin". A surname counts too, unless its
    capital is only that of a sentence that goes on in small letters: "Stone bridges"."""
    for number, token in enumerate(passage.tokens[:6]):
        start, end = passage.reading.span(token.start, token.end)
        if start in taken or token.text in common_words() or not _capital(passage, token):
            continue
        opens_sentence = number == 0 and _small_letters_follow(passage)
        is_surname = not opens_sentence and bool(passage.index.with_surname([token.text])[0])
        if _is_given(token.text) or is_surname:
            yield _signal(passage, "lone_name", 0.4, start, end)
            return


def _small_letters_follow(passage: Passage) -> bool:
    return len(passage.tokens) > 1 and not _capital(passage, passage.tokens[1])


def _is_given(word: str) -> bool:
    return word in given_names()


def _side_by_side(passage: Passage, left: Token, right: Token) -> bool:
    between = passage.reading.text[left.end : right.start]
    return len(between) <= _NEAR and between.strip(" ._-") == ""


def _capital(passage: Passage, token: Token) -> bool:
    start, _ = passage.reading.span(token.start, token.end)
    return passage.original[start].isupper()


def _inside_sentence(passage: Passage, token: Token) -> bool:
    """Whether a capital here is not simply the first letter of a sentence or a title."""
    before = passage.reading.text[max(0, token.start - 3) : token.start].rstrip(" \"'“«(")
    return passage.field == "description" and bool(before) and before[-1] not in ".!?:\n…"


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
