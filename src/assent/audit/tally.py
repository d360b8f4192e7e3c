"""Counts that add up: the tally of two batches is the sum of their tallies.

Everything that an audit needs of the rows is in a tally, so that memory depends on how many
groups, requesters and people there are, not on how many rows; and any engine that can run a
function on a batch and add the results can run an audit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

_COMPACT = 8  # parts of a table that wait to be added up

Table = pl.DataFrame


@dataclass(frozen=True, slots=True)
class Spec:
    """A table of a tally: rows that pass `keep`, grouped by `keys`, counted and summed."""

    keys: Sequence[str | pl.Expr]
    keep: pl.Expr | None = None
    sums: Mapping[str, pl.Expr] | None = None

    def of(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """Return the table of some rows."""
        kept = frame if self.keep is None else frame.filter(self.keep)
        sums = {name: expr.sum().cast(pl.Float64) for name, expr in (self.sums or {}).items()}
        return kept.group_by(self.keys).agg(n=pl.len().cast(pl.Int64), **sums)


def _known(*names: str) -> pl.Expr:
    return pl.all_horizontal(pl.col(name).is_not_null() for name in names)


def _minutes(start: str, end: str) -> pl.Expr:
    return (pl.col(end) - pl.col(start)).dt.total_minutes()


def specs(at: datetime, bans: Sequence[datetime]) -> dict[str, Spec]:
    """Return the tables of a tally. `at` is when the source was seen, where it does not say."""
    reward = pl.col("reward")
    downloads = {"downloads": pl.col("downloads").fill_null(0)}
    tables = {
        "types": Spec(["type", "explicit", "likeness"]),
        "themes": Spec(["final_theme"], _known("final_theme")),
        "weeks": Spec(["week", "explicit", "likeness"], _known("week")),
        "targets": Spec(["deepfake", "nsfw", "gender", "profession", "marked"], _known("deepfake")),
        "requesters": Spec(["requester_key", "nsfw", "likeness"], _known("requester_key")),
        "creators": Spec(["creator_key", "likeness"], _known("creator_key"), downloads),
        "subjects": Spec(["subject", "requester_key"], _known("subject")),
        "awards": Spec(["explicit", "likeness", "awarded"], _known("awarded")),
        "rewards": Spec(["bucket", "explicit", "likeness"], _known("reward"),
                        {"reward": reward, "square": reward**2}),
        "ratings": Spec(["nsfw", "nsfw_r", "nsfw_rx", "moderated"], _known("moderated")),
        "coding": Spec([pl.coalesce("predicted_theme", "theme").alias("predicted"), "hand_theme"],
                       _known("hand_theme")),
        "tags": Spec(["deepfake", "predicted_deepfake", "marked", "nsfw"]),
        "models": Spec(["base_model", "likeness"], _known("base_model"), downloads),
        "consent": Spec(["likeness", "consent"], _known("consent")),
        "hides": Spec([_minutes("reported_at", "hidden_at").alias("minutes")],
                      _known("reported_at")),
        "decisions": Spec([_minutes("reported_at", "decided_at").alias("minutes")],
                          _known("reported_at")),
    }  # fmt: skip
    stays = {f"stay:{ban.date()}": _stay(at, ban) for ban in bans}
    return tables | stays


def _stay(at: datetime, ban: datetime) -> Spec:
    """How many days likeness items from before a ban stayed up after it."""
    end = pl.coalesce("removed_at", "seen_at", pl.lit(at))
    was_there = (pl.col("created_at") < ban) & pl.col("likeness") & (end >= ban)
    days = (end - pl.lit(ban)).dt.total_days().alias("days")
    return Spec(["nsfw", days, pl.col("removed_at").is_not_null().alias("gone")], was_there)


class Tally:
    """The tables of all rows so far."""

    def __init__(self, wanted: Mapping[str, Spec]) -> None:
        self._wanted = wanted
        self._parts: dict[str, list[Table]] = {name: [] for name in wanted}

    def count(self, frame: pl.LazyFrame) -> None:
        """Add the rows of a batch."""
        tables = pl.collect_all([spec.of(frame) for spec in self._wanted.values()])
        self.add(dict(zip(self._wanted, tables, strict=True)))

    def add(self, tables: Mapping[str, Table]) -> None:
        """Add the tables of another tally."""
        for name, table in tables.items():
            parts = self._parts[name]
            parts.append(table)
            if len(parts) >= _COMPACT:
                self._parts[name] = [_summed(parts)]

    def tables(self) -> dict[str, Table]:
        """Return every table, added up and in a fixed order."""
        return {name: _summed(parts) for name, parts in self._parts.items() if parts}


def _summed(parts: Iterable[Table]) -> Table:
    whole = pl.concat(parts)
    sums = [name for name in ("n", "downloads", "reward", "square") if name in whole.columns]
    keys = [name for name in whole.columns if name not in sums]
    return whole.group_by(keys).agg(pl.col(sums).sum()).sort(keys)
