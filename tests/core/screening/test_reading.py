"""Readings see through disguises and always find the way back to the original."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assent.core.screening.folding import FOLD, fold
from assent.core.screening.reading import read, variants
from assent.core.screening.tokens import tokenise

MARKED = st.text(alphabet=st.sampled_from("ab <>&;/nbsp#x1éсＡ\u200b\u0301T4@🌹ß"), max_size=40)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=60), MARKED))
def test_every_word_of_a_reading_leads_back_to_its_place(text: str) -> None:
    reading = read(text)
    for token in tokenise(reading.text):
        start, end = reading.span(token.start, token.end)
        assert 0 <= start < end <= len(text)
        piece = text[start:end]
        if "&" not in piece and "<" not in piece:
            assert token.text in fold(piece)


@settings(max_examples=200, deadline=None)
@given(MARKED)
def test_every_other_reading_keeps_the_offsets(text: str) -> None:
    reading = read(text)
    for _, other in variants(reading):
        assert len(other.text) == len(reading.text)
        assert other.starts is reading.starts


@given(st.text(max_size=50))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    once = fold(text)
    assert fold(once) == once or any(len(FOLD[char]) != 1 for char in once)


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("Žoë", "zoe"),
        ("Ｌｉｎｄａ", "linda"),
        ("l\u200bi\u00adn", "lin"),
        ("a&nbsp;b", "a b"),
        ("a<br/>b", "a b"),
        ("Łódź", "lodz"),
        ("𝓛𝓲𝓷", "lin"),
        ("Straße", "strasse"),
    ],
)
def test_a_disguised_word_reads_as_the_plain_one(written: str, read_as: str) -> None:
    assert read(written).text == read_as


@pytest.mark.parametrize(
    ("written", "read_as"), [("Vеrа", "vera"), ("V3r4", "vera"), ("ve|a l1n", "vela lln")]
)
def test_another_reading_sees_through_swapped_letters(written: str, read_as: str) -> None:
    assert read_as in [other.text for _, other in variants(read(written))]


def test_plain_text_needs_no_map() -> None:
    assert read("Plain text").starts is None
