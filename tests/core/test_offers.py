"""What a bounty or a listing must have before it can be posted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assent.core.offers import (
    BountyDraft,
    draft_refusal,
    files_refusal,
    posting_refusal,
    split_tags,
    words_faults,
)

TODAY = date(2030, 6, 1)
GOOD = BountyDraft("A watercolour fox", "", "LoraCreation", ("fox",), 100, date(2030, 7, 1))

WRONG: dict[str, list[dict[str, Any]]] = {
    "title": [{"title": "x" * 141}],
    "description": [{"description": "x" * 5001}, {"title": "a\x00b"}, {"description": "\x00"}],
    "tags": [{"tags": ("x" * 41,)}, {"tags": tuple("abcdefghijklm")}],
    "type": [{"work_type": ""}, {"work_type": "lora"}],
    "credits": [{"credits": 9}, {"credits": 0}, {"credits": -10}, {"credits": 1_000_001}],
}
UNPOSTABLE: dict[str, list[dict[str, Any]]] = {
    "title": [{"title": ""}, {"title": "  "}],
    "deadline": [
        {"deadline": TODAY},
        {"deadline": TODAY - timedelta(days=1)},
        {"deadline": TODAY + timedelta(days=91)},
    ],
}


def test_a_good_draft_may_be_kept_and_posted() -> None:
    assert draft_refusal(GOOD) is None
    assert posting_refusal(GOOD, TODAY) is None


@pytest.mark.parametrize("field", WRONG)
def test_each_fault_is_named_by_its_field(field: str) -> None:
    for changes in WRONG[field]:
        draft = replace(GOOD, **changes)
        for refusal in (draft_refusal(draft), posting_refusal(draft, TODAY)):
            assert refusal is not None, changes
            assert list(refusal.fields) == [field]


@pytest.mark.parametrize("field", UNPOSTABLE)
def test_a_draft_may_lack_what_a_posted_bounty_needs(field: str) -> None:
    for changes in UNPOSTABLE[field]:
        draft = replace(GOOD, **changes)
        assert draft_refusal(draft) is None
        refusal = posting_refusal(draft, TODAY)
        assert refusal is not None, changes
        assert list(refusal.fields) == [field]


def test_the_longest_and_the_dearest_are_still_taken() -> None:
    draft = replace(
        GOOD, title="x" * 140, description="x" * 5000, tags=("x" * 40,) * 12, credits=1_000_000,
        deadline=TODAY + timedelta(days=90),
    )  # fmt: skip
    assert posting_refusal(draft, TODAY) is None
    assert posting_refusal(replace(draft, credits=10), TODAY) is None


def test_all_faults_are_said_at_once() -> None:
    refusal = posting_refusal(replace(GOOD, title="", credits=0, deadline=TODAY), TODAY)
    assert refusal is not None
    assert set(refusal.fields) == {"title", "credits", "deadline"}


def test_words_without_fault_have_none() -> None:
    assert words_faults("", "", ()) == {}


@pytest.mark.parametrize(
    ("works", "images", "faults"),
    [(1, 0, []), (4, 8, []), (0, 0, ["files"]), (5, 9, ["files", "images"]), (1, 9, ["images"])],
)
def test_files_are_counted(works: int, images: int, faults: list[str]) -> None:
    refusal = files_refusal(works, images)
    assert list(refusal.fields if refusal else []) == faults


def test_an_article_of_images_alone_needs_no_work() -> None:
    assert files_refusal(0, 1, needs_work=False) is None


@given(st.text(alphabet="ab, ", max_size=30))
def test_tags_are_split_at_commas_each_once_in_order(text: str) -> None:
    tags = split_tags(text)
    assert list(tags) == list(dict.fromkeys(tags))
    assert set(tags) == {part.strip() for part in text.split(",")} - {""}
    assert split_tags(",".join(tags)) == tags
