"""Names in pieces: the given name in the title and the surname in a tag, a surname beside a job,
a stage name spelt by ear."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from assent.core.screening.detectors.base import Example
from assent.core.screening.gazetteer import Entry
from assent.core.screening.name_keys import name_words
from assent.core.screening.names import NameIndex
from assent.core.screening.page import Page, Passage
from assent.core.screening.sounds import stem
from assent.core.screening.verdict import Signal
from assent.core.screening.word_book import COMMON, LISTED_GIVEN, LISTED_LAST, LISTED_STAGE
from assent.core.terms import SubjectKind

SIGNALS = ("split_name", "surname_beside_job", "sounds_like_name")

_MOST_WORDS = 40  # words of a field that may hold one half of a name
_MOST_FIELDS = 24
_MIN_SOUND = 5
_LONGEST_WORD = 24
_MIN_SURNAME = 4


class Place(NamedTuple):
    """A word of a passage, and what is known of it."""

    passage: Passage
    at: int
    flag: int

    @property
    def word(self) -> str:
        """The word as read."""
        return self.passage.words[self.at]

    @property
    def span(self) -> tuple[int, int]:
        """Where the word stands in the original."""
        passage = self.passage
        return passage.reading.span(passage.starts[self.at], passage.ends[self.at])

    def signal(self, name: str, weight: float, subject: str, kind: SubjectKind) -> Signal:
        """Return a signal whose evidence is the word."""
        start, end = self.span
        return self.passage.signal(
            name, weight, start, end, subject=subject, subject_kind=kind, original=True
        )


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
    firsts = _listed(passages, LISTED_GIVEN)
    lasts = _listed(passages, LISTED_LAST)
    if firsts and lasts and len({id(place.passage) for place in (*firsts, *lasts)}) > 1:
        for first, last, entry in page.index.pairs(_words(firsts), _words(lasts)):
            if firsts[first].passage is not lasts[last].passage:
                yield from _evidence(page, entry, firsts[first], lasts[last])
    if page.protected is not None:
        places = [
            Place(p, at, flag) for p in passages for at, flag in enumerate(p.flags[:_MOST_WORDS])
        ]
        words = _words(places)
        for one, other, decided in page.protected.pairs(words, words):
            if places[one].passage is not places[other].passage:
                yield from _protected(decided, places[one], places[other])


def _listed(passages: Sequence[Passage], flag: int | None) -> list[Place]:
    """Return the words that a list of names seems to have, or all words."""
    return [
        Place(passage, at, given)
        for passage in passages
        for at, given in enumerate(passage.flags[:_MOST_WORDS])
        if flag is None or given & flag
    ]


def _words(places: Sequence[Place]) -> list[str]:
    return [stem(place.word) for place in places]


def _protected(decided: bool, *pieces: Place) -> Iterator[Signal]:
    for piece in pieces:
        yield piece.signal(
            "split_name",
            0.78 if decided else 0.45,
            piece.word,
            SubjectKind.PRIVATE_INDIVIDUAL,
        )


def _evidence(page: Page, entry: Entry, *pieces: Place) -> Iterator[Signal]:
    everyday = entry.is_everyday or any(piece.flag & COMMON for piece in pieces)
    for piece in pieces:
        yield piece.signal(
            "split_name", 0.4 if everyday else 0.78, entry.name, entry.subject_kind(page.at)
        )


def _surnames(page: Page, index: NameIndex) -> Iterator[Signal]:
    places = [place for passage in page.passages for place in _capitals(passage)]
    for place, entries in zip(places, index.with_surname(_words(places)), strict=True):
        if entries:
            start, end = place.span
            subject = place.passage.original[start:end]
            yield place.signal(
                "surname_beside_job", 0.45, subject, entries[0].subject_kind(page.at)
            )


def _capitals(passage: Passage) -> Iterator[Place]:
    """Yield words that may be a surname."""
    words = passage.words
    taken: set[int] | None = None
    for at, flag in enumerate(passage.flags):
        if not flag & LISTED_LAST or flag & COMMON or len(words[at]) < _MIN_SURNAME:
            continue
        if words[at].isascii() and at not in passage.capitals:
            continue
        if taken is None:
            taken = {at for match in passage.matches for at in range(match.start, match.end)}
        place = Place(passage, at, flag)
        if place.span[0] not in taken:
            yield place


def _by_ear(page: Page, index: NameIndex) -> Iterator[Signal]:
    places = [
        Place(passage, at, flag)
        for passage in page.passages
        for at, flag in enumerate(passage.flags)
        if flag & LISTED_STAGE
        and not flag & COMMON
        and _MIN_SOUND <= len(passage.words[at]) <= _LONGEST_WORD
    ]
    heard = index.stage_name([place.word for place in places])
    for place, entry in zip(places, heard, strict=True):
        if entry is not None and (place.word,) not in map(name_words, entry.names):
            yield place.signal("sounds_like_name", 0.5, entry.name, entry.subject_kind(page.at))


def examples() -> tuple[Example, ...]:
    """Names in two fields, and two words that are no name."""
    return (
        Example(True, "at a lectern", title="Emma", tags=("Watson",), signal="split_name"),
        Example(True, "the singer Gaga on a pier", signal="surname_beside_job"),
        Example(True, "beyonsay, the singer", signal="sounds_like_name"),
        Example(False, "a bridge", title="Tom", tags=("river",)),
    )
