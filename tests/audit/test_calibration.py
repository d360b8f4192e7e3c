"""Planted figures lie inside the stated intervals as often as the intervals say.

The quick test takes a few seeds; the slow one, whose last result is in docs/evidence, takes 200.
"""

from __future__ import annotations

import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scipy import stats

from assent.audit.label.draw import Draw, draw
from assent.audit.label.store import Coding
from assent.audit.mapping import Wishes
from tests.audit.invented import BAN, Planted, market
from tests.audit.sources_made import AT, audited

TRUTH = Planted()
ROWS, SEEDS, CODED = 3000, 200, 300
CORRECTED = "prevalence.deepfake"


def planted() -> dict[str, float]:
    """Every planted figure under the name of the measure that should find it."""
    return {
        "type.lora_creation": 0.55, "type.other": 0.05, "gender.female": TRUTH.women,
        "profession.actor_actress": 0.4, "marked.sfw": TRUTH.marked_sfw,
        "marked.nsfw": TRUTH.marked_nsfw, "deepfakes.all": TRUTH.deepfake,
        "awarded.all": TRUTH.awarded, "reward.all.mean": TRUTH.reward_mean,
        "nsfw_weekly.slope_per_year": TRUTH.nsfw_per_year, "gini.all": TRUTH.gini(),
        "top20.all": TRUTH.top20(), "recall.classifier": TRUTH.sensitivity,
        f"persistence.{BAN.date()}.day_30": TRUTH.stay(30),
        f"persistence.{BAN.date()}.day_90": TRUTH.stay(90),
        CORRECTED: TRUTH.deepfake,
    }  # fmt: skip


def covered(seed: int, folder: Path) -> dict[str, bool]:
    """Whether each planted figure lies in its interval, in the marketplace of one seed."""
    path, store = folder / "market.csv", folder / "coding"
    frame = market(ROWS, seed)
    frame.write_csv(path)
    code_sample(path, store, seed, dict(frame.select("id", "deepfake").iter_rows()))
    # A sample of a source speaks of that source, whose own share is near the planted one.
    truths = planted() | {CORRECTED: float(frame["deepfake"].mean() or 0)}  # type: ignore[arg-type]
    found = audited(path, bans=[BAN], coding=store, seed=seed).as_record()["measures"]
    store.unlink()
    return {
        name: found[name]["low"] <= truth <= found[name]["high"] for name, truth in truths.items()
    }


def code_sample(path: Path, store: Path, seed: int, truth: dict[int, bool]) -> None:
    """Code a sample without error: the classifier's errors are what is to be corrected."""
    drawn = draw(Draw(path, AT, Wishes(), CODED, "predicted_deepfake", seed), store)
    for place, own in drawn.ids().items():
        word, theme = ("yes", "human_deepfake") if truth[int(own)] else ("no", "open_request")
        drawn.save(Coding(place, "coder", word, theme, None), "1")


def test_a_few_marketplaces(tmp_path: Path) -> None:
    counts: Counter[str] = Counter()
    for seed in range(4):
        counts.update(name for name, inside in covered(seed, tmp_path).items() if inside)
    # Fewer than 2 of 4 has a chance of 1 in 2,000 for each of them.
    assert {name: n for name in planted() if (n := counts[name]) < 2} == {}


@pytest.mark.prove
def test_200_marketplaces(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    counts: Counter[str] = Counter()
    for seed in range(1000, 1000 + SEEDS):
        counts.update(name for name, inside in covered(seed, tmp_path).items() if inside)
    lines = [f"{SEEDS} marketplaces of {ROWS:,} records, {datetime.now(tz=UTC):%Y-%m-%d}"]
    for name, truth in planted().items():
        share = 100 * counts[name] / SEEDS
        lines.append(
            f"  {name:<34} {truth:>9.4f}   inside {counts[name]:>3}/{SEEDS}  {share:5.1f} %"
        )
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(lines) + "\n")
    # What 95 % intervals would fall short of in one of 2,000 such runs.
    least = int(stats.binom.ppf(0.0005, SEEDS, 0.95))
    assert {name: n for name in planted() if (n := counts[name]) < least} == {}
