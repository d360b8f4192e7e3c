"""What may follow where takedown requests are plainly without ground, and what never may."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assent.core.misuse import (
    BRAKE_TIME,
    COUNTS_FOR,
    Before,
    Judged,
    Step,
    ends_at,
    finding_refusal,
    next_step,
    normalised_contact,
    reason_refusal,
)
from assent.core.notices import Complaint, Ground

NOW = datetime(2026, 6, 1, tzinfo=UTC)
PLAIN = Judged(
    turned_down=True,
    ground=Ground.NO_LIKENESS,
    sensitive=False,
    confirmed=True,
    complaint=Complaint.NONE,
    from_person=True,
)


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def test_req_td_17_what_plainly_shows_nobody_may_be_found_to_be_misuse() -> None:
    assert finding_refusal(PLAIN) is None
    assert finding_refusal(replace(PLAIN, complaint=Complaint.REJECTED)) is None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"turned_down": False}, "not_turned_down"),
        ({"from_person": False}, "not_turned_down"),
        ({"sensitive": True}, "never_misuse"),
        ({"ground": Ground.NOT_FOUND}, "only_lost"),
        ({"ground": Ground.CONSENT}, "only_lost"),
        ({"ground": None}, "only_lost"),
        ({"confirmed": False}, "not_confirmed"),
        ({"complaint": Complaint.OPEN}, "under_complaint"),
        ({"complaint": Complaint.UPHELD}, "under_complaint"),
    ],
)
def test_req_td_17_what_never_counts(change: dict[str, object], code: str) -> None:
    refusal = finding_refusal(replace(PLAIN, **change))  # type: ignore[arg-type]
    assert refusal is not None
    assert refusal.code == code


def test_req_td_17_a_warning_comes_first_and_losing_once_is_never_enough() -> None:
    assert next_step([], ago(1), 1, NOW) is Step.WARNING
    assert next_step([Before(ago(10))], ago(1), 2, NOW) is Step.WARNING
    assert next_step([Before(ago(10)), Before(ago(5))], ago(1), 3, NOW) is Step.BRAKE


def test_req_td_17_what_was_sent_before_the_warning_slows_nobody() -> None:
    warned = [Before(ago(3)), Before(ago(2)), Before(ago(2))]
    assert next_step(warned, ago(4), 4, NOW) is Step.WARNING


def test_req_td_17_who_is_mostly_right_is_never_slowed() -> None:
    warned = [Before(ago(20)), Before(ago(10))]
    assert next_step(warned, ago(1), 5, NOW) is Step.BRAKE
    assert next_step(warned, ago(1), 6, NOW) is Step.WARNING


@given(
    st.lists(st.floats(0, 400)), st.floats(0, 30), st.integers(0, 20)
)  # fmt: skip
def test_req_td_17_no_brake_without_a_fresh_warning_and_three_findings(
    told: list[float], sent: float, right: int
) -> None:
    before = [Before(ago(days)) for days in told]
    fresh = [days for days in told if days <= COUNTS_FOR.days]
    decided = len(fresh) + 1 + right
    if next_step(before, ago(sent), decided, NOW) is Step.BRAKE:
        assert len(fresh) >= 2
        assert max(fresh) > sent
        assert right < len(fresh) + 1


def test_req_td_17_it_ends_by_itself() -> None:
    assert ends_at(Step.BRAKE, NOW) == NOW + BRAKE_TIME
    assert ends_at(Step.WARNING, NOW) == NOW + COUNTS_FOR
    assert timedelta(days=30) >= BRAKE_TIME


def test_the_same_contact_typed_in_another_way_is_the_same() -> None:
    assert normalised_contact("email", " Vera@Example.ORG ") == "email:vera@example.org"
    assert normalised_contact("phone", "+45 12-34 56 78") == "phone:4512345678"
    assert normalised_contact("phone", "0045 12345678") == "phone:4512345678"
    assert normalised_contact("box", "x") == ""
    assert normalised_contact("email", "  ") == ""


def test_a_reason_is_a_sentence() -> None:
    assert reason_refusal("no") is not None
    assert reason_refusal("x" * 1001) is not None
    assert reason_refusal("It is a drawing of a teapot.") is None
