"""All names in one passage, under every reading, with overlaps settled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assent.core.screening import names, spellings
from assent.core.screening.names import Match, NameIndex
from assent.core.screening.reading import Reading, variants
from assent.core.screening.tokens import tokenise

# Misspellings are only looked for where the text is not already read two ways.
_PLAIN = ("exact", "middle_initial", "inverted")


def find_names(index: NameIndex, reading: Reading) -> list[Match]:
    """Return every listed name in a reading; offsets are those of the original text."""
    found = list(_in_reading(index, reading, thorough=True))
    for how, other in variants(reading):
        found.extend(
            match._replace(how=how) if match.how in _PLAIN else match
            for match in _in_reading(index, other, thorough=False)
        )
    placed = [_placed(match, reading) for match in found]
    return settle(placed)


def _in_reading(index: NameIndex, reading: Reading, *, thorough: bool) -> Iterator[Match]:
    tokens = tokenise(reading.text)
    text = reading.text
    yield from names.find_exact(index, tokens)
    yield from names.find_joined(index, tokens)
    yield from spellings.find_inverted(index, text, tokens)
    yield from spellings.find_misspelt(index, tokens)
    yield from spellings.find_censored(index, text, tokens)
    if not thorough:
        return
    yield from names.find_embedded(index, tokens)
    yield from names.find_dense(index, text)
    yield from spellings.find_inflected(index, tokens)
    yield from spellings.find_initial(index, text, tokens)
    yield from spellings.find_reversed(index, tokens)


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
