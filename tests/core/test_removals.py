"""What a removal notice between marketplaces may say, and for how long it is tried."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assent.core.removals import (
    GIVEN_UP_AFTER,
    HASHES_MAX,
    RemovalNotice,
    claims,
    in_parts,
    next_try,
    notice_of,
)
from assent.core.terms import Refusal

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
HERE = "https://b.example"
ONE = RemovalNotice(
    "a" * 24, "https://a.example", f"{HERE}/removal-notices", NOW, ("1" * 64, "t1:" + "2" * 64)
)


def test_what_is_signed_is_what_is_read() -> None:
    assert notice_of(claims(ONE), HERE, NOW) == ONE
    assert notice_of(claims(ONE), f"{HERE}/", NOW) == ONE


def test_it_holds_hashes_and_nothing_of_a_person() -> None:
    assert set(claims(ONE)) == {"iss", "aud", "iat", "jti", "sha256", "tensors"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"aud": "https://c.example/removal-notices"}, "removal_elsewhere"),
        ({"aud": "https://b.example.evil.example/x"}, "removal_elsewhere"),
        ({"iat": int((NOW - timedelta(days=31)).timestamp())}, "removal_out_of_time"),
        ({"iat": int((NOW + timedelta(minutes=6)).timestamp())}, "removal_out_of_time"),
        ({"sha256": [f"{n:064x}" for n in range(HASHES_MAX + 1)]}, "removal_too_large"),
        ({"sha256": [], "tensors": []}, "removal_malformed"),
        ({"sha256": ["A" * 64]}, "removal_malformed"),
        ({"sha256": "1" * 64}, "removal_malformed"),
        ({"sha256": [5]}, "removal_malformed"),
        ({"jti": "x"}, "removal_malformed"),
        ({"jti": 5}, "removal_malformed"),
        ({"iat": True}, "removal_malformed"),
        ({"iat": 10**30}, "removal_malformed"),
        ({"iat": "now"}, "removal_malformed"),
        ({"iss": None}, "removal_malformed"),
    ],
)
def test_what_is_not_taken(change: dict[str, Any], code: str) -> None:
    refusal = notice_of(claims(ONE) | change, HERE, NOW)
    assert isinstance(refusal, Refusal)
    assert refusal.code == code


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(["iss", "aud", "iat", "jti", "sha256", "tensors"]), JSON))
def test_nothing_that_somebody_signs_is_more_than_refused(given_claims: dict[str, Any]) -> None:
    assert isinstance(notice_of(given_claims, HERE, NOW), Refusal)


@given(st.lists(st.integers(0, 600), max_size=700))
def test_every_hash_is_sent_once(numbers: list[int]) -> None:
    parts = in_parts(f"{n:064x}" for n in numbers)
    assert all(0 < len(part) <= HASHES_MAX for part in parts)
    assert sorted(h for part in parts for h in part) == sorted({f"{n:064x}" for n in numbers})


def test_it_is_tried_for_a_week_and_not_for_ever() -> None:
    at, tries = NOW, 0
    while (following := next_try(tries + 1, NOW, at)) is not None:
        assert following > at
        at, tries = following, tries + 1
    assert 5 <= tries <= 20
    assert at - NOW <= GIVEN_UP_AFTER
    assert at - NOW > GIVEN_UP_AFTER - timedelta(days=2)
