"""Nothing can be signed with a field missing, and each missing field is named."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assent.core.consent.cooling import publish_from
from assent.core.consent.plain import as_plain, from_plain
from assent.core.consent.terms import Signer, Verb, problems
from tests.core.consent.made import SIGNED, TODAY, signed

MISSING: dict[str, dict[str, Any]] = {
    "names": {"names": (" ",)},
    "purpose": {"purpose": "anything"},
    "material": {"material": " "},
    "territory": {"territory": ""},
    "starts_on": {"starts_on": None},
    "ends_on": {"ends_on": None},
    "pay": {"pay": ""},
    "advice": {"advice": None},
    "work_types": {"work_types": frozenset()},
    "adult": {"adult": False},
    "never_sexual": {"never_sexual": False},
    "cannot_untrain": {"cannot_untrain": False},
    "signature": {"signature": "  "},
    "authority": {"signer": Signer.AGENT},
}


def test_complete_terms_can_be_signed() -> None:
    assert problems(SIGNED, TODAY) == {}


@pytest.mark.parametrize("field", MISSING)
def test_req_con_02_each_missing_field_is_named(field: str) -> None:
    assert list(problems(signed(**MISSING[field]), TODAY)) == [field]


@pytest.mark.parametrize("verb", Verb)
def test_req_con_02_every_use_has_an_answer_of_its_own(verb: Verb) -> None:
    answers = {k: v for k, v in SIGNED.answers.items() if k != verb.value}
    assert list(problems(signed(answers=answers), TODAY)) == [verb.value]


def test_req_con_04_ten_years_is_the_most() -> None:
    assert problems(signed(ends_on=date(2040, 6, 3)), TODAY) == {}
    assert list(problems(signed(ends_on=date(2040, 6, 4)), TODAY)) == ["ends_on"]
    assert list(problems(signed(ends_on=TODAY), TODAY)) == ["ends_on"]
    assert list(problems(signed(starts_on=TODAY - timedelta(days=1)), TODAY)) == ["starts_on"]


def test_req_con_05_nobody_under_18() -> None:
    assert "18" in problems(signed(adult=False), TODAY)["adult"]


def test_req_con_09_an_estate_says_by_what_right() -> None:
    assert list(problems(signed(signer=Signer.ESTATE), TODAY)) == ["authority"]
    assert problems(signed(signer=Signer.ESTATE, authority="executor"), TODAY) == {}


MONDAY = datetime(2030, 6, 3, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("signed_at", "first_day"),
    [
        (MONDAY, date(2030, 6, 7)),  # Tuesday, Wednesday and Thursday are over
        (MONDAY + timedelta(days=3), date(2030, 6, 12)),  # Thursday: Friday, Monday, Tuesday
        (MONDAY + timedelta(days=5), date(2030, 6, 13)),  # Saturday: Monday to Wednesday
    ],
)
def test_req_con_03_three_business_days(signed_at: datetime, first_day: date) -> None:
    got = publish_from(signed_at, signed_at, approved_by_representative=False)
    assert got == first_day
    assert publish_from(signed_at, None, approved_by_representative=False) == first_day


def test_req_con_03_time_to_read_or_a_representative_replaces_the_wait() -> None:
    early = MONDAY - timedelta(hours=72)
    assert publish_from(MONDAY, early, approved_by_representative=False) == MONDAY.date()
    late = early + timedelta(seconds=1)
    assert publish_from(MONDAY, late, approved_by_representative=False) > MONDAY.date()
    assert publish_from(MONDAY, MONDAY, approved_by_representative=True) == MONDAY.date()


@given(st.datetimes(datetime(2030, 1, 1), datetime(2040, 1, 1)))  # noqa: DTZ001
def test_the_wait_always_holds_three_working_days(moment: datetime) -> None:
    day = moment.date()
    first = publish_from(moment, moment, approved_by_representative=False)
    between = [day + timedelta(days=n) for n in range(1, (first - day).days)]
    assert sum(d.weekday() < 5 for d in between) == 3
    assert (first - day).days <= 6


def test_terms_survive_being_kept() -> None:
    assert from_plain(as_plain(SIGNED)) == SIGNED
