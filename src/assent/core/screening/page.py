"""A submission with everything the detectors share: readings, words, names and phrases, once."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import date

from assent.core.screening.folding import CONFUSABLES
from assent.core.screening.hashing import Ints
from assent.core.screening.keyed_names import Sighting
from assent.core.screening.matching import find_on
from assent.core.screening.names import Match, NameIndex
from assent.core.screening.once import once
from assent.core.screening.phrases import Hit, find_dense, find_phrases, phrase_index
from assent.core.screening.protected import Registry
from assent.core.screening.reading import Reading, read
from assent.core.screening.sheet import Sheet
from assent.core.screening.submission import Submission
from assent.core.screening.tokens import is_dense
from assent.core.screening.verdict import Signal
from assent.core.screening.word_book import FLAGS
from assent.core.terms import SubjectKind

_NEGATION_REACH = 4  # words
_NEGATION_SPAN = 40  # characters
_DENSE_REACH = 8  # characters; in Japanese, Korean and Hindi the negation follows
_CLAUSE_END = re.compile(r"[.!?;\n。！？]")
_GOVERNED_END = re.compile(r"[,.!?;\n。！？]")
_GOVERNED = re.compile(rf"\s*(?:\S+\s*){{0,{_NEGATION_REACH - 1}}}")

_NO_CAPITALS: frozenset[int] = frozenset()

Hits = dict[str, list[Hit]]


class Passage:
    """One field, read once: the text with this number on a sheet."""

    def __init__(self, field: str, original: str, lang: str | None) -> None:
        self.field, self.original, self.lang = field, original, lang
        self.reading: Reading = read(original)
        # Listed and protected names; offsets are the original's.
        self.matches: list[Match] = []
        self.sightings: list[Sighting] = []

    def lay(self, sheet: Sheet, number: int, index: NameIndex) -> None:
        """Take the place of this number on a sheet."""
        self.index, self.sheet, self._begin = index, sheet, sheet.begins[number]
        self.first, self.past = sheet.bounds[number], sheet.bounds[number + 1]

    @once
    def words(self) -> list[str]:
        """The words of the reading."""
        return self.sheet.words[self.first : self.past]

    @once
    def starts(self) -> list[int]:
        """Where each word begins in the reading."""
        return self._places(self.sheet.starts)

    @once
    def ends(self) -> list[int]:
        """Where each word ends in the reading."""
        return self._places(self.sheet.ends)

    def _places(self, places: Ints) -> list[int]:
        return list((places[self.first : self.past] - self._begin).tolist())

    @once
    def flags(self) -> bytes:
        """What is known of each word; see `word_book`."""
        rows = self.sheet.rows(self.index.book)[self.first : self.past]
        return rows.view("u1")[:, FLAGS].tobytes()

    @once
    def capitals(self) -> frozenset[int]:
        """Which words begin with a capital letter in the original."""
        original, places = self.original, self.starts
        if original.islower():
            return _NO_CAPITALS
        if self.reading.starts is not None:
            places = [self.reading.starts[place] for place in places]
        return frozenset([at for at, place in enumerate(places) if original[place].isupper()])

    @once
    def _sorted(self) -> tuple[Hits, Hits]:
        """Phrases that are not negated, and those that are, by category."""
        kept: Hits = {}
        denied: Hits = {}
        for hit in self._found():
            if hit[0] in kept:
                kept[hit[0]].append(hit)
            else:
                kept[hit[0]] = [hit]
        negations = kept.get("negation")
        if not negations or len(kept) == 1:
            return kept, denied
        governed = _Governed(self.reading.text, negations)
        for category in [*kept]:
            if category != "negation":
                no, yes = governed.sort(kept.pop(category))
                if yes:
                    kept[category] = yes
                if no:
                    denied[category] = no
        return kept, denied

    @property
    def hits(self) -> Hits:
        """Phrases that are not negated, by category, with offsets in the reading."""
        return self._sorted[0]

    @property
    def denied(self) -> Hits:
        """Phrases that are negated, by category."""
        return self._sorted[1]

    def _found(self) -> list[Hit]:
        text = self.reading.text
        found = find_phrases(phrase_index(), self.sheet.words, self.first, self.past, self.lang)
        hits = []
        if found:
            starts, ends, first = self.starts, self.ends, self.first
            hits = [Hit(what, starts[at - first], ends[last - first]) for what, at, last in found]
        if text.isascii():
            return hits
        if is_dense(text):
            hits.extend(find_dense(phrase_index(), text))
        latin = text.translate(CONFUSABLES)
        if latin != text and latin.isascii():
            sheet = Sheet([latin])
            found = find_phrases(phrase_index(), sheet.words, 0, len(sheet.words), self.lang)
            hits.extend(
                Hit(what, int(sheet.starts[at]), int(sheet.ends[last])) for what, at, last in found
            )
        return hits

    @once
    def placed(self) -> list[Hit]:
        """Phrases that are not negated, in order, with offsets in the original."""
        hits = [hit for hits in self.hits.values() for hit in hits]
        if self.reading.starts is not None:
            span = self.reading.span
            hits = [Hit(hit.category, *span(hit.start, hit.end)) for hit in hits]
        return sorted(hits, key=_start)

    def around(self, start: int, end: int, reach: int) -> Iterator[Hit]:
        """Yield placed phrases that begin within reach of original offsets."""
        yield from _window(self.placed, start - reach - _NEGATION_SPAN, end + reach)

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
        if not original and self.reading.starts is not None:
            start, end = self.reading.span(start, end)
        text = self.original[start:end]
        return Signal(name, weight, self.field, start, end, text, subject, subject_kind)


class _Governed:
    """What the negations of a text govern: "no cats", "without a dog", and not the next clause."""

    def __init__(self, text: str, negations: list[Hit]) -> None:
        self._text = text
        self._all = sorted(negations, key=_start)
        self._starts = [hit.start for hit in self._all]
        self._upto = [_governs(text, hit.end) for hit in self._all]
        self._dense = not text.isascii()

    def sort(self, hits: list[Hit]) -> tuple[list[Hit], list[Hit]]:
        """Return the phrases that a negation governs, and the others."""
        which: tuple[list[Hit], list[Hit]] = ([], [])
        for hit in hits:
            which[not self.has(hit)].append(hit)
        return which

    def has(self, hit: Hit) -> bool:
        """Whether a negation governs a phrase."""
        _, start, end = hit
        for at in range(bisect_left(self._starts, start - 2 * _NEGATION_SPAN), len(self._all)):
            one = self._all[at]
            if one[1] > end + _DENSE_REACH + 1:
                return False
            if one[2] <= start:
                if start <= self._upto[at]:
                    return True
            elif self._dense and self._follows(hit, one):
                return True
        return False

    def _follows(self, hit: Hit, one: Hit) -> bool:
        if one.start < hit.end or self._text[one.start].isascii():
            return False
        between = self._text[hit.end : one.start]
        return len(between) <= _DENSE_REACH and _CLAUSE_END.search(between) is None


def _governs(text: str, end: int) -> int:
    """Return where a phrase may begin at the latest to be governed by a negation that ends here:
    in the same clause, with less than so many words and characters in between."""
    stop = _GOVERNED_END.search(text, end, end + _NEGATION_SPAN)
    within = _GOVERNED.match(text, end, stop.start() if stop else end + _NEGATION_SPAN)
    return within.end() if within else end


def _start(hit: Hit) -> int:
    return hit.start


def _window(hits: list[Hit], low: int, high: int) -> Iterator[Hit]:
    """Yield the hits that begin in low..high; the list is in order, so it costs what it yields."""
    for at in range(bisect_left(hits, low, key=_start), len(hits)):
        if hits[at].start > high:
            return
        yield hits[at]


class Page:
    """What a detector is handed."""

    def __init__(
        self,
        submission: Submission,
        at: date,
        index: NameIndex,
        protected: Registry | None = None,
    ) -> None:
        self.submission, self.at, self.index, self.protected = submission, at, index, protected
        lang = submission.lang
        self.passages = [Passage(name, text, lang) for name, text in submission.fields() if text]

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
            if passages:
                _lay_out(passages, index, inflected=inflected)
        if protected is not None:
            passages = [passage for page in pages for passage in page.passages]
            found = protected.find([passage.reading for passage in passages])
            for passage, sightings in zip(passages, found, strict=True):
                passage.sightings = sightings
        return pages

    @property
    def inflects(self) -> bool:
        """Whether names may have case endings; English has none, and says so most of the time."""
        return self.submission.lang != "en"

    @once
    def _hits(self) -> dict[str, list[tuple[Passage, Hit]]]:
        found: dict[str, list[tuple[Passage, Hit]]] = {}
        for passage in self.passages:
            for category, hits in passage.hits.items():
                found.setdefault(category, []).extend([(passage, hit) for hit in hits])
        return found

    def hits(self, category: str) -> Sequence[tuple[Passage, Hit]]:
        """Return the phrases of a category, with the passage they stand in."""
        return self._hits.get(category, ())

    def has(self, *categories: str) -> bool:
        """Whether any phrase of these categories is there and not negated."""
        return not self._hits.keys().isdisjoint(categories)

    def count(self, category: str) -> int:
        """How many different places have a phrase of a category."""
        hits = self.hits(category)
        return len({(p.field, hit.start) for p, hit in hits}) if len(hits) > 1 else len(hits)


def _lay_out(passages: Sequence[Passage], index: NameIndex, *, inflected: bool) -> None:
    """Put passages on one sheet and look their names up."""
    readings = [passage.reading for passage in passages]
    sheet = Sheet([reading.text for reading in readings])
    found = find_on(index, sheet, readings, inflected)
    for number, (passage, matches) in enumerate(zip(passages, found, strict=True)):
        passage.lay(sheet, number, index)
        passage.matches = matches
