"""What a search looks for."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assent.core.screening.policies import default_policy
from assent.core.screening.searching import (
    NO_SEARCH,
    WORD_MAX,
    entries_for,
    index_words,
    names_somebody,
    read_search,
    tag_word,
)

AT = date(2026, 1, 1)


@pytest.mark.parametrize(
    "text", ["watercolour lighthouses", "rose", "black forest", "low poly animals", "game art"]
)
def test_things_are_looked_for(text: str) -> None:
    assert read_search(text, default_policy(), at=AT).answered


@pytest.mark.parametrize(
    "text",
    ["taylor swift", "Taylor Swift", "my ex girlfriend", "jane doe",
     "marta kowalczyk", "LoRA of my own face"],
)  # fmt: skip
def test_people_are_not(text: str) -> None:
    assert not read_search(text, default_policy(), at=AT).answered
    assert not read_search("", default_policy(), at=AT, tag=text).answered


def test_nothing_is_no_search() -> None:
    assert read_search(" ", default_policy(), at=AT) == NO_SEARCH


def test_what_has_no_word_finds_nothing() -> None:
    assert not read_search("🦊", default_policy(), at=AT).answered


@given(st.text(max_size=80), st.text(max_size=200), st.lists(st.text(max_size=40), max_size=4))
def test_an_item_is_found_by_each_of_its_words_and_tags(
    title: str, description: str, tags: list[str]
) -> None:
    found = entries_for(title, description, tuple(tags))
    assert {*index_words(title), *index_words(description)} <= found
    assert {tag_word(t) for t in tags} - {""} <= found
    assert all(0 < len(word) <= WORD_MAX + 1 for word in found)


@pytest.mark.parametrize("name", ["patron", "daisy", "sister", "inkwell", "harbour-light", "boss"])
def test_a_word_that_only_might_mean_somebody_is_a_name_like_any_other(name: str) -> None:
    assert not names_somebody(name, default_policy(), at=AT)


@pytest.mark.parametrize("name", ["taylorswift", "emma-watson", "t4ylor-sw1ft", "beyonce"])
def test_a_real_persons_name_is_not_taken_for_an_account(name: str) -> None:
    assert names_somebody(name, default_policy(), at=AT)
