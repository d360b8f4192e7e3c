"""The fast name matcher finds what the slow one finds, and its work grows with the text."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from assent.core.screening.gazetteer import Entry, EntryKind, starter_entries
from assent.core.screening.matching import find_names, settle
from assent.core.screening.names import Match, NameIndex, find_exact, find_joined, name_words
from assent.core.screening.reading import read
from assent.core.screening.screen import starter_index
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
WORDS = ["ann", "bo", "cy", "dee", "x", "annbo", "mononym", "a", "n", "b", "o", "c", "y",
         "Тасей", "Коршом", "vera", "lind", "qvist", "the"]  # fmt: skip
TEXTS = st.lists(st.sampled_from(WORDS), max_size=14).flatmap(
    lambda words: st.sampled_from([" ", ".", "_", "-"]).map(lambda mark: mark.join(words))
)


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_exact_names_agree_with_the_slow_reference(text: str) -> None:
    tokens = tokenise(read(text).text)
    fast = {(match.start, match.end) for match in find_exact(INDEX, tokens)}
    assert fast == {(start, end) for _, start, end in slow_exact(ENTRIES, tokens)}


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_joined_names_agree_with_the_slow_reference(text: str) -> None:
    tokens = tokenise(read(text).text)
    fast = {(match.start, match.end) for match in find_joined(INDEX, tokens)}
    assert fast == {(start, end) for _, start, end in slow_joined(ENTRIES, tokens)}


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


def test_look_ups_grow_with_the_text_and_not_with_the_list() -> None:
    class Counting(dict[str, int]):
        asked = 0

        def get(self, key: str, default: object = None) -> object:  # type: ignore[override]
            Counting.asked += 1
            return super().get(key, default)

    def asked(words: int, names: int) -> int:
        index = NameIndex(Entry(f"zed{i} qu{i}", EntryKind.PERSON) for i in range(names))
        index.firsts = Counting(index.firsts)
        Counting.asked = 0
        list(find_exact(index, tokenise("zed1 lamp " * words)))
        return Counting.asked

    assert asked(200, 10) == asked(200, 1000) == 400
    assert asked(2000, 10) == 4000


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
