"""Names in pieces: the given name in the title and the surname in a tag, a surname beside a job,
a stage name spelt by ear."""

from __future__ import annotations

from collections.abc import Iterator

from assent.core.screening.common import common_words
from assent.core.screening.detectors.base import Example
from assent.core.screening.gazetteer import Entry
from assent.core.screening.name_keys import Key, name_words
from assent.core.screening.names import NameIndex
from assent.core.screening.page import Page, Passage
from assent.core.screening.sounds import stem
from assent.core.screening.tokens import Token
from assent.core.screening.verdict import Signal
from assent.core.terms import SubjectKind

SIGNALS = ("split_name", "surname_beside_job", "sounds_like_name")

_MOST_WORDS = 40  # words of a field that may hold one half of a name
_MOST_FIELDS = 24
_MIN_SOUND = 5
_LONGEST_WORD = 24


def detect(page: Page) -> Iterator[Signal]:
    """Yield a signal for each name put together from two fields or from its context."""
    yield from _across_fields(page)
    if page.has("profession", "likeness"):
        yield from _surnames(page, page.index)
        yield from _by_ear(page, page.index)


def _across_fields(page: Page) -> Iterator[Signal]:
    """Yield names whose first word is in one field and whose last is in another."""
    passages = page.passages[:_MOST_FIELDS]
    if len(passages) < 2:
        return
    places = [(p, token) for p in passages for token in p.tokens[:_MOST_WORDS]]
    words = [stem(token.text) for _, token in places]
    firsts = page.index.may_be(Key.GIVEN, words)
    lasts = page.index.may_be(Key.LAST, words)
    pairs = page.index.pairs([words[at] for at in firsts], [words[at] for at in lasts])
    for first, last, entry in pairs:
        left, right = places[firsts[first]], places[lasts[last]]
        if left[0] is not right[0]:
            yield from _evidence(page, entry, left, right)
    if page.protected is not None:
        for first, last, decided in page.protected.pairs(words, words):
            left, right = places[first], places[last]
            if left[0] is not right[0]:
                yield from _protected(decided, left, right)


def _protected(decided: bool, *pieces: tuple[Passage, Token]) -> Iterator[Signal]:
    for passage, token in pieces:
        yield passage.signal(
            "split_name",
            0.78 if decided else 0.45,
            token.start,
            token.end,
            subject=token.text,
            subject_kind=SubjectKind.PRIVATE_INDIVIDUAL,
        )


def _evidence(page: Page, entry: Entry, *pieces: tuple[Passage, Token]) -> Iterator[Signal]:
    everyday = any(token.text in common_words() for _, token in pieces)
    for passage, token in pieces:
        yield passage.signal(
            "split_name",
            0.4 if everyday or entry.is_everyday else 0.78,
            token.start,
            token.end,
            subject=entry.name,
            subject_kind=entry.subject_kind(page.at),
        )


def _surnames(page: Page, index: NameIndex) -> Iterator[Signal]:
    places = [place for passage in page.passages for place in _capitals(passage)]
    people = index.with_surname([stem(token.text) for _, token, _, _ in places])
    for (passage, token, start, end), entries in zip(places, people, strict=True):
        if entries:
            yield passage.signal(
                "surname_beside_job",
                0.45,
                token.start,
                token.end,
                subject=passage.original[start:end],
                subject_kind=entries[0].subject_kind(page.at),
            )


def _capitals(passage: Passage) -> Iterator[tuple[Passage, Token, int, int]]:
    """Yield words that may be a surname, with where they stand in the original."""
    taken = {at for match in passage.matches for at in range(match.start, match.end)}
    common = common_words()
    for token in passage.tokens:
        if len(token.text) < 4 or token.text in common:
            continue
        start, end = passage.reading.span(token.start, token.end)
        capital = passage.original[start].isupper() or not token.text.isascii()
        if capital and start not in taken:
            yield passage, token, start, end


def _by_ear(page: Page, index: NameIndex) -> Iterator[Signal]:
    places = [
        (passage, token)
        for passage in page.passages
        for token in passage.tokens
        if _MIN_SOUND <= len(token.text) <= _LONGEST_WORD and token.text not in common_words()
    ]
    heard = index.stage_name([token.text for _, token in places])
    for (passage, token), entry in zip(places, heard, strict=True):
        if entry is not None and (token.text,) not in map(name_words, entry.names):
            yield passage.signal(
                "sounds_like_name",
                0.5,
                token.start,
                token.end,
                subject=entry.name,
                subject_kind=entry.subject_kind(page.at),
            )


def examples() -> tuple[Example, ...]:
    """Names in two fields, and two words that are no name."""
    return (
        Example(True, "at a lectern", title="Emma", tags=("Watson",), signal="split_name"),
        Example(True, "the singer Gaga on a pier", signal="surname_beside_job"),
        Example(True, "beyonsay, the singer", signal="sounds_like_name"),
        Example(False, "a bridge", title="Tom", tags=("river",)),
    )
