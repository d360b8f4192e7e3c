"""From canonical columns to what the measures count: weeks, ratings, themes, groups."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from assent.audit.clean import UNKNOWN
from assent.audit.schema import slug

BUCKETS = 400  # groups of requesters that the bootstrap resamples
_HUMAN = ("human_deepfake", "sfw_human_deepfake", "nsfw_human_deepfake")


def derive(frame: pl.DataFrame, present: Collection[str]) -> pl.LazyFrame:
    """Return the frame with the derived columns.

    An item is `nsfw` by the platform's rating alone: any image outside the scheme's safe levels.
    It is `explicit` when it is rated so, or its theme says so (the study's figure 2).
    It shows a `likeness` by a person's verdict, else by its theme, else by a classifier's verdict.
    """
    themed = any(name in present for name in ("theme", "predicted_theme", "hand_theme"))
    frame = frame.with_columns(
        _folded(frame[name], name) for name in ("theme", "predicted_theme", "hand_theme", "gender")
    )
    return (
        frame.lazy()
        .with_columns(*_ratings(rated="rating" in present), *_keys())
        .with_columns(final_theme=_final_theme() if themed else pl.lit(None, pl.String))
        .with_columns(explicit=_explicit(), likeness=_likeness(), awarded=_awarded())
    )


def _folded(words: pl.Series, name: str) -> pl.Series:
    """Words as slugs, so that the spellings of one theme are one."""
    known = words.drop_nulls().unique().to_list()
    if not known:
        return words
    return words.replace_strict(
        known, [slug(word) for word in known], default=None, return_dtype=pl.String
    ).rename(name)


def _ratings(*, rated: bool) -> list[pl.Expr]:
    """Three schemes of what is safe. A plain "nsfw" tells nothing about the last two.

    Where a source has ratings, a record without one has no image, which is safe (as in the study).
    """
    told = pl.col("rating").fill_null("sfw") if rated else pl.col("rating")
    rating = pl.when(~told.str.contains(UNKNOWN, literal=True)).then(told)
    level_known = ~rating.str.contains("nsfw", literal=True)
    return [
        (rating != "sfw").alias("nsfw"),
        pl.when(level_known).then(~rating.is_in(["sfw", "r", "sfw|r"])).alias("nsfw_r"),
        pl.when(level_known)
        .then(rating.str.contains("xxx|hidden"))
        .alias("nsfw_rx"),
    ]  # fmt: skip


def _keys() -> list[pl.Expr]:
    """Hashes in place of names, and the Monday of the ISO week."""
    requester = pl.col("requester").hash(seed=1)
    return [
        requester.alias("requester_key"),
        (requester % BUCKETS).cast(pl.UInt16).alias("bucket"),
        pl.col("creator").hash(seed=1).alias("creator_key"),
        pl.col("created_at").dt.date().dt.truncate("1w").alias("week"),
    ]


def _final_theme() -> pl.Expr:
    told = pl.coalesce("theme", "predicted_theme", "hand_theme")
    split = (
        pl.when(pl.col("nsfw").is_null() | (told != "human_deepfake"))
        .then(told)
        .when("nsfw")
        .then(pl.lit("nsfw_human_deepfake"))
        .otherwise(pl.lit("sfw_human_deepfake"))
    )
    kept = pl.col("deepfake").is_not_null() | told.is_in(_HUMAN)
    rated = pl.col("nsfw").fill_null(value=False) & ~kept.fill_null(value=False)
    return pl.when(rated).then(pl.lit("nsfw")).otherwise(split)


def _explicit() -> pl.Expr:
    themed = pl.col("final_theme").is_in(["nsfw", "nsfw_human_deepfake"])
    return pl.coalesce(pl.col("nsfw") | themed, pl.col("nsfw"), themed)


def _likeness() -> pl.Expr:
    by_theme = pl.col("final_theme").is_in(_HUMAN)
    return pl.coalesce(pl.col("deepfake"), by_theme, pl.col("predicted_deepfake"))


def _awarded() -> pl.Expr:
    """Said, or by a request's state where there is only that; what is still open has no answer."""
    kind = pl.col("kind").str.to_lowercase()
    state = pl.when(kind.is_null() | (kind == "bounty")).then(pl.col("state").str.to_lowercase())
    won = state.is_in(["awarded", "settled", "completed", "complete"])
    lost = state.is_in(["expired", "closed", "cancelled", "refunded"])
    return pl.coalesce("awarded", pl.when(won).then(True).when(lost).then(False))
