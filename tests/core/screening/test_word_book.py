"""What is remembered of a word is what the word is, however many were met before."""

from __future__ import annotations

import numpy as np
import pytest

from assent.core.screening import word_book
from assent.core.screening.hashing import Hasher
from assent.core.screening.matching import find_names
from assent.core.screening.name_keys import hashes_of
from assent.core.screening.names import NameIndex
from assent.core.screening.reading import read
from assent.core.screening.screen import starter_index
from assent.core.screening.word_book import BAG, COMMON, CUT, FLAGS, GIVEN, STEM, WordBook

WORDS = ["the", "vera", "свифтом", "naïve", "x", "語", "vera", "lindqvist"]


def test_a_row_has_the_hashes_of_its_word() -> None:
    book = WordBook(Hasher())
    rows = book.rows(WORDS)
    assert rows[:, CUT].tolist() == hashes_of(book.hasher, WORDS).tolist()
    stems = [word if word != "свифтом" else "свифт" for word in WORDS]
    assert rows[:, STEM].tolist() == hashes_of(book.hasher, stems).tolist()
    assert rows[1, BAG] == book.rows(["eavr"])[0, BAG] != rows[0, BAG]


def test_words_learnt_together_and_alone_are_the_same() -> None:
    together = WordBook(Hasher()).rows(WORDS)
    alone = np.concatenate([WordBook(Hasher()).rows([word]) for word in WORDS])
    assert together.tolist() == alone.tolist()


def test_flags_say_what_lists_have_a_word() -> None:
    book = starter_index().book
    flags = book.rows(["the", "emma", "zzqx"]).view(np.uint8)[:, FLAGS]
    assert flags[0] & COMMON
    assert flags[1] & GIVEN
    assert not flags[2] & (COMMON | GIVEN)


def test_a_full_book_begins_anew_and_misses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_book, "_MOST", 4)
    index = NameIndex(starter_index().entries[:2000], hasher=Hasher())
    person = next(e for e in index.entries if e.is_person and len(e.name) > 12 and e.name.isascii())
    glued = "x" + person.name.replace(" ", "").lower()
    for _ in range(3):
        found = find_names(index, read(f"one two three {glued} four {person.name} five six"))
        assert [match.entry for match in found] == [person, person]
