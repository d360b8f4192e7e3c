"""The fast name matcher finds what the slow one finds, and its work grows with the text."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assent.core.screening.finding import candidates
from assent.core.screening.folding import fold
from assent.core.screening.gazetteer import Entry, EntryKind, starter_entries
from assent.core.screening.hashing import Hasher, lay_out
from assent.core.screening.matching import find_names, settle
from assent.core.screening.name_keys import hashes_of, name_words
from assent.core.screening.names import Match, NameIndex
from assent.core.screening.reading import read
from assent.core.screening.screen import starter_index
from assent.core.screening.sheet import Sheet
from assent.core.screening.sounds import heard_letters, sound
from assent.core.screening.spellings import confirm
from assent.core.screening.tokens import tokenise
from tests.core.screening.slow_names import slow_exact, slow_joined

ENTRIES = (
    Entry("ann bo", EntryKind.PERSON),
    Entry("ann bo cy", EntryKind.PERSON),
    Entry("bo ann dee", EntryKind.PERSON, others=("dee",)),
    Entry("Тася Корш", EntryKind.PERSON),
    Entry("mononym", EntryKind.PERSON, flags="s"),
    Entry("Vera Lindqvist", EntryKind.PERSON),
)
INDEX = NameIndex(ENTRIES)
HASHER = Hasher()
WORDS = ["ann", "bo", "cy", "dee", "x", "annbo", "mononym", "a", "n", "b", "o", "c", "y",
         "Тасей", "Коршом", "vera", "lind", "qvist", "the"]  # fmt: skip
TEXTS = st.lists(st.sampled_from(WORDS), max_size=14).flatmap(
    lambda words: st.sampled_from([" ", ".", "_", "-"]).map(lambda mark: mark.join(words))
)


def places(text: str, *manners: str) -> set[tuple[int, int]]:
    """Where the fast matcher finds a name, before overlaps are settled."""
    sheet = Sheet([read(text).text])
    found = candidates(INDEX, sheet, thorough=False, inflected=False)
    matches = filter(None, (confirm(sheet, candidate) for candidate in found))
    return {(match.start, match.end) for match in matches if match.how in manners}


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_exact_names_agree_with_the_slow_reference(text: str) -> None:
    slow = slow_exact(ENTRIES, tokenise(read(text).text))
    assert places(text, "exact", "middle_initial") == {(start, end) for _, start, end in slow}


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_joined_names_agree_with_the_slow_reference(text: str) -> None:
    slow = {(start, end) for _, start, end in slow_joined(ENTRIES, tokenise(read(text).text))}
    fast = places(text, "joined", "exact", "initial", "middle_initial")
    assert slow <= fast
    assert places(text, "joined") <= slow


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text("abcehpyz", min_size=1, max_size=6), min_size=1, max_size=5))
def test_many_words_sound_as_each_does_alone(words: list[str]) -> None:
    layout = lay_out(" ".join(words))
    word_of = np.repeat(np.arange(len(words)), layout.lengths)
    heard, of = heard_letters(layout.codes.astype(np.uint8), word_of)
    assert [bytes(heard[of == at]).decode() for at in range(len(words))] == [
        sound(word) for word in words
    ]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_a_layout_parts_words_as_the_tokeniser_does(text: str) -> None:
    folded = fold(text)
    layout = lay_out(folded)
    pairs = zip(layout.starts, layout.ends, strict=True)
    words = [token.text for token in tokenise(folded)]
    assert [folded[a:b] for a, b in pairs] == words
    assert Sheet([folded]).words == words


def test_every_listed_name_finds_itself() -> None:
    index = starter_index()
    missed = [
        name
        for entry in starter_entries()
        for name in entry.names
        if name_words(name) and not find_names(index, read(f"x, {name} y"))
    ]
    assert missed == []


def test_a_longer_name_hides_a_shorter_one() -> None:
    short, long = Match(ENTRIES[0], "exact", 3, 9), Match(ENTRIES[1], "exact", 3, 12)
    assert settle([short, long]) == [long]
    assert [m.entry.name for m in find_names(starter_index(), read("the Jackson Hole"))] == [
        "Jackson Hole"
    ]


def test_a_long_text_is_searched_to_its_end() -> None:
    text = "lamp " * 3990 + "vera lindqvist " + "lamp " * 8000 + "mononym"
    found = [(m.entry.name, m.start) for m in find_names(INDEX, read(text))]
    assert found == [("Vera Lindqvist", 19950), ("mononym", len(text) - 7)]


def test_nobody_is_listed_twice() -> None:
    seen: dict[str, str] = {}
    twice = []
    for entry in starter_entries():
        if entry.is_person:
            key = "".join(name_words(entry.name))
            if key in seen:
                twice.append((entry.name, seen[key]))
            seen[key] = entry.name
    assert twice == []


@given(st.lists(st.text(max_size=6), max_size=6))
@example(["a\nb", "", "x\u0301\u200d", "fox\U0001f98a", "bo"])
def test_each_word_has_its_own_hash_whatever_stands_in_it(words: list[str]) -> None:
    alone = [int(hashes_of(HASHER, [word])[0]) for word in words]
    assert [int(h) for h in hashes_of(HASHER, words)] == alone
