"""Finding set phrases of many languages in a reading, in time linear in the text."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from assent.core.screening.folding import fold
from assent.core.screening.tables import data_names, data_text, rows
from assent.core.screening.tokens import Token, is_dense, tokenise

MAX_GAP = 2
_NUMBER = "0"
_PREFIX = 3
_SHORT = 3
_COMMON = "en"  # its words turn up in listings of every language
_IN_ANY_LANGUAGE = frozenset({"explicit"})
_CHOICE = re.compile(r"\{([^{}]*)\}")


class Hit(NamedTuple):
    """A phrase found: what it says, and where in the reading."""

    category: str
    start: int
    end: int


class Pattern(NamedTuple):
    """A phrase as a row of words; "~" is a gap, "0" a number, "word*" a beginning."""

    category: str
    words: tuple[str, ...]
    lang: str = ""  # empty: in a text of any language


class Starts:
    """The phrases that begin with one word, by what comes next, so that few need a closer look."""

    __slots__ = ("begun", "gapped", "others", "seconds", "singles")

    def __init__(self) -> None:
        self.singles: list[Pattern] = []
        self.seconds: dict[str, list[Pattern]] = {}
        self.begun: dict[str, list[Pattern]] = {}
        self.gapped: dict[str, list[Pattern]] = {}
        self.others: list[Pattern] = []

    def add(self, pattern: Pattern) -> None:
        """File a phrase under the first thing after its first word that can be looked up."""
        _, *rest = pattern.words
        if not rest:
            self.singles.append(pattern)
        elif _is_plain(rest[0]):
            self.seconds.setdefault(rest[0], []).append(pattern)
        elif rest[0].endswith("*") and len(rest[0]) > _PREFIX:
            self.begun.setdefault(rest[0][:_PREFIX], []).append(pattern)
        elif rest[0] == "~" and len(rest) > 1 and _is_plain(rest[1]):
            self.gapped.setdefault(rest[1], []).append(pattern)
        else:
            self.others.append(pattern)

    def at(self, tokens: Sequence[Token], at: int) -> Iterator[Pattern]:
        """Yield the phrases that may begin at a token."""
        yield from self.singles
        if at + 1 < len(tokens):
            after = tokens[at + 1].text
            if self.seconds:
                yield from self.seconds.get(after, ())
            if self.begun:
                yield from self.begun.get(after[:_PREFIX], ())
        if self.gapped:
            for token in tokens[at + 1 : at + MAX_GAP + 2]:
                yield from self.gapped.get(token.text, ())
        yield from self.others


def _is_plain(word: str) -> bool:
    return word not in ("~", _NUMBER) and not word.endswith("*")


class PhraseIndex:
    """Phrases by their first word, so that a look-up costs the same however many there are."""

    def __init__(self) -> None:
        self.whole: dict[str, Starts] = {}
        self.begun: dict[str, Starts] = {}
        self.numbers = Starts()
        self.dense: dict[str, list[tuple[str, str]]] = {}

    def add(self, category: str, phrase: str, lang: str = "") -> None:
        """Index one phrase.

        A single word of one language is often another word in the next, so it only counts where
        the text is in that language or in no language we know.
        """
        if is_dense(phrase):
            text = fold(phrase.strip())
            self.dense.setdefault(text[:2], []).append((text, category))
            return
        words = tuple(_pattern_words(phrase))
        if not words:
            return
        single = len(words) == 1 and words[0].isascii() and category not in _IN_ANY_LANGUAGE
        pattern = Pattern(category, words, lang if single and lang != _COMMON else "")
        if words[0] == _NUMBER:
            self.numbers.add(pattern)
        elif words[0].endswith("*"):
            self.begun.setdefault(words[0][:_PREFIX], Starts()).add(pattern)
        else:
            self.whole.setdefault(words[0], Starts()).add(pattern)


def _pattern_words(phrase: str) -> Iterator[str]:
    for piece in phrase.split():
        if piece in ("~", _NUMBER):
            yield piece
        elif piece.endswith("*"):
            yield fold(piece[:-1]) + "*"
        else:
            yield from (token.text for token in tokenise(fold(piece)))


def expand(phrase: str) -> Iterator[str]:
    """Yield a phrase for every choice in braces.

    >>> list(expand("my {cat,dog} and {i,we}"))[:2]
    ['my cat and i', 'my cat and we']
    """
    parts = _CHOICE.split(phrase)
    choices = [part.split(",") if i % 2 else [part] for i, part in enumerate(parts)]
    for chosen in itertools.product(*choices):
        yield "".join(chosen)


@cache
def phrase_index() -> PhraseIndex:
    """Return the shipped phrases of all languages; a listing may mix them at will."""
    index = PhraseIndex()
    for name in data_names("phrases"):
        for category, line in rows(data_text("phrases", name)):
            for phrase in line.split(";"):
                for choice in expand(phrase):
                    index.add(category, choice, name.partition(".")[0])
    return index


@cache
def known_languages() -> frozenset[str]:
    """Return the languages that have phrases."""
    return frozenset(name.partition(".")[0] for name in data_names("phrases"))


def find_phrases(
    index: PhraseIndex, text: str, tokens: Sequence[Token], lang: str | None = None
) -> Iterator[Hit]:
    """Yield every phrase of the index in a reading."""
    spoken = (lang or "").casefold().partition("-")[0]
    if spoken not in known_languages():
        spoken = ""
    whole, begun = index.whole, index.begun
    for at, token in enumerate(tokens):
        word = token[0]
        if word not in whole and word[:_PREFIX] not in begun and not word.isdecimal():
            continue
        for pattern in _starting(index, tokens, at):
            if pattern.lang and not _is_spoken(pattern, spoken):
                continue
            end = _ends_at(pattern.words, tokens, at)
            if end is not None:
                yield Hit(pattern.category, token.start, tokens[end].end)
    if is_dense(text):
        yield from _find_dense(index, text)


def _is_spoken(pattern: Pattern, spoken: str) -> bool:
    if spoken:
        return spoken == pattern.lang
    return len(pattern.words[0]) > _SHORT


def _starting(index: PhraseIndex, tokens: Sequence[Token], at: int) -> Iterator[Pattern]:
    word = tokens[at].text
    for starts in (index.whole.get(word), index.begun.get(word[:_PREFIX])):
        if starts is not None:
            yield from starts.at(tokens, at)
    if word.isdecimal():
        yield from index.numbers.at(tokens, at)


def _ends_at(words: Sequence[str], tokens: Sequence[Token], at: int) -> int | None:
    """Return the token with which the pattern ends, if it matches from token `at`."""
    where = at
    for i, word in enumerate(words):
        if word == "~":
            rest = words[i + 1 :]
            for skip in range(MAX_GAP + 1):
                end = _ends_at(rest, tokens, where + skip)
                if end is not None:
                    return end
            return None
        if where >= len(tokens) or not _fits(word, tokens[where].text):
            return None
        where += 1
    return where - 1


def _fits(wanted: str, word: str) -> bool:
    if wanted == _NUMBER:
        return word.isdecimal()
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted


def _find_dense(index: PhraseIndex, text: str) -> Iterator[Hit]:
    for at in range(len(text)):
        for phrase, category in index.dense.get(text[at : at + 2], ()):
            if text.startswith(phrase, at):
                yield Hit(category, at, at + len(phrase))
