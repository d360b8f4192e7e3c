"""A grant covers a use only when everything about it fits; each doubt alone makes it "no"."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assent.core.consent.cover import NO_GRANT, GrantTerms, Use, covers, normalised_name
from assent.core.terms import ConsentStatus, Rating

DAY = date(2030, 6, 1)
GRANT = GrantTerms(
    "C-1", ConsentStatus.GIVEN, "rita", frozenset({"vera", "vera lindqvist"}),
    frozenset({"train", "generate", "display"}), frozenset({"LoraCreation", "ImageCreation"}),
    Rating.SFW, date(2030, 1, 1), date(2031, 1, 1), signed=True,
)  # fmt: skip
USE = Use("rita", "LoraCreation", "vera", frozenset({"train", "display"}), Rating.SFW)


def test_a_grant_in_force_covers_the_use_that_it_names() -> None:
    answer = covers(GRANT, USE, DAY)
    assert answer.covered
    assert answer.reason == "covered by C-1"


def test_no_grant_covers_nothing() -> None:
    assert covers(None, USE, DAY) == NO_GRANT
    assert not NO_GRANT.covered


GRANTS_THAT_FAIL: dict[str, dict[str, Any]] = {
    "was never signed": {"signed": False},
    "is for somebody else": {"requester": "sam"},
    "is of another person": {"name_digests": frozenset({"mia"})},
    "names nobody": {"name_digests": frozenset()},
    "allows one thing less": {"uses": frozenset({"train"})},
    "allows nothing": {"uses": frozenset()},
    "is for other work": {"work_types": frozenset({"ImageCreation"})},
    "has not begun": {"starts_on": DAY + timedelta(days=1)},
    "is over": {"ends_on": DAY - timedelta(days=1)},
    "runs for more than ten years": {"ends_on": date(2040, 1, 2)},
    "runs for ever": {"ends_on": date.max},
}
USES_THAT_FAIL: dict[str, dict[str, Any]] = {
    "by another requester": {"requester": "sam"},
    "of other work": {"work_type": "VideoCreation"},
    "of work nobody named": {"work_type": ""},
    "of somebody unknown": {"name_digest": None},
    "of another person": {"name_digest": "mia"},
    "of one more kind": {"verbs": frozenset({"train", "display", "sell"})},
}


@pytest.mark.parametrize("why", GRANTS_THAT_FAIL)
def test_one_thing_wrong_with_the_grant_makes_it_no(why: str) -> None:
    answer = covers(replace(GRANT, **GRANTS_THAT_FAIL[why]), USE, DAY)
    assert not answer.covered
    assert answer.reason


@pytest.mark.parametrize("why", USES_THAT_FAIL)
def test_one_thing_beyond_the_grant_makes_it_no(why: str) -> None:
    assert not covers(GRANT, replace(USE, **USES_THAT_FAIL[why]), DAY).covered


@pytest.mark.parametrize("status", sorted(set(ConsentStatus) - {ConsentStatus.GIVEN}))
def test_a_grant_that_is_not_given_covers_nothing(status: ConsentStatus) -> None:
    assert not covers(replace(GRANT, status=status), USE, DAY).covered


@pytest.mark.parametrize("rating", [Rating.SUGGESTIVE, Rating.EXPLICIT])
@pytest.mark.parametrize("granted", Rating)
def test_nothing_but_ordinary_content_is_ever_covered(rating: Rating, granted: Rating) -> None:
    asked = replace(USE, rating=rating)
    assert not covers(replace(GRANT, rating=granted), asked, DAY).covered


@given(st.dates(date(2029, 1, 1), date(2032, 1, 1)))
def test_a_grant_holds_from_its_first_to_its_last_day(day: date) -> None:
    assert covers(GRANT, USE, day).covered == (GRANT.starts_on <= day <= GRANT.ends_on)


@given(st.dates(date(1990, 1, 1), date(2080, 1, 1)), st.integers(1, 8000))
def test_no_term_is_longer_than_ten_years(start: date, days: int) -> None:
    end = start + timedelta(days=days)
    covered = covers(replace(GRANT, starts_on=start, ends_on=end), USE, start).covered
    anniversary = min(start.day, 28) if (start.month, start.day) == (2, 29) else start.day
    assert covered == (end <= date(start.year + 10, start.month, anniversary))


def test_ten_years_from_a_leap_day_end_on_the_28th() -> None:
    leap = replace(GRANT, starts_on=date(2028, 2, 29), ends_on=date(2038, 2, 28))
    assert covers(leap, USE, DAY).covered
    assert not covers(replace(leap, ends_on=date(2038, 3, 1)), USE, DAY).covered


@pytest.mark.parametrize(
    "spelled",
    [
        "Vera Lindqvist-Oyelaran", "VERA LINDQVIST-OYELARAN", "Véra  Lindqvist‐Oyelaran",
        " vera, lindqvist; oyelaran ", "Vera\u00a0Lindqvist\nOyelaran",
        "Ｖｅｒａ Lindqvist.Oyelaran",
    ],
)  # fmt: skip
def test_a_name_is_the_same_in_every_spelling(spelled: str) -> None:
    assert normalised_name(spelled) == "vera lindqvist oyelaran"


@given(st.text(max_size=40))
def test_normalising_a_name_twice_changes_nothing(name: str) -> None:
    once = normalised_name(name)
    assert normalised_name(once) == once
