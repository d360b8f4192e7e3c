"""A submission with everything the detectors share: readings, words, names and phrases, once."""

from __future__ import annotations

import dataclasses
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from assent.core.screening.folding import CONFUSABLES
from assent.core.screening.matching import find_all
from assent.core.screening.names import Match, NameIndex
from assent.core.screening.phrases import Hit, find_phrases, phrase_index
from assent.core.screening.protected import Registry
from assent.core.screening.reading import Reading, read
from assent.core.screening.submission import Submission
from assent.core.screening.tokens import Token, tokenise
from assent.core.screening.verdict import Signal
from assent.core.terms import SubjectKind

_CLAUSE_ENDS = ".!?;\n。！？"
_NEGATION_REACH = 4  # words
_NEGATION_SPAN = 40  # characters
_DENSE_REACH = 8  # characters; in Japanese, Korean and Hindi the negation follows


@dataclass
class Passage:
    """One field, read once."""

    field: str
    original: str
    reading: Reading
    index: NameIndex
    lang: str | None = None
    matches: list[Match] = dataclasses.field(
        default_factory=list
    )  # listed names; offsets are the original's

    @cached_property
    def tokens(self) -> list[Token]:
        """The words of the reading."""
        return tokenise(self.reading.text)

    @cached_property
    def hits(self) -> dict[str, list[Hit]]:
        """Phrases that are not negated, by category, with offsets in the reading."""
        kept: dict[str, list[Hit]] = {}
        for hit in self._all_hits:
            if hit.category == "negation" or not self.negated(hit.start, hit.end):
                kept.setdefault(hit.category, []).append(hit)
        return kept

    @cached_property
    def denied(self) -> dict[str, list[Hit]]:
        """Phrases that are negated, by category."""
        kept: dict[str, list[Hit]] = {}
        for hit in self._all_hits:
            if hit.category != "negation" and self.negated(hit.start, hit.end):
                kept.setdefault(hit.category, []).append(hit)
        return kept

    @cached_property
    def _all_hits(self) -> list[Hit]:
        text, tokens = self.reading.text, self.tokens
        hits = list(find_phrases(phrase_index(), text, tokens, self.lang))
        latin = text if text.isascii() else text.translate(CONFUSABLES)
        if latin != text and latin.isascii():
            hits.extend(find_phrases(phrase_index(), latin, tokenise(latin), self.lang))
        return hits

    @cached_property
    def _negations(self) -> list[Hit]:
        found = (hit for hit in self._all_hits if hit.category == "negation")
        return sorted(found, key=_start)

    @cached_property
    def placed(self) -> list[Hit]:
        """Phrases that are not negated, in order, with offsets in the original."""
        return sorted(
            (
                Hit(hit.category, *self.reading.span(hit.start, hit.end))
                for hits in self.hits.values()
                for hit in hits
            ),
            key=_start,
        )

    def around(self, start: int, end: int, reach: int) -> Iterator[Hit]:
        """Yield placed phrases that begin within reach of original offsets."""
        yield from _window(self.placed, start - reach - _NEGATION_SPAN, end + reach)

    def negated(self, start: int, end: int) -> bool:
        """Whether a negation governs these characters of the reading."""
        text = self.reading.text
        for hit in _window(self._negations, start - 2 * _NEGATION_SPAN, end + _DENSE_REACH + 1):
            if hit.end <= start:
                between = text[hit.end : start]
                if len(between) <= _NEGATION_SPAN and _near(between):
                    return True
            elif hit.start >= end and not text[hit.start].isascii():
                between = text[end : hit.start]
                if len(between) <= _DENSE_REACH and not _broken(between):
                    return True
        return False

    def signal(
        self,
        name: str,
        weight: float,
        start: int,
        end: int,
        *,
        subject: str | None = None,
        subject_kind: SubjectKind | None = None,
        original: bool = False,
    ) -> Signal:
        """Return a signal with its evidence; offsets are the reading's unless `original`."""
        if not original:
            start, end = self.reading.span(start, end)
        text = self.original[start:end]
        return Signal(name, weight, self.field, start, end, text, subject, subject_kind)


def _start(hit: Hit) -> int:
    return hit.start


def _window(hits: list[Hit], low: int, high: int) -> Iterator[Hit]:
    """Yield the hits that begin in low..high; the list is in order, so it costs what it yields."""
    for at in range(bisect_left(hits, low, key=_start), len(hits)):
        if hits[at].start > high:
            return
        yield hits[at]


def _near(between: str) -> bool:
    return not _broken(between) and "," not in between and len(between.split()) < _NEGATION_REACH


def _broken(between: str) -> bool:
    return any(char in _CLAUSE_ENDS for char in between)


@dataclass
class Page:
    """What a detector is handed."""

    submission: Submission
    at: date
    index: NameIndex
    protected: Registry | None = None
    passages: list[Passage] = dataclasses.field(default_factory=list)

    def __post_init__(self) -> None:
        self.passages = [
            Passage(name, text, read(text), self.index, self.submission.lang)
            for name, text in self.submission.fields()
            if text
        ]

    @classmethod
    def read_all(
        cls,
        submissions: Sequence[Submission],
        at: date,
        index: NameIndex,
        protected: Registry | None = None,
    ) -> list[Page]:
        """Return a page for each submission, with the names of all of them looked up at once."""
        pages = [cls(submission, at, index, protected) for submission in submissions]
        for inflected in (False, True):
            passages = [p for page in pages if page.inflects is inflected for p in page.passages]
            readings = [passage.reading for passage in passages]
            found = find_all(index, readings, inflected=inflected)
            for passage, matches in zip(passages, found, strict=True):
                passage.matches = matches
        return pages

    @property
    def inflects(self) -> bool:
        """Whether names may have case endings; English has none, and says so most of the time."""
        return self.submission.lang != "en"

    def hits(self, *categories: str) -> Iterator[tuple[Passage, Hit]]:
        """Yield the phrases of these categories, with the passage they stand in."""
        for passage in self.passages:
            for category in categories:
                for hit in passage.hits.get(category, ()):
                    yield passage, hit

    def has(self, *categories: str) -> bool:
        """Whether any phrase of these categories is there and not negated."""
        return any(True for _ in self.hits(*categories))

    def count(self, *categories: str) -> int:
        """How many different places have a phrase of these categories."""
        return len({(p.field, hit.start) for p, hit in self.hits(*categories)})
