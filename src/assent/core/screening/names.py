"""Finding listed names in the words of a text, in time linear in the text.

The index is a handful of dictionaries keyed by whole spellings, so that a look-up costs the same
with a thousand names and with a million.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from assent.core.screening.folding import fold
from assent.core.screening.gazetteer import Entry
from assent.core.screening.sounds import shuffle_key, sound_key, stem
from assent.core.screening.tokens import Token, is_dense, tokenise

MAX_WORDS = 6
MIN_RUN = 8  # letters of a name found across words; shorter ones turn up by chance
MIN_WORD = 6  # letters of a name that is one whole word or a run of single letters
MAX_RUN = 40
MIN_FUZZY = 9  # letters of a name that may be misspelt
MAX_PREFIX = 2  # Arabic and Hebrew glue "and", "for" and "the" to the front of a name


class Match(NamedTuple):
    """A name found: whose, in which manner it was written, and where in the reading."""

    entry: Entry
    how: str
    start: int
    end: int


class NameIndex:
    """Names by their spellings. Adding is cheap, so a new protected name bites at once."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self.firsts: dict[str, int] = {}
        self.exact: dict[str, Entry] = {}
        self.joined: dict[str, Entry] = {}
        self.heads: dict[str, set[int]] = {}
        self.dense: dict[str, Entry] = {}
        self.lasts: dict[str, list[Entry]] = {}
        self.givens: dict[str, list[Entry]] = {}
        self.sounds: dict[str, Entry] = {}
        self.shuffled: dict[str, Entry] = {}
        self.stage_sounds: dict[str, Entry] = {}
        for entry in entries:
            self.add(entry)

    def add(self, entry: Entry) -> None:
        """Index every spelling of an entry."""
        for name in entry.names:
            words = name_words(name)
            if not words:
                continue
            if is_dense(name):
                self._add_dense("".join(words), entry)
            self._add_words(words, entry)
        words = name_words(entry.name)
        if entry.is_person and len(words) > 1:
            self.lasts.setdefault(words[-1], []).append(entry)
            self.givens.setdefault(words[0], []).append(entry)
            self._add_fuzzy(words, entry)

    def _add_words(self, words: Sequence[str], entry: Entry) -> None:
        key = " ".join(words)
        self.exact.setdefault(key, entry)
        self.firsts[words[0]] = self.firsts.get(words[0], 0) | 1 << len(words)
        joined = "".join(words)
        if len(joined) >= MIN_WORD and (len(words) > 1 or "s" in entry.flags):
            self.joined.setdefault(joined, entry)

    def _add_dense(self, text: str, entry: Entry) -> None:
        if len(text) < 2:
            return
        self.dense.setdefault(text, entry)
        self.heads.setdefault(text[:2], set()).add(len(text))

    def _add_fuzzy(self, words: Sequence[str], entry: Entry) -> None:
        if sum(map(len, words)) >= MIN_FUZZY and len(words) == 2:
            self.sounds.setdefault(sound_key(words), entry)
            self.shuffled.setdefault(shuffle_key(words), entry)


@lru_cache(maxsize=4096)
def name_words(name: str) -> tuple[str, ...]:
    """Return the words of a name as the index keeps them."""
    return tuple(stem(token.text) for token in tokenise(fold(name)))


def find_exact(index: NameIndex, tokens: Sequence[Token]) -> Iterator[Match]:
    """Yield names whose words stand side by side, with room for one initial in between."""
    words = [stem(token.text) for token in tokens]
    for at, word in enumerate(words):
        lengths = index.firsts.get(word)
        if lengths is None:
            continue
        for size in range(1, min(MAX_WORDS, len(words) - at) + 1):
            if not lengths >> size & 1:
                continue
            entry = index.exact.get(" ".join(words[at : at + size]))
            if entry is not None:
                yield Match(entry, "exact", tokens[at].start, tokens[at + size - 1].end)
        if lengths >> 2 & 1 and at + 2 < len(words) and len(words[at + 1]) == 1:
            entry = index.exact.get(f"{word} {words[at + 2]}")
            if entry is not None:
                yield Match(entry, "middle_initial", tokens[at].start, tokens[at + 2].end)


def find_joined(index: NameIndex, tokens: Sequence[Token]) -> Iterator[Match]:
    """Yield names run together, spaced out or cut into other pieces than their words."""
    for at, token in enumerate(tokens):
        run, single = "", True
        for upto in range(at, min(at + MAX_RUN, len(tokens))):
            piece = tokens[upto].text
            run += piece
            if len(run) > MAX_RUN:
                break
            single = single and len(piece) == 1
            entry = index.joined.get(run)
            if entry is None:
                continue
            if len(run) >= MIN_RUN or single or upto == at:
                yield Match(entry, "joined", token.start, tokens[upto].end)


def find_embedded(index: NameIndex, tokens: Sequence[Token]) -> Iterator[Match]:
    """Yield names run together inside a longer word, as handles and tags have them."""
    for token in tokens:
        word = token.text[: 2 * MAX_RUN]
        if len(word) <= MIN_RUN or not word.isascii():
            continue
        for start in range(len(word) - MIN_RUN + 1):
            for end in range(start + MIN_RUN, min(start + MAX_RUN, len(word)) + 1):
                entry = index.joined.get(word[start:end])
                if entry is not None and " " in " ".join(name_words(entry.name)):
                    yield Match(entry, "embedded", token.start + start, token.start + end)


def _is_ideographic(letter: str) -> bool:
    """Chinese and Japanese have no word breaks at all; a name may start anywhere."""
    return letter >= "\u3000"


def find_dense(index: NameIndex, text: str) -> Iterator[Match]:
    """Yield names in scripts that glue words together, anywhere in the text."""
    if not is_dense(text):
        return
    tokens = tokenise(text)
    letters = "".join(token.text for token in tokens)
    places = [at for token in tokens for at in range(token.start, token.end)]
    depths = [depth for token in tokens for depth in range(token.end - token.start)]
    for at in range(len(letters) - 1):
        if depths[at] > MAX_PREFIX and not _is_ideographic(letters[at]):
            continue
        for size in index.heads.get(letters[at : at + 2], ()):
            entry = index.dense.get(letters[at : at + size])
            if entry is not None and at + size <= len(letters):
                yield Match(entry, "exact", places[at], places[at + size - 1] + 1)
