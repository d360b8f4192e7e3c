"""Phrases and negations written so that nobody can doubt them, and far too slow to use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from assent.core.screening.phrases import Hit, Pattern, PhraseIndex, phrase_index, spoken_in
from assent.core.screening.tokens import Token

MAX_GAP = 2
LONG = 3  # letters of a single word that counts in a text whose language nobody knows
REACH, SPAN, DENSE_REACH = 4, 40, 8
ENDS = ".!?;\n。！？"


@cache
def every_pattern() -> dict[str, list[Pattern]]:
    """Return all patterns, in the order of the index, by their first letter."""
    index, found = phrase_index(), {}
    for group in (index.whole.values(), index.begun.values(), (index.numbers,)):
        for starts in group:
            several = [*starts.seconds.values(), *starts.begun.values(), *starts.gapped.values()]
            for pattern in sum(several, [*starts.singles, *starts.others]):
                found.setdefault(pattern.words[0][:1], []).append(pattern)
    return found


def slow_phrases(tokens: Sequence[Token], lang: str | None) -> set[tuple[str, int, int]]:
    """Try every pattern at every word."""
    spoken, found = spoken_in(lang), set()
    for at, token in enumerate(tokens):
        first = "0" if token.text.isdecimal() else token.text[:1]
        for pattern in (*every_pattern().get(first, ()), *every_pattern().get(token.text[:1], ())):
            counts = not pattern.lang or (
                pattern.lang == spoken if spoken else len(pattern.words[0]) > LONG
            )
            if counts:
                for end in list(ends(pattern.words, tokens, at))[:1]:
                    found.add((pattern.category, token.start, tokens[end - 1].end))
    return found


def ends(words: Sequence[str], tokens: Sequence[Token], at: int) -> Iterator[int]:
    """Yield where a pattern that begins here may end, the shortest gaps first."""
    if not words:
        yield at
    elif words[0] == "~":
        for skip in range(MAX_GAP + 1):
            yield from ends(words[1:], tokens, at + skip)
    elif at < len(tokens) and fits(words[0], tokens[at].text):
        yield from ends(words[1:], tokens, at + 1)


def fits(wanted: str, word: str) -> bool:
    """Whether a word is what one place of a pattern wants."""
    if wanted == "0":
        return word.isdecimal()
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted


def slow_dense(index: PhraseIndex, text: str) -> set[tuple[str, int, int]]:
    """Try every phrase without gaps at every letter; a single letter is left out, which the index
    only knows at the end of a text."""
    return {
        (category, at, at + len(phrase))
        for phrases in index.dense.values()
        for phrase, category in phrases
        for at in range(len(text))
        if len(phrase) > 1 and text.startswith(phrase, at)
    }


def slow_negated(text: str, hit: Hit, negations: Sequence[Hit]) -> bool:
    """Ask every negation whether it governs a phrase."""
    return any(governs(text, hit, one) for one in negations)


def governs(text: str, hit: Hit, negation: Hit) -> bool:
    """Whether one negation governs a phrase: before it, or after it in scripts that put it so."""
    if not hit.start - 2 * SPAN <= negation.start <= hit.end + DENSE_REACH + 1:
        return False
    if negation.end <= hit.start:
        between = text[negation.end : hit.start]
        clear = not set(between) & set(ENDS + ",")
        return len(between) <= SPAN and clear and len(between.split()) < REACH
    if negation.start >= hit.end and not text[negation.start].isascii():
        between = text[hit.end : negation.start]
        return len(between) <= DENSE_REACH and not set(between) & set(ENDS)
    return False
