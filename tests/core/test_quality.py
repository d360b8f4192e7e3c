"""The share that is looked at again is drawn by nobody, and agreement is measured as elsewhere."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import cohen_kappa_score

from assent.audit.stats.agreement import kappa
from assent.core.casework import Placement
from assent.core.quality import Agreement, agreement, is_drawn

COUNTS = st.lists(st.integers(0, 40), min_size=4, max_size=4).filter(any)


def test_the_same_decision_and_salt_are_drawn_alike_and_another_salt_differs() -> None:
    ids = [f"{n:012d}" for n in range(2000)]
    first = [i for i in ids if is_drawn(i, "monday", 5)]
    assert first == [i for i in ids if is_drawn(i, "monday", 5)]
    assert first != [i for i in ids if is_drawn(i, "tuesday", 5)]
    # 100 are expected; four standard deviations are 39.
    assert 61 <= len(first) <= 139


@pytest.mark.parametrize(("percent", "drawn"), [(0, 0), (100, 500), (-1, 0)])
def test_none_and_all(percent: int, drawn: int) -> None:
    assert sum(is_drawn(f"{n:012d}", "salt", percent) for n in range(500)) == drawn


@given(st.text(max_size=20), st.integers(0, 99))
def test_a_greater_share_only_adds(decision: str, percent: int) -> None:
    assert is_drawn(decision, "salt", percent) <= is_drawn(decision, "salt", percent + 1)


@given(COUNTS)
def test_kappa_is_that_of_the_audit_and_of_scikit_learn(counts: list[int]) -> None:
    a, b, c, d = counts
    found = Agreement(*counts).kappa
    if found is None:
        assert a == sum(counts) or d == sum(counts)
        return
    assert found == pytest.approx(float(kappa(np.array([[a, b], [c, d]], dtype=float))))
    first = [1] * (a + b) + [0] * (c + d)
    second = [1] * a + [0] * b + [1] * c + [0] * d
    assert found == pytest.approx(cohen_kappa_score(first, second))


@given(COUNTS)
def test_the_interval_is_wilsons(counts: list[int]) -> None:
    found = Agreement(*counts)
    low, high = found.interval or (2, 2)
    proof = stats.binomtest(found.alike, found.count).proportion_ci(0.95, method="wilson")
    assert (low, high) == pytest.approx((proof.low, proof.high), abs=1e-12)


def test_pairs_are_counted_first_by_second() -> None:
    yes, no = Placement.PUBLISH, Placement.REFUSE
    found = agreement([(yes, yes), (yes, no), (no, yes), (no, yes), (no, no)])
    assert found == Agreement(1, 1, 2, 1)
    assert (found.count, found.alike) == (5, 2)


def test_nothing_yet_is_no_number() -> None:
    assert (Agreement().share, Agreement().interval, Agreement().kappa) == (None, None, None)
