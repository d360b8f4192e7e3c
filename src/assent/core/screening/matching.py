"""All names in the passages of a page, under every reading, with overlaps settled."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from assent.core.screening.finding import candidates
from assent.core.screening.names import Match, NameIndex
from assent.core.screening.reading import Reading, may_have_variants, variants
from assent.core.screening.sheet import Sheet
from assent.core.screening.spellings import confirm, find_censored

# Misspellings are only looked for where the text is not already read two ways.
_PLAIN = ("exact", "middle_initial", "inverted")


def find_names(index: NameIndex, reading: Reading) -> list[Match]:
    """Return every listed name in a reading; offsets are those of the original text."""
    return find_all(index, [reading])[0]


def find_all(
    index: NameIndex, readings: Sequence[Reading], *, inflected: bool = True
) -> list[list[Match]]:
    """Return, for each reading, every listed name in it; offsets are the original's."""
    return find_on(index, Sheet([reading.text for reading in readings]), readings, inflected)


def find_on(
    index: NameIndex, sheet: Sheet, readings: Sequence[Reading], inflected: bool
) -> list[list[Match]]:
    """Return what `find_all` does for readings whose texts are on a sheet."""
    found: list[list[Match]] = [[] for _ in readings]
    for at, match in _on_sheet(index, sheet, thorough=True, inflected=inflected):
        found[at].append(_placed(match, readings[at]))
    if may_have_variants(sheet.text):
        _add_variants(index, readings, found)
    return [settle(matches) if len(matches) > 1 else matches for matches in found]


def _add_variants(
    index: NameIndex, readings: Sequence[Reading], found: Sequence[list[Match]]
) -> None:
    others = [(at, how, o) for at, reading in enumerate(readings) for how, o in variants(reading)]
    sheet = Sheet([other.text for _, _, other in others])
    for number, match in _on_sheet(index, sheet, thorough=False, inflected=False):
        at, how, _ = others[number]
        renamed = match._replace(how=how) if match.how in _PLAIN else match
        found[at].append(_placed(renamed, readings[at]))


def _on_sheet(
    index: NameIndex, sheet: Sheet, *, thorough: bool, inflected: bool
) -> Iterator[tuple[int, Match]]:
    """Yield (which text, match), with offsets in that text."""
    for match in _anywhere(index, sheet, thorough=thorough, inflected=inflected):
        at = bisect_right(sheet.begins, match.start) - 1
        begin = sheet.begins[at]
        if match.end <= begin + len(sheet.texts[at]):
            yield at, Match(match.entry, match.how, match.start - begin, match.end - begin)


def _anywhere(
    index: NameIndex, sheet: Sheet, *, thorough: bool, inflected: bool
) -> Iterator[Match]:
    for candidate in candidates(index, sheet, thorough=thorough, inflected=inflected):
        match = confirm(sheet, candidate)
        if match is not None:
            yield match
    yield from find_censored(index, sheet.text)


def _placed(match: Match, reading: Reading) -> Match:
    if reading.starts is None:
        return match
    return Match(match.entry, match.how, *reading.span(match.start, match.end))


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
