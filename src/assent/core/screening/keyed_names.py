"""Protected names that are kept only as digests under a key: searched without being known.

Each spelling under which a name must be found is kept twice. Its *mark* is a short keyed hash that
a text can be searched for quickly, all stretches at once; its *digest*, an HMAC-SHA-256 under the
same key, decides the few places where a mark fits. Neither tells the name without the key.
"""

from __future__ import annotations

import hashlib
import hmac
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from assent.core.screening.finding import places
from assent.core.screening.gazetteer import protected_entries
from assent.core.screening.hashing import U64, Hasher
from assent.core.screening.name_keys import (
    MIN_WORD,
    Key,
    KeyTable,
    hashes_of,
    keyed,
    name_words,
    salted,
    spellings,
)
from assent.core.screening.sheet import Sheet
from assent.core.screening.sounds import sound_key, stem
from assent.core.screening.spellings import MIN_RUN
from assent.core.screening.word_book import CUT, CUT_WEIGHT, WordBook

_JOINED = "joined"
_WORDS = "words"


class Kept(NamedTuple):
    """One spelling of a protected name, as it is stored."""

    mark: int  # unsigned, 64 bits
    digest: str  # hex


class Sighting(NamedTuple):
    """A protected name in a text: where in the reading, and whether its case is decided."""

    start: int
    end: int
    decided: bool


@dataclass(frozen=True)
class NameKey:
    """The key of one version, with the hashes that follow from it."""

    secret: bytes = field(repr=False)
    hasher: Hasher = field(init=False, repr=False)
    book: WordBook = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        seed = hmac.digest(self.secret, b"marks", hashlib.sha256)
        object.__setattr__(self, "hasher", Hasher(seed))
        object.__setattr__(self, "book", WordBook(self.hasher))

    def digest(self, form: str, text: str) -> str:
        """Return the digest of a text in one form."""
        return hmac.new(self.secret, f"{form}\0{text}".encode(), hashlib.sha256).hexdigest()

    def kept(self, name: str) -> list[Kept]:
        """Return what is stored of a name or handle; nothing where it is too short to look for."""
        words = name_words(name)
        if len("".join(words)) < MIN_WORD - 1:
            return []
        (entry,) = protected_entries([name])
        found = [one for one in spellings(entry) if one.key in (Key.LETTERS, Key.BAG, Key.SOUND)]
        forms = [*_forms_of(words)]
        marks = keyed(self.hasher, found).tolist()
        letters = hashes_of(self.hasher, [letters for _, _, letters in forms])
        extra = salted(letters, Key.LETTERS).tolist()
        kept = {
            Kept(mark, self.digest(form, text))
            for (form, text, _), mark in zip(forms, extra, strict=True)
        }
        for one, mark in zip(found, marks, strict=True):
            if one.key is not Key.LETTERS:
                kept.add(Kept(mark, self.digest(one.key.name, _canonical(one.key, words))))
        return sorted(kept)


def _forms_of(words: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Yield (form, what is digested, the letters that are marked)."""
    letters = "".join(words)
    yield _WORDS, " ".join(words), letters
    yield _JOINED, letters, letters
    if len(words) > 1:
        turned = [words[-1], *words[:-1]]
        yield "inverted", " ".join(turned), "".join(turned)
        yield "initial", f"{words[0][0]} {words[-1]}", words[0][0] + words[-1]
        yield "backwards", letters[::-1], letters[::-1]
        back = "".join(word[::-1] for word in words)
        yield "backwards", back, back


def _canonical(key: Key, words: Sequence[str]) -> str:
    if key is Key.BAG:
        return " ".join("".join(sorted(word)) for word in words)
    return sound_key(words)


@dataclass
class KeyedNames:
    """All protected names that a process knows of, ready to be searched for.

    `confirm` takes digests and returns those that are kept, each with whether its case is decided:
    what was withdrawn since the marks were read is therefore never found.
    """

    key: NameKey
    confirm: Callable[[Sequence[str]], Mapping[str, bool]]
    tables: tuple[KeyTable, ...] = ()

    def with_marks(self, marks: Iterable[int] | U64) -> KeyedNames:
        """Return the same with further marks; small tables are joined into larger ones."""
        keys = np.fromiter(marks, np.uint64) if not isinstance(marks, np.ndarray) else marks
        if not len(keys):
            return self
        tables = list(self.tables)
        while tables and len(tables[-1].keys) <= 4 * len(keys):
            keys = np.concatenate([tables.pop().keys, keys])
        tables.append(KeyTable.of(keys, np.zeros(len(keys), np.uint32)))
        return KeyedNames(self.key, self.confirm, tuple(tables))

    def find(self, sheet: Sheet) -> list[list[Sighting]]:
        """Return, for each text of a sheet, the protected names in it."""
        found: list[list[Sighting]] = [[] for _ in sheet.texts]
        wanted = list(self._places(sheet)) if self.tables else []
        known = self.confirm(sorted({digest for *_, digest in wanted})) if wanted else {}
        for at, start, end, digest in wanted:
            if digest in known:
                found[at].append(Sighting(start, end, known[digest]))
        return [_longest(sightings) for sightings in found]

    def _places(self, sheet: Sheet) -> Iterator[tuple[int, int, int, str]]:
        """Yield (which text, start, end, digest) for every place where a mark fits."""
        rows = sheet.rows(self.key.book)
        for place in places(self._look, rows, inflected=False):
            start, end = int(sheet.starts[place.first]), int(sheet.ends[place.last])
            at = bisect_right(sheet.begins, start) - 1
            begin = sheet.begins[at]
            if end > begin + len(sheet.texts[at]):
                continue
            words = sheet.words[place.first : place.last + 1]
            if place.skips:
                del words[1]
            gap = sheet.gap(place.first) if place.last > place.first else ""
            for form, spelt in _readings(place.key, words, gap):
                yield at, start - begin, end - begin, self.key.digest(form, spelt)

    def _look(self, keys: U64) -> Iterator[tuple[int, int]]:
        return ((at, 0) for at in self._seen(keys))

    def _seen(self, keys: U64) -> set[int]:
        return {at for table in self.tables for at, _ in table.look(keys)}

    def pairs(self, firsts: Sequence[str], lasts: Sequence[str]) -> list[tuple[int, int, bool]]:
        """Return (which first, which last, decided) for words that make a name of two words."""
        if not firsts or not lasts or not self.tables:
            return []
        left, right = self.key.book.rows(firsts), self.key.book.rows(lasts)
        both = left[:, CUT, None] + left[:, CUT_WEIGHT, None] * right[None, :, CUT]
        seen = self._seen(salted(both.reshape(-1), Key.LETTERS))
        places = [divmod(at, len(lasts)) for at in seen]
        digests = [self.key.digest(_WORDS, f"{firsts[i]} {lasts[j]}") for i, j in places]
        known = self.confirm(digests) if digests else {}
        return [
            (i, j, known[digest])
            for (i, j), digest in zip(places, digests, strict=True)
            if digest in known
        ]


def _readings(key: Key, raw: Sequence[str], gap: str) -> Iterator[tuple[str, str]]:
    """Yield (form, text) for everything that a stretch of words may be a spelling of."""
    words = [stem(word) for word in raw]
    if key is not Key.LETTERS:
        if not gap.strip(" \n-_."):
            yield key.name, _canonical(key, words)
        return
    letters = "".join(words)
    yield _WORDS, " ".join(words)
    if len(letters) >= MIN_RUN or len(words) == 1 or all(len(word) == 1 for word in words):
        yield _JOINED, letters
        yield "backwards", letters
    if gap.strip() == ",":
        yield "inverted", " ".join(words)
    if len(words) == 2 and len(words[0]) == 1:
        yield "initial", " ".join(words)


def _longest(sightings: list[Sighting]) -> list[Sighting]:
    """Keep, of places that overlap, the longest; of equals, one that is decided."""
    kept: list[Sighting] = []
    for one in sorted(sightings, key=lambda s: (s.start - s.end, not s.decided)):
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return sorted(kept)
