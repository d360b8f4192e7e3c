"""What strikes lead to: worked examples, and that a reversed decision leaves no trace."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assent.core.leases import LEASE, Lease, taken
from assent.core.strikes import EXPIRES, SHARE_MIN, STEPS, Level, Outlook, Strike, outlook

DAY0 = datetime(2026, 1, 1, tzinfo=UTC)


def on(day: float, points: int = 1, decision: str = "") -> Strike:
    return Strike(decision or f"d{day}-{points}", DAY0 + timedelta(days=day), points)


def at(day: float, *strikes: Strike, items: int = 5) -> Outlook:
    return outlook(strikes, items, DAY0 + timedelta(days=day))


@pytest.mark.parametrize(
    ("strikes", "day", "level", "until"),
    [
        ([], 1, Level.CLEAR, None),
        ([on(0)], 1, Level.WARNED, None),
        ([on(0, 2)], 1, Level.WARNED, None),
        ([on(0, 2)], 181, Level.CLEAR, None),
        ([on(0, 2), on(5)], 6, Level.SUSPENDED, 35),
        ([on(0, 2), on(5)], 36, Level.WARNED, None),
        ([on(0, 2), on(179.5)], 190, Level.SUSPENDED, 209.5),  # the first expires meanwhile
        ([on(0, 2), on(181)], 182, Level.WARNED, None),
        ([on(0, 2), on(1, 2), on(2, 2)], 3, Level.SUSPENDED, 182),
        ([on(9, 3)], 8, Level.CLEAR, None),
    ],
)
def test_req_enf_08_worked_examples(
    strikes: list[Strike], day: float, level: Level, until: float | None
) -> None:
    found = at(day, *strikes)
    assert found.level is level
    assert found.until == (DAY0 + timedelta(days=until) if until is not None else None)


def test_a_small_share_of_much_work_is_a_warning() -> None:
    three = [on(0), on(1), on(2)]
    assert at(3, *three, items=150).level is Level.SUSPENDED
    assert at(3, *three, items=151).level is Level.WARNED
    assert SHARE_MIN * 150 == 3


STRIKES = st.lists(
    st.builds(
        lambda day, points, n: on(day, points, f"d{n}"),
        st.integers(0, 700),
        st.sampled_from((1, 2)),
        st.integers(0, 10**6),
    ),
    max_size=12,
    unique_by=lambda s: s.decision,
)


@given(STRIKES, st.integers(0, 900), st.integers(0, 400))
def test_the_same_history_in_any_order_is_the_same(
    strikes: list[Strike], day: int, items: int
) -> None:
    assert at(day, *strikes, items=items) == at(day, *reversed(strikes), items=items)


@given(STRIKES, st.integers(0, 900))
def test_one_strike_more_never_helps_and_the_future_never_counts(
    strikes: list[Strike], day: int
) -> None:
    order = [Level.CLEAR, Level.WARNED, Level.SUSPENDED]
    for without in range(len(strikes)):
        fewer = strikes[:without] + strikes[without + 1 :]
        assert order.index(at(day, *fewer).level) <= order.index(at(day, *strikes).level)
    known = [s for s in strikes if s.at <= DAY0 + timedelta(days=day)]
    assert at(day, *strikes) == at(day, *known)


@given(STRIKES, st.integers(0, 900))
def test_whoever_does_nothing_more_is_clear_in_the_end(strikes: list[Strike], day: int) -> None:
    last = max((s.at for s in strikes), default=DAY0)
    longest = max(time for _, time in STEPS)
    assert outlook(strikes, 5, last + EXPIRES + longest).level is Level.CLEAR


def test_a_lease_is_in_nobodys_way_but_others() -> None:
    lease = Lease("item:1", 7, "mia", DAY0 + LEASE)
    assert taken(None, 7) is None
    assert taken(lease, 7) is None
    refusal = taken(lease, 8)
    assert refusal is not None
    assert "mia is working on this until 00:15 UTC" in refusal.sentence
