"""Names written so that a list of spellings would miss them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from assent.core.screening.gazetteer import Entry
from assent.core.screening.names import MAX_RUN, MIN_FUZZY, Match, NameIndex, name_words
from assent.core.screening.sounds import shuffle_key, sound_key, stem
from assent.core.screening.tokens import Token

_MIN_INFLECTED = 4
_MIN_REVERSED = 8
_CENSORED = re.compile(r"(?<!\w)([^\W\d_]{1,12})[*•█#×✱]{1,12}([^\W\d_]{0,12})(?!\w)")
_MIN_SEEN = 2


def find_misspelt(index: NameIndex, tokens: Sequence[Token]) -> Iterator[Match]:
    """Yield two-word names with a doubled or swapped letter, or spelt by ear."""
    for left, right in itertools.pairwise(tokens):
        words = (left.text, right.text)
        lengths = [len(word) for word in words]
        if sum(lengths) < MIN_FUZZY - 1 or min(lengths) < 3 or max(lengths) > MAX_RUN:
            continue
        entry = index.sounds.get(sound_key(words)) or index.shuffled.get(shuffle_key(words))
        if entry is not None and name_words(entry.name) != words:
            yield Match(entry, "misspelt", left.start, right.end)


def find_inflected(index: NameIndex, tokens: Sequence[Token]) -> Iterator[Match]:
    """Yield two-word names with a short case ending on either word, as in Polish or Finnish."""
    for left, right in itertools.pairwise(tokens):
        for first in _without_ending(left.text):
            if not index.firsts.get(first, 0) >> 2 & 1:
                continue
            for last in _without_ending(right.text):
                entry = index.exact.get(f"{first} {last}")
                if entry is not None and (first, last) != (left.text, right.text):
                    yield Match(entry, "inflected", left.start, right.end)


def _without_ending(word: str) -> Iterator[str]:
    yield word
    for cut in (1, 2):
        if len(word) - cut >= _MIN_INFLECTED:
            yield word[:-cut]
    if word.endswith("y") and len(word) > _MIN_INFLECTED:
        yield word[:-1] + "a"
    if word.endswith("e") and len(word) >= _MIN_INFLECTED:
        yield word[:-1] + "a"


def find_initial(index: NameIndex, text: str, tokens: Sequence[Token]) -> Iterator[Match]:
    """Yield "T. Surname": an initial, a stop or space, and a listed surname."""
    for left, right in itertools.pairwise(tokens):
        if len(left.text) != 1 or right.start - left.end > 2 or text[left.end] not in ". _":
            continue
        for entry in index.lasts.get(stem(right.text), ()):
            if name_words(entry.name)[0][0] == left.text and len(right.text) > 2:
                yield Match(entry, "initial", left.start, right.end)
                break


def find_inverted(index: NameIndex, text: str, tokens: Sequence[Token]) -> Iterator[Match]:
    """Yield "Surname, Given"."""
    for left, right in itertools.pairwise(tokens):
        if text[left.end : right.start].strip() != ",":
            continue
        entry = index.exact.get(f"{stem(right.text)} {stem(left.text)}")
        if entry is not None:
            yield Match(entry, "inverted", left.start, right.end)


def find_reversed(index: NameIndex, tokens: Sequence[Token]) -> Iterator[Match]:
    """Yield names written backwards, as a whole, word by word, or run together."""
    for at, token in enumerate(tokens):
        word = token.text[::-1]
        if len(word) >= _MIN_REVERSED:
            entry = index.joined.get(word)
            if entry is not None and entry.is_person:
                yield Match(entry, "reversed", token.start, token.end)
        if at + 1 == len(tokens):
            break
        other = tokens[at + 1]
        entry = _reversed_pair(index, word, other.text[::-1])
        if entry is not None:
            yield Match(entry, "reversed", token.start, other.end)


def _reversed_pair(index: NameIndex, left: str, right: str) -> Entry | None:
    if len(left) + len(right) < _MIN_REVERSED - 2:
        return None
    entry = index.exact.get(f"{right} {left}") or index.exact.get(f"{left} {right}")
    return entry if entry is not None and entry.is_person else None


def find_censored(index: NameIndex, text: str, tokens: Sequence[Token]) -> Iterator[Match]:
    """Yield names with letters starred out, beside the other word of the name."""
    starts = {token.start: at for at, token in enumerate(tokens)}
    ends = {token.end: at for at, token in enumerate(tokens)}
    for found in _CENSORED.finditer(text):
        head, tail = found.groups()
        before = ends.get(found.start() - 1)
        after = starts.get(found.end() + 1)
        if before is not None:
            yield from _starred(index.givens, tokens[before], found, head, tail, -1)
        elif after is not None and len(head) + len(tail) >= _MIN_SEEN:
            yield from _starred(index.lasts, tokens[after], found, head, tail, 0)


def _starred(
    shelf: dict[str, list[Entry]],
    beside: Token,
    found: re.Match[str],
    head: str,
    tail: str,
    which: int,
) -> Iterator[Match]:
    for entry in shelf.get(beside.text, ()):
        word = name_words(entry.name)[which]
        if word.startswith(head) and word.endswith(tail) and len(word) > len(head) + len(tail):
            start, end = sorted((beside.start, beside.end, found.start(), found.end()))[::3]
            yield Match(entry, "censored", start, end)
            return
