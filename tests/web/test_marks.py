"""Marks in somebody's own words."""

from __future__ import annotations

import doctest
from datetime import UTC, datetime
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from assent.catalogue.values import ItemView
from assent.core.terms import ItemKind, ItemState, Rating
from assent.web import marks

SPANS = st.lists(st.tuples(st.integers(-3, 30), st.integers(-3, 30)))


def test_the_examples() -> None:
    assert doctest.testmod(marks).failed == 0


@given(text=st.text(max_size=25), spans=SPANS)
def test_marking_never_changes_the_text(text: str, spans: list[tuple[int, int]]) -> None:
    parts = marks.segments(text, spans)
    assert "".join(p.text for p in parts) == text
    assert all(a.marked != b.marked for a, b in pairwise(parts))


@given(text=st.text(max_size=25), spans=SPANS)
def test_every_sound_span_is_marked(text: str, spans: list[tuple[int, int]]) -> None:
    inside = {i for s, e in marks.merged(spans, text) for i in range(s, e)}
    for start, end in spans:
        if 0 <= start < end <= len(text):
            assert inside >= set(range(start, end))


def test_only_what_speaks_for_a_likeness_is_marked() -> None:
    item = ItemView(
        "x" * 12, ItemKind.BOUNTY, ItemState.REFUSED, 1, "rita", "LoRA of her", "", ("her", "fox"),
        Rating.SFW, datetime(2030, 1, 1, tzinfo=UTC), None,
    )  # fmt: skip
    found = marks.marked(
        item,
        {
            "signals": [
                {"weight": 0.4, "field": "title", "start": 8, "end": 11},
                {"weight": -0.4, "field": "title", "start": 0, "end": 4},
                {"weight": 0.4, "field": "tags[0]", "start": 0, "end": 3},
                {"weight": 0.4, "field": "files[0].name", "start": 0, "end": 3},
            ]
        },
    )
    assert [s.text for s in found.title if s.marked] == ["her"]
    assert [[s.marked for s in tag] for tag in found.tags] == [[True], [False]]
    assert found.words == ("her",)
