"""An invented marketplace whose every figure is planted, to see whether an audit finds it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from assent.audit.stats.concentration import gini, top_share

BEGIN = datetime(2023, 1, 2, tzinfo=UTC)  # a Monday
BAN = datetime(2024, 9, 2, tzinfo=UTC)
TYPES = ("Lora Creation", "Image Creation", "Model Creation", "Video Creation", "Other")
TYPE_SHARES = (0.55, 0.2, 0.12, 0.08, 0.05)
CALM = ("fictional_characters", "scene_objects_clothing", "style_and_culture", "open_request")
PROFESSIONS = ("actress", "influencer", "artist", "model", "sportsman")
PROFESSION_SHARES = (0.4, 0.25, 0.15, 0.12, 0.08)


@dataclass(frozen=True, slots=True)
class Planted:
    """What is true of the invented marketplace."""

    weeks: int = 130
    nsfw_start: float = 0.3
    nsfw_per_year: float = 0.12
    deepfake: float = 0.2
    women: float = 0.9
    marked_sfw: float = 0.86
    marked_nsfw: float = 0.58
    awarded: float = 0.7
    reward_mean: float = 900.0
    stay_days: float = 120.0
    sensitivity: float = 0.88
    false_rate: float = 0.04

    def activity(self) -> tuple[np.ndarray, np.ndarray]:
        """How many requests a requester posts, and how likely that is."""
        values = np.arange(1, 121)
        weights = values**-1.9
        return values, weights / weights.sum()

    def gini(self) -> float:
        """The Gini coefficient of that distribution, of very many requesters."""
        values, shares = self.activity()
        return float(gini(values, np.round(shares * 1e9).astype(np.int64)))

    def top20(self) -> float:
        """The share of the most active fifth of very many requesters."""
        values, shares = self.activity()
        return float(top_share(values, np.round(shares * 1e9).astype(np.int64)))

    def stay(self, days: float) -> float:
        """The share still there so many days after the ban."""
        return float(np.exp(-days / self.stay_days))


def market(rows: int, seed: int, planted: Planted | None = None) -> pl.DataFrame:
    """Return about `rows` requests of an invented marketplace."""
    truth, dice = planted or Planted(), np.random.default_rng(seed)
    requesters = _requesters(rows, truth, dice)
    n = len(requesters)
    at = dice.uniform(0, truth.weeks * 7, n)
    nsfw = dice.random(n) < truth.nsfw_start + truth.nsfw_per_year * (at // 7 * 7) / 365.25
    deepfake = dice.random(n) < truth.deepfake
    frame = pl.DataFrame({
        "id": np.arange(n), "type": dice.choice(TYPES, n, p=TYPE_SHARES),
        "days": at, "requester": requesters, "nsfw": nsfw, "deepfake": deepfake,
        "reward": np.round(dice.gamma(2.0, truth.reward_mean / 2.0, n)),
        "awarded": dice.random(n) < truth.awarded,
    })  # fmt: skip
    return _with_words(_with_people(frame, truth, dice), truth, dice)


def _requesters(rows: int, truth: Planted, dice: np.random.Generator) -> np.ndarray:
    values, shares = truth.activity()
    many = max(2, round(rows / float((values * shares).sum())))
    counts = dice.choice(values, many, p=shares)
    return dice.permutation(np.repeat(np.arange(many), counts))


def _with_people(frame: pl.DataFrame, truth: Planted, dice: np.random.Generator) -> pl.DataFrame:
    n, fake = frame.height, frame["deepfake"].to_numpy()
    gender = np.where(dice.random(n) < truth.women, "female", "male")
    profession = dice.choice(PROFESSIONS, n, p=PROFESSION_SHARES)
    recall = np.where(frame["nsfw"].to_numpy(), truth.marked_nsfw, truth.marked_sfw)
    found = dice.random(n) < np.where(fake, truth.sensitivity, truth.false_rate)
    person = dice.zipf(1.6, n) % 5000
    only = pl.col("deepfake")
    return frame.with_columns(
        gender=pl.when(only).then(pl.Series(gender)),
        profession=pl.when(only).then(pl.Series(profession)),
        subject=pl.when(only).then(pl.Series(person).cast(pl.String) + " Lindqvist"),
        marked=pl.Series(dice.random(n) < recall) & only,
        predicted_deepfake=pl.Series(found),
    )


def _with_words(frame: pl.DataFrame, truth: Planted, dice: np.random.Generator) -> pl.DataFrame:
    n = frame.height
    calm = pl.Series(dice.choice(CALM, n))
    created = [BEGIN] * 1
    start = pl.lit(created[0])
    day = pl.duration(seconds=(pl.col("days") * 86400).round())
    gone = BAN - BEGIN
    stays = pl.Series(np.maximum(1, np.ceil(dice.exponential(truth.stay_days, n) * 86400)))
    removed = pl.lit(BAN) + pl.duration(seconds=stays)
    end = pl.lit(BEGIN + timedelta(weeks=truth.weeks))
    banned = pl.col("deepfake") & (pl.col("days") < gone.total_seconds() / 86400)
    explicit = pl.when("nsfw").then(pl.lit("nsfw")).otherwise(calm)
    return frame.with_columns(
        created_at=start + day,
        removed_at=pl.when(banned & (removed < end)).then(removed),
        seen_at=end,
        rating=pl.when("nsfw").then(pl.Series(dice.choice(["r", "x", "xxx"], n))).otherwise(
            pl.lit("sfw")
        ),
        theme=pl.when("deepfake").then(pl.lit("human_deepfake")).otherwise(explicit),
        requester="user " + pl.col("requester").cast(pl.String),
    ).drop("days", "nsfw")  # fmt: skip
