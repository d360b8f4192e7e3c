"""Our few lines of statistics against the libraries of the field, on single observations."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from datetime import date, timedelta

import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats
from sklearn import metrics

from assent.audit.stats import agreement, concentration, intervals, prevalence, survival
from assent.audit.stats.bootstrap import moving_blocks, of_counts
from assent.audit.stats.trend import change_points, trend


def is_varied(table: np.ndarray) -> bool:
    """Whether both coders use two classes or more."""
    return bool((table.sum(0) > 0).sum() > 1 and (table.sum(1) > 0).sum() > 1)


Sizes = st.integers(2, 5)
Tables = Sizes.flatmap(lambda k: arrays(np.int64, (k, k), elements=st.integers(0, 12)))
Tables = Tables.filter(is_varied)


def observations(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The two coders' words of which the table counts the pairs."""
    first, second = np.indices(table.shape)
    return np.repeat(first, table.ravel()), np.repeat(second, table.ravel())


ORACLES: dict[str, Callable[[np.ndarray, np.ndarray], float]] = {
    "kappa": metrics.cohen_kappa_score,
    "mcc": metrics.matthews_corrcoef,
    "accuracy": metrics.accuracy_score,
    "macro_f1": lambda a, b: metrics.f1_score(a, b, average="macro", zero_division=0),
    "weighted_f1": lambda a, b: metrics.f1_score(a, b, average="weighted", zero_division=0),
    "alpha": lambda a, b: krippendorff.alpha(
        reliability_data=np.array([a, b], float), level_of_measurement="nominal"
    ),
}


@pytest.mark.parametrize("name", list(ORACLES))
@given(table=Tables)
def test_agreement_from_a_table_is_that_of_its_items(name: str, table: np.ndarray) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = ORACLES[name](*observations(table))
    found = agreement.STATISTICS[name](table.astype(np.float64))
    assert float(found) == pytest.approx(float(expected), abs=1e-9)


@given(table=Tables)
def test_f1_of_each_class(table: np.ndarray) -> None:
    a, b = observations(table)
    labels = list(range(len(table)))
    expected = metrics.f1_score(a, b, labels=labels, average=None, zero_division=0)
    assert agreement.f1(table.astype(np.float64)) == pytest.approx(expected)


def test_alpha_of_several_coders_with_gaps() -> None:
    # The example of Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", part C.
    codings = np.array([
        [1, 2, 3, 3, 2, 1, 4, 1, 2, -1, -1, -1], [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, -1, 3],
        [-1, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, -1], [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, -1],
    ])  # fmt: skip
    assert agreement.alpha_of_coders(codings) == pytest.approx(0.743, abs=5e-4)


def slow_gini(counts: np.ndarray) -> float:
    x = np.sort(counts)
    n = len(x)
    return float(2 * (np.arange(1, n + 1) * x).sum() / (n * x.sum()) - (n + 1) / n)


def slow_top(counts: np.ndarray) -> float:
    x = np.sort(counts)[::-1]
    at = np.concatenate([[0], np.arange(1, len(x) + 1) / len(x)])
    return float(np.interp(0.2, at, np.concatenate([[0], np.cumsum(x) / x.sum()])))


@given(st.lists(st.integers(1, 30), min_size=1, max_size=60))
def test_concentration_from_counts_is_that_of_requesters(counts: list[int]) -> None:
    values, copies = np.unique(counts, return_counts=True)
    assert float(concentration.gini(values, copies)) == pytest.approx(slow_gini(np.array(counts)))
    assert float(concentration.top_share(values, copies)) == pytest.approx(
        slow_top(np.array(counts))
    )


def test_the_bootstrap_of_counts_is_that_of_units() -> None:
    dice = np.random.default_rng(4)
    counts = dice.geometric(0.3, 300)
    values, copies = np.unique(counts, return_counts=True)
    low, high = of_counts(values, copies.astype(np.int64), concentration.gini, 1)
    draws = [slow_gini(dice.choice(counts, 300)) for _ in range(2000)]
    assert (low, high) == pytest.approx(np.quantile(draws, [0.025, 0.975]), abs=0.006)


@given(st.lists(st.tuples(st.integers(0, 60), st.booleans()), min_size=3, max_size=80))
def test_survival_from_counts_is_that_of_items(items: list[tuple[int, bool]]) -> None:
    days = np.array([day for day, _ in items])
    gone = np.array([went for _, went in items])
    if not gone.any():
        return
    line = survival.curve(days, gone.astype(np.int64), np.ones(len(items), np.int64))
    data = stats.CensoredData(uncensored=days[gone], right=days[~gone])
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        exact = stats.ecdf(data).sf
        ends = exact.confidence_interval(method="log-log")
        for day in range(61):
            share, low, high = line.at(day)
            assert share == pytest.approx(float(exact.evaluate(day)), abs=1e-9)
            if 0 < share < 1:
                assert low == pytest.approx(float(ends.low.evaluate(day)), abs=1e-6)
                assert high == pytest.approx(float(ends.high.evaluate(day)), abs=1e-6)


def test_counts_stand_for_as_many_items() -> None:
    days, gone, n = np.array([3, 3, 9]), np.array([1, 0, 1]), np.array([4, 2, 5])
    whole = survival.curve(np.repeat(days, n), np.repeat(gone, n), np.ones(11, np.int64))
    line = survival.curve(days, gone, n)
    assert line.share.tolist() == whole.share.tolist()
    assert (line.median(), whole.at(4)) == (9.0, line.at(4))


def test_blocks_keep_neighbours_together() -> None:
    drawn = moving_blocks(20, 5, seed=1, resamples=50)
    assert drawn.shape == (50, 20)
    steps = np.diff(drawn.reshape(50, 4, 5), axis=2) % 20
    assert (steps == 1).all()


def weeks(n: int) -> list[date]:
    return [date(2023, 1, 2) + timedelta(weeks=k) for k in range(n)]


def test_the_line_is_least_squares() -> None:
    dice = np.random.default_rng(2)
    shares = 0.2 + 0.001 * np.arange(80) + dice.normal(0, 0.02, 80)
    found = trend(weeks(80), shares, seed=1)
    slope = np.polyfit(np.arange(80) * 7 / 365.25, shares, 1)[0]
    assert found.slope == pytest.approx(slope)
    assert found.slope_low < found.slope < found.slope_high
    assert trend(weeks(80), shares, seed=1).slope_low == found.slope_low
    assert found.block == 4


def test_a_change_of_level_is_found_and_a_trend_is_none() -> None:
    dice = np.random.default_rng(3)
    noise = dice.normal(0, 0.02, 100)
    step = noise + np.where(np.arange(100) < 60, 0.5, 0.2)
    assert any(abs(place - 60) <= 2 for place in change_points(step))
    assert change_points(noise + 0.004 * np.arange(100)) == []
    assert change_points(noise[:7]) == []


def test_tests_and_differences() -> None:
    assert intervals.fisher((255, 43), (14, 10)) == pytest.approx(0.0020, abs=5e-5)
    assert intervals.mcnemar(0, 0) == 1.0
    assert intervals.mcnemar(2, 10) == pytest.approx(stats.binomtest(2, 12).pvalue)
    # Newcombe (1998), example (a) of method 10: 56/70 against 48/80.
    gap = intervals.difference((56, 70), (48, 80))
    assert gap == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


def test_a_perfect_classifier_needs_no_correction() -> None:
    share, low, high = prevalence.corrected(200, 800, (50, 0), (0, 50), seed=1)
    assert share == pytest.approx(0.2)
    assert low < 0.2 < high
    seen = prevalence.rogan_gladen(200, 800, (500, 0), (0, 500), seed=1)
    assert seen[0] == pytest.approx(0.2)


def test_errors_are_taken_out() -> None:
    # 30 % truly so; the classifier finds 80 % of them and 10 % of the rest: it flags 31 %.
    flagged, rest = 3100, 6900
    by_class = prevalence.corrected(flagged, rest, (240, 70), (87, 913), seed=1)
    by_rates = prevalence.rogan_gladen(flagged, rest, (800, 200), (100, 900), seed=1)
    assert by_class[0] == pytest.approx(0.3, abs=0.001)
    assert by_rates[0] == pytest.approx(0.3, abs=0.001)
    assert by_class[1] < 0.3 < by_class[2]


def test_an_uninformative_classifier_says_nothing() -> None:
    found = prevalence.rogan_gladen(50, 50, (5, 5), (6, 4), seed=1)
    assert found[2] - found[1] > 0.9


def test_the_interval_of_counts_is_scipys_of_the_units_themselves() -> None:
    """The same bias-corrected interval, by another hand and from every single unit."""
    dice = np.random.default_rng(3)
    units = dice.choice([1, 1, 1, 1, 2, 2, 3, 5, 9, 30], 400)
    values, copies = np.unique(units, return_counts=True)

    def plainly(sample: np.ndarray, axis: int = -1) -> np.ndarray:
        ordered = np.sort(sample, axis=axis)
        n = ordered.shape[axis]
        ranks = np.arange(1, n + 1)
        return 2 * (ranks * ordered).sum(axis) / (n * ordered.sum(axis)) - (n + 1) / n

    ours = of_counts(values, copies, concentration.gini, seed=1)
    theirs = stats.bootstrap(
        (units,), plainly, method="BCa", n_resamples=2000, rng=np.random.default_rng(1)
    ).confidence_interval
    assert ours == pytest.approx((theirs.low, theirs.high), abs=0.012)
    assert ours[0] < float(concentration.gini(values, copies)) < ours[1]


def test_few_units_have_wide_intervals_or_none() -> None:
    one = np.array([1]), np.array([1])
    assert all(np.isnan(end) for end in of_counts(*one, concentration.gini, seed=1))
    alike = np.array([2]), np.array([9])
    assert of_counts(*alike, concentration.gini, seed=1) == (0.0, 0.0)
