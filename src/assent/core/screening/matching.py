"""All names in the passages of a page, under every reading, with overlaps settled."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from assent.core.screening.finding import Search, candidates
from assent.core.screening.names import Match, NameIndex
from assent.core.screening.reading import Reading, variants
from assent.core.screening.spellings import confirm, find_censored

# Misspellings are only looked for where the text is not already read two ways.
_PLAIN = ("exact", "middle_initial", "inverted")
_STARS = re.compile(r"[*•█#×✱]")
# A text is searched in pieces, so that memory does not grow with it; pieces overlap by more than
# any name is long.
_PIECE = 20_000
_OVERLAP = 600


def find_names(index: NameIndex, reading: Reading) -> list[Match]:
    """Return every listed name in a reading; offsets are those of the original text."""
    return find_all(index, [reading])[0]


def find_all(
    index: NameIndex, readings: Sequence[Reading], *, inflected: bool = True
) -> list[list[Match]]:
    """Return, for each reading, every listed name in it; offsets are the original's."""
    found: list[list[Match]] = [[] for _ in readings]
    texts = [reading.text for reading in readings]
    for at, match in _in_texts(index, texts, thorough=True, inflected=inflected):
        found[at].append(_placed(match, readings[at]))
    others = [(at, how, o) for at, reading in enumerate(readings) for how, o in variants(reading)]
    texts = [other.text for _, _, other in others]
    for number, match in _in_texts(index, texts, thorough=False, inflected=False):
        at, how, _ = others[number]
        renamed = match._replace(how=how) if match.how in _PLAIN else match
        found[at].append(_placed(renamed, readings[at]))
    return [settle(matches) if len(matches) > 1 else matches for matches in found]


def _in_texts(
    index: NameIndex, texts: Sequence[str], *, thorough: bool, inflected: bool
) -> Iterator[tuple[int, Match]]:
    """Yield (which text, match) for several texts searched as one."""
    if not texts:
        return
    whole = "\n".join(texts)
    begins = [0]
    for text in texts[:-1]:
        begins.append(begins[-1] + len(text) + 1)
    for offset, piece in _pieces(whole):
        for match in _in_piece(index, piece, thorough=thorough, inflected=inflected):
            start, end = match.start + offset, match.end + offset
            at = bisect_right(begins, start) - 1
            if end <= begins[at] + len(texts[at]):
                yield at, match._replace(start=start - begins[at], end=end - begins[at])


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    if len(text) <= _PIECE:
        yield 0, text
        return
    for start in range(0, len(text), _PIECE):
        yield start, text[start : start + _PIECE + _OVERLAP]


def _in_piece(index: NameIndex, text: str, *, thorough: bool, inflected: bool) -> Iterator[Match]:
    search = Search(index.hasher, text)
    for candidate in candidates(index, search, thorough=thorough, inflected=inflected):
        match = confirm(search, candidate)
        if match is not None:
            yield match
    if _STARS.search(text):
        yield from find_censored(index, text)


def _placed(match: Match, reading: Reading) -> Match:
    start, end = reading.span(match.start, match.end)
    return match._replace(start=start, end=end)


_RANK = {"exact": 0, "middle_initial": 1, "inverted": 1, "joined": 2, "lookalike": 2, "leet": 3}


def settle(matches: Iterable[Match]) -> list[Match]:
    """Keep, of names that overlap, the longest; of equals, the plainest reading."""
    ranked = sorted(
        matches, key=lambda match: (match.start - match.end, _RANK.get(match.how, 4), match.start)
    )
    kept: list[Match] = []
    taken: set[int] = set()
    for match in ranked:
        span = range(match.start, match.end)
        if taken.isdisjoint(span):
            taken.update(span)
            kept.append(match)
    return sorted(kept, key=lambda match: match.start)
