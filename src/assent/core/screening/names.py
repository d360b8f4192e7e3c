"""Listed names, ready to be looked for in a text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from assent.core.screening.gazetteer import Entry
from assent.core.screening.hashing import Hasher
from assent.core.screening.name_keys import Key, KeyTable, name_words, salted, table_of
from assent.core.screening.sounds import sound
from assent.core.screening.tokens import is_dense
from assent.core.screening.word_book import CUT, CUT_WEIGHT, WordBook

MAX_WORDS = 6
LONGEST_DENSE = 14  # letters of a name in a script without gaps


class Match(NamedTuple):
    """A name found: whose, in which manner it was written, and where in the reading."""

    entry: Entry
    how: str
    start: int
    end: int


class NameIndex:
    """Names by their spellings: one sorted table of keys, whatever the number of names.

    `entries` may be anything that gives an entry by its number, so that a long list can stay in
    a file that all workers share.
    """

    def __init__(
        self,
        entries: Iterable[Entry] = (),
        *,
        table: KeyTable | None = None,
        hasher: Hasher | None = None,
        dense_sizes: tuple[int, ...] | None = None,
    ) -> None:
        self.entries: Sequence[Entry] = entries if isinstance(entries, Sequence) else tuple(entries)
        self.hasher = hasher or Hasher()
        self.table = table or table_of(self.hasher, self.entries)
        self.book = WordBook(self.hasher, self.table)
        # How many letters the names in scripts without gaps have.
        self.dense_sizes = dense_sizes_of(self.entries) if dense_sizes is None else dense_sizes

    def of(self, key: Key, words: Sequence[str]) -> list[list[Entry]]:
        """Return, for each word, the entries kept under it as this kind of key."""
        found: list[list[Entry]] = [[] for _ in words]
        if words:
            for at, number in self.table.look(salted(self.book.rows(words)[:, CUT], key)):
                found[at].append(self.entries[number])
        return found

    def with_surname(self, words: Sequence[str]) -> list[list[Entry]]:
        """Return, for each word, the people with this surname."""
        found = self.of(Key.LAST, words)
        return [
            [entry for entry in entries if any(name_words(n)[-1:] == (word,) for n in entry.names)]
            for word, entries in zip(words, found, strict=True)
        ]

    def with_given(self, words: Sequence[str]) -> list[list[Entry]]:
        """Return, for each word, the people with this given name."""
        found = self.of(Key.GIVEN, words)
        return [
            [entry for entry in entries if any(name_words(n)[:1] == (word,) for n in entry.names)]
            for word, entries in zip(words, found, strict=True)
        ]

    def stage_name(self, words: Sequence[str]) -> list[Entry | None]:
        """Return, for each word, who has a stage name that sounds like it."""
        heard = [sound(word) for word in words]
        return [
            next((entry for entry in entries if one in _sounds(entry)), None)
            for one, entries in zip(heard, self.of(Key.STAGE, heard), strict=True)
        ]

    def pairs(
        self, firsts: Sequence[str], lasts: Sequence[str]
    ) -> Iterator[tuple[int, int, Entry]]:
        """Yield (which first, which last, person) for words that make a name of two words."""
        if not firsts or not lasts:
            return
        left, right = self.book.rows(firsts), self.book.rows(lasts)
        both = left[:, CUT, None] + left[:, CUT_WEIGHT, None] * right[None, :, CUT]
        for at, number in self.table.look(salted(both.reshape(-1), Key.LETTERS)):
            entry = self.entries[number]
            first, last = divmod(at, len(lasts))
            wanted = (firsts[first], lasts[last])
            if entry.is_person and any(name_words(name) == wanted for name in entry.names):
                yield first, last, entry


def dense_sizes_of(entries: Iterable[Entry]) -> tuple[int, ...]:
    """Return how many letters the names in scripts without gaps have."""
    sizes = {
        len("".join(name_words(name)))
        for entry in entries
        for name in entry.names
        if is_dense(name)
    }
    return tuple(sorted(size for size in sizes if 2 <= size <= LONGEST_DENSE))


def _sounds(entry: Entry) -> set[str]:
    return {sound(words[0]) for name in entry.names if len(words := name_words(name)) == 1}
