"""The learned part stays within its bounds, shows its moves, and adds up as a slow sum does."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assent.core.screening.learned import (
    HELD_AT_MOST,
    NAMED_AT_LEAST,
    bounded,
    learned,
    log_odds,
    shipped_model,
    sigmoid,
)
from assent.core.screening.page import Page
from assent.core.screening.screen import page_of, signals_of
from assent.core.screening.submission import Submission
from assent.core.screening.traits import FACT_BITS, facts_of, letters_of, pairs_of
from assent.core.screening.verdict import Signal
from assent.core.screening.weigh import LEARNED, Weighed

AT = date(2026, 6, 1)
WORDS = st.lists(
    st.sampled_from(
        ["my", "wife", "Tom", "Hanks", "cat", "jacket", "only", "40", "photos", "of", "her", "face",
         "лицо", "顔", "é", ".", "lora", "no", "people", "Vera", "Lindqvist", "drawn"]
    ),
    max_size=25,
).map(" ".join)  # fmt: skip


def page(title: str, description: str = "") -> Page:
    return page_of(Submission("x", "bounty", "LoraCreation", title, description), at=AT)


def named(name: str, weight: float) -> Signal:
    return Signal(name, weight, "title", 0, 1, "x")


def slowly(read: Page, by_rules: float) -> float:
    """The probability, stretch by stretch in plain whole numbers."""
    model, signals = shipped_model(), signals_of(read)
    facts = [int(f) for f in facts_of(read, signals)]
    score = model.bias + model.rules * log_odds(by_rules)
    said = sum(float(model.facts[f % 2**FACT_BITS]) for f in facts)
    score += model.loudness[0] * said / math.sqrt(len(facts))
    paired = sum(float(model.pairs[int(p)]) for p in pairs_of(np.array(facts, dtype=np.uint32)))
    score += model.loudness[1] * paired / len(facts)
    letters, heard, count = letters_of(read).tobytes(), 0.0, 0
    keys = (0x01000193, 0x85EBCA6B, 0xC2B2AE35, 0x27D4EB2F, 0x165667B1)
    for start in range(len(letters) - 4):
        value = 0
        for byte, key, length in zip(letters[start:], keys, range(1, 6), strict=False):
            if byte == 0:
                break
            value = ((value ^ (byte * key % 2**32)) * 0x9E3779B1) % 2**32
            if length > 1:
                heard += float(model.grams[value >> 16])
                count += 1
    score += model.loudness[2] * heard / math.sqrt(max(1, count))
    return sigmoid(model.slope * score + model.offset)


@settings(max_examples=40, deadline=None)
@given(WORDS, WORDS)
def test_the_fast_sum_is_the_slow_sum(title: str, description: str) -> None:
    read = page(title, description)
    signals = signals_of(read)
    by_rules = Weighed(signals).probability
    fast = shipped_model().probability(read, signals, by_rules)
    assert fast == pytest.approx(slowly(read, by_rules), abs=1e-5)


@settings(max_examples=40, deadline=None)
@given(WORDS, WORDS)
def test_every_move_is_a_signal_and_the_evidence_adds_up(title: str, description: str) -> None:
    read = page(title, description)
    signals = signals_of(read)
    moved = learned(read, signals)
    assert moved == learned(read, signals)
    by_rules = Weighed(signals).probability
    if moved is not None:
        assert moved.name == LEARNED
        after = Weighed((*signals, moved)).probability
        assert after == pytest.approx(by_rules + moved.weight, abs=2e-4)


def test_it_cannot_refuse() -> None:
    assert bounded(0.999, 0.1, [named("profession", 0.1)]) == HELD_AT_MOST


def test_it_cannot_publish_a_name() -> None:
    assert bounded(0.0, 0.95, [named("known_name", 0.95)]) == NAMED_AT_LEAST
    assert bounded(0.0, 0.95, [named("known_name", 0.95)], asked=True) == 0.95
    assert bounded(0.0, 0.95, [named("protected_name", 0.95)]) == 0.95
    assert bounded(0.0, 0.5, [named("unlisted_name", 0.5)]) > 0.35


def test_the_weights_are_plain_tables() -> None:
    model = shipped_model()
    for table in (model.facts, model.pairs, model.grams):
        assert table.dtype == np.float32
        assert np.isfinite(table).all()
