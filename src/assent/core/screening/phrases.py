"""Finding set phrases of many languages in a reading, in time linear in the text."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from assent.core.screening.folding import fold
from assent.core.screening.tables import data_names, data_text, rows
from assent.core.screening.tokens import is_dense, tokenise

MAX_GAP = 2
_NUMBER = "0"
_PREFIX = 3
_SHORT = 3
_MOST_WORDS = 100_000  # words remembered for one language
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
    plain: bool = False  # no gap, no number, no beginning: word for word


Found = tuple[str, int, int]  # category, first word, last word


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

    @property
    def looks_closer(self) -> bool:
        """Whether more is here than single words and plain second words."""
        return bool(self.begun or self.gapped or self.others)

    @property
    def leads_on(self) -> bool:
        """Whether a phrase of several words may begin here."""
        return bool(self.seconds) or self.looks_closer

    def beginning(self, word: str, lang: str) -> Starts:
        """Return the same with those single words alone that fit a word in a language."""
        kept = Starts()
        kept.singles = [
            one
            for one in self.singles
            if _fits(one.words[0], word) and (not one.lang or _is_spoken(one, lang))
        ]
        kept.seconds, kept.begun, kept.gapped = self.seconds, self.begun, self.gapped
        kept.others = self.others
        return kept

    def collect(self, words: Sequence[str], at: int, past: int, found: list[Found]) -> None:
        """Add the phrases that begin at a word; the text ends before `past`."""
        for single in self.singles:
            found.append((single.category, at, at))
        after = at + 1
        if after < past:
            second = words[after]
            if second in self.seconds:
                _add(self.seconds[second], words, at, past, found)
            if self.begun:
                _add(self.begun.get(second[:_PREFIX], ()), words, at, past, found)
            if self.gapped:
                for word in words[after : min(past, after + MAX_GAP + 1)]:
                    if word in self.gapped:
                        _add(self.gapped[word], words, at, past, found)
        if self.others:
            _add(self.others, words, at, past, found)


def _add(
    patterns: Sequence[Pattern], words: Sequence[str], at: int, past: int, found: list[Found]
) -> None:
    """Add those of the patterns that stand at a word."""
    for category, wanted, _, plain in patterns:
        if plain:
            # The first two words are known to be there: it is by them that it was found.
            end = at + len(wanted)
            if end == at + 2 or (end <= past and tuple(words[at + 2 : end]) == wanted[2:]):
                found.append((category, at, end - 1))
        else:
            last = _ends_at(wanted, words, at, past)
            if last is not None:
                found.append((category, at, last))


def _is_plain(word: str) -> bool:
    return word not in ("~", _NUMBER) and not word.endswith("*")


class PhraseIndex:
    """Phrases by their first word, so that a look-up costs the same however many there are."""

    def __init__(self) -> None:
        self.whole: dict[str, Starts] = {}
        self.begun: dict[str, Starts] = {}
        self.numbers = Starts()
        self.dense: dict[str, list[tuple[str, str]]] = {}
        self._beginnings: dict[str, Beginnings] = {}

    def beginnings(self, lang: str) -> Beginnings:
        """Return what may begin with each word of a text in a language."""
        if lang not in self._beginnings:
            self._beginnings[lang] = Beginnings(self, lang)
        return self._beginnings[lang]

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
        spoken = lang if single and lang != _COMMON else ""
        pattern = Pattern(category, words, spoken, all(map(_is_plain, words)))
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


class Beginning(NamedTuple):
    """What may begin with a word: phrases that are this one word, phrases by their second word,
    and those that need a closer look."""

    singles: tuple[str, ...]
    seconds: dict[str, list[Pattern]]
    others: tuple[Starts, ...]


class Beginnings(dict[str, Beginning | None]):
    """For each word that was met, what may begin with it in a text of one language."""

    def __init__(self, index: PhraseIndex, lang: str) -> None:
        super().__init__()
        self._index, self._lang = index, lang

    def __missing__(self, word: str) -> Beginning | None:
        found = self._of(word)
        if len(self) < _MOST_WORDS:
            self[word] = found
        return found

    def _of(self, word: str) -> Beginning | None:
        index = self._index
        starts = [index.whole.get(word), index.begun.get(word[:_PREFIX])]
        starts.append(index.numbers if word.isdecimal() else None)
        kept = [one.beginning(word, self._lang) for one in starts if one is not None]
        kept = [one for one in kept if one.singles or one.leads_on]
        if not kept:
            return None
        if len(kept) == 1 and not kept[0].looks_closer:
            return Beginning(tuple(one.category for one in kept[0].singles), kept[0].seconds, ())
        return Beginning((), {}, tuple(kept))


def spoken_in(lang: str | None) -> str:
    """Return the language of a text as the phrases know it; empty where they do not."""
    spoken = (lang or "").casefold().partition("-")[0]
    return spoken if spoken in known_languages() else ""


def find_phrases(
    index: PhraseIndex, words: list[str], first: int, past: int, lang: str | None = None
) -> list[Found]:
    """Return every phrase in the words of one text, which are `first` to `past`."""
    known = index.beginnings(spoken_in(lang))
    found: list[Found] = []
    mine = words if len(words) == past - first else words[first:past]
    for at, beginning in enumerate(map(known.__getitem__, mine), first):
        if beginning is None:
            continue
        singles, seconds, others = beginning
        for category in singles:
            found.append((category, at, at))
        if seconds and at + 1 < past and words[at + 1] in seconds:
            _add(seconds[words[at + 1]], words, at, past, found)
        for one in others:
            one.collect(words, at, past, found)
    return found


def _is_spoken(pattern: Pattern, spoken: str) -> bool:
    if spoken:
        return spoken == pattern.lang
    return len(pattern.words[0]) > _SHORT


def _ends_at(words: Sequence[str], text: Sequence[str], at: int, past: int) -> int | None:
    """Return the word with which the pattern ends, if it stands at word `at` of a text."""
    where = at
    for i, word in enumerate(words):
        if word == "~":
            rest = words[i + 1 :]
            for skip in range(MAX_GAP + 1):
                end = _ends_at(rest, text, where + skip, past)
                if end is not None:
                    return end
            return None
        if where >= past or not _fits(word, text[where]):
            return None
        where += 1
    return where - 1


def _fits(wanted: str, word: str) -> bool:
    if wanted == _NUMBER:
        return word.isdecimal()
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted


def find_dense(index: PhraseIndex, text: str) -> Iterator[Hit]:
    for at in range(len(text)):
        for phrase, category in index.dense.get(text[at : at + 2], ()):
            if text.startswith(phrase, at):
                yield Hit(category, at, at + len(phrase))
