"""Whatever is done for speed says what the slow, plain way says: on the development listings."""

from __future__ import annotations

import json
from datetime import date
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tools.listings.expand import everything

from assent.core.screening.detectors import SIGNAL_NAMES
from assent.core.screening.page import Page
from assent.core.screening.phrases import Hit, phrase_index
from assent.core.screening.policies import default_policy
from assent.core.screening.record import parse_record, record_of
from assent.core.screening.screen import page_of, screen, screen_many
from assent.core.screening.submission import Submission
from assent.core.screening.tokens import tokenise
from assent.core.screening.verdict import Signal
from assent.core.screening.weigh import Weighed
from tests.core.screening.slow_phrases import slow_dense, slow_negated, slow_phrases
from tests.core.screening.slow_weigh import slow_hard, slow_probability

AT = date(2026, 6, 1)
EACH = 6  # one record in so many


@cache
def submissions() -> tuple[Submission, ...]:
    """Development listings of all languages."""
    records = [record for part in everything().values() for record in part]
    return tuple(parse_record(record) for record in records[::EACH])


def printed(given: Submission, verdict: object) -> str:
    return json.dumps(record_of(given, verdict))  # type: ignore[arg-type]


def test_many_listings_at_once_get_the_verdicts_they_get_alone() -> None:
    given, policy = submissions(), default_policy()
    together = screen_many(given, policy, at=AT)
    for one, verdict in zip(given, together, strict=True):
        assert printed(one, verdict) == printed(one, screen(one, policy, at=AT))


def test_phrases_and_negations_are_those_of_the_slow_way() -> None:
    for one in submissions()[:: EACH // 2]:
        for passage in page_of(one, at=AT).passages:
            text = passage.reading.text
            found = slow_phrases(tokenise(text), one.lang) | slow_dense(phrase_index(), text)
            hits = [Hit(*hit) for hit in found]
            negations = [hit for hit in hits if hit.category == "negation"]
            denied = {hit for hit in hits if slow_negated(text, hit, negations)}
            denied -= set(negations)
            assert together(passage.denied) >= denied
            assert together(passage.hits) >= set(hits) - denied
            if text.isascii():
                assert together(passage.denied) == denied
                assert together(passage.hits) == set(hits) - denied


def together(hits: dict[str, list[Hit]]) -> set[Hit]:
    return {hit for some in hits.values() for hit in some}


WORDS = [
    *("no", "without", "ohne", "sin", "a", "the", ",", ".", "of", "my", "her", "9", "years", "old"),
    *("cat", "dog", "wife", "photo", "face", "looks", "like", "exactly", "real", "people"),
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=24), st.sampled_from(["en", "de", None]))
def test_any_words_give_the_phrases_of_the_slow_way(words: list[str], lang: str | None) -> None:
    text = " ".join(words)
    page = page_of(Submission("x", "bounty", None, "", text, lang=lang), at=AT)
    hits = [Hit(*hit) for hit in slow_phrases(tokenise(text), lang)]
    negations = [hit for hit in hits if hit.category == "negation"]
    denied = {hit for hit in hits if slow_negated(text, hit, negations)} - set(negations)
    assert all_of(page, denied=True) == denied
    assert all_of(page, denied=False) == set(hits) - denied


def all_of(page: Page, *, denied: bool) -> set[Hit]:
    hits = (passage.denied if denied else passage.hits for passage in page.passages)
    return {hit for some in hits for hit in together(some)}


SIGNALS = st.builds(
    lambda name, weight: Signal(name, weight, "title", 0, 1, "x"),
    st.sampled_from(sorted(SIGNAL_NAMES)),
    st.integers(-80, 95).map(lambda percent: percent / 100),
)


@given(st.lists(SIGNALS, max_size=12))
def test_signals_add_up_as_one_by_one(signals: list[Signal]) -> None:
    weighed = Weighed(signals)
    assert weighed.probability == pytest.approx(slow_probability(signals), abs=1e-4)
    assert weighed.hard == pytest.approx(slow_hard(signals))
