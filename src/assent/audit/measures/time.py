"""What changes over time: weekly shares, change points, policy dates, persistence, takedowns."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import polars as pl

from assent.audit.measures.ask import Facts, share, total, value
from assent.audit.stats.bootstrap import Floats
from assent.audit.stats.intervals import difference
from assent.audit.stats.survival import Curve, curve
from assent.audit.stats.trend import Trend, change_points, trend
from assent.audit.terms import Findings, Measure, lacking

LIMIT_HOURS = 48
WINDOW = timedelta(weeks=13)  # before and after a policy date


def weekly(facts: Facts, name: str = "nsfw") -> tuple[list[date], Floats, Floats]:
    """Return (Mondays, share of the group, records) of the weeks that have any."""
    column = "explicit" if name == "nsfw" else "likeness"
    table = facts.tables["weeks"].filter(pl.col(column).is_not_null())
    per = (
        table.group_by("week")
        .agg(pl.col("n").sum(), hits=pl.col("n").filter(pl.col(column)).sum())
        .sort("week")
    )
    n = per["n"].to_numpy().astype(np.float64)
    return per["week"].to_list(), per["hits"].to_numpy() / n, n


def weekly_trend(facts: Facts, name: str = "nsfw") -> Trend | None:
    """Return the trend of the weekly share, None with fewer than three weeks."""
    weeks, shares, _ = weekly(facts, name)
    return trend(weeks, shares, facts.seed, facts.block) if len(weeks) >= 3 else None


def trends(facts: Facts) -> Findings:
    """Return the slope of the weekly NSFW share and of the deepfake share, per year."""
    found = Findings()
    for name, said in (("nsfw", "NSFW"), ("deepfake", "deepfake")):
        line = weekly_trend(facts, name) if facts.has("created_at") else None
        full = f"{name}_weekly.slope_per_year"
        if line is None:
            found += lacking(_why(facts), full)
            continue
        label = f"change of the weekly {said} share in a year"
        found += Findings((value(full, label, line.slope, line.slope_low, line.slope_high),))
        found += _changes(facts, name, said)
    return found


def _changes(facts: Facts, name: str, said: str) -> Findings:
    """How often the level changes, and in the weeks of which Mondays."""
    weeks, shares, _ = weekly(facts, name)
    mondays = [str(weeks[place]) for place in change_points(shares)]
    label = f"changes of level of the weekly {said} share, beside the trend"
    if mondays:
        label += f" (weeks of {', '.join(mondays)})"
    return Findings((value(f"{name}_weekly.change_points", label, len(mondays)),))


def _why(facts: Facts) -> str:
    if not facts.has("created_at"):
        return "no column says when a record was posted"
    return "fewer than three weeks have records whose group is known"


def policy_dates(facts: Facts) -> Findings:
    """Return how the deepfake and NSFW shares differ before and after each policy date."""
    if not facts.bans:
        return lacking("no policy date was given (--ban)", "policy")
    return sum((_around(facts, ban) for ban in facts.bans), Findings())


def _around(facts: Facts, ban: datetime) -> Findings:
    day = ban.date()
    before = pl.col("week").is_between(day - WINDOW, day - timedelta(days=7))
    after = pl.col("week").is_between(day, day + WINDOW)
    found = Findings()
    for name, column in (("nsfw", "explicit"), ("deepfake", "likeness")):
        table = facts.tables["weeks"].filter(pl.col(column).is_not_null())
        first, second = (
            (total(table, w & pl.col(column)), total(table, w)) for w in (after, before)
        )
        full = f"policy.{day}.{name}"
        if not first[1] or not second[1]:
            found += lacking("no records on both sides of this date", full)
            continue
        said = f"{name.replace('nsfw', 'NSFW')} share, 13 weeks after {day} less 13 weeks before"
        found += Findings((value(full, said, *difference(first, second)),))
    return found


def persistence(facts: Facts) -> Findings:
    """Return how much of what a ban prohibits was still there 30, 90 and 365 days later."""
    if not facts.bans:
        return lacking("no policy date was given (--ban)", "persistence")
    if not facts.has("created_at"):
        return lacking("no column says when a record was posted", "persistence")
    return sum((_stays(facts, ban) for ban in facts.bans), Findings())


def stay_curve(facts: Facts, ban: datetime) -> Curve | None:
    """Return how long likenesses from before a ban stayed after it, None where there are none."""
    table = facts.tables[f"stay:{ban.date()}"]
    if not table.height:
        return None
    days, gone, n = (table[c].to_numpy().astype(np.int64) for c in ("days", "gone", "n"))
    return curve(days, gone, n)


def _stays(facts: Facts, ban: datetime) -> Findings:
    full = f"persistence.{ban.date()}"
    found = stay_curve(facts, ban)
    if found is None:
        return lacking("no likeness from before this date was still there on it", full)
    table = facts.tables[f"stay:{ban.date()}"]
    last = int(table["days"].to_numpy().max())
    made: list[Measure] = [
        value(f"{full}.items", "likenesses there when the ban began", total(table))
    ]
    for day in (30, 90, 365):
        if day <= last:
            label = f"likenesses still there {day} days after the ban of {ban.date()}"
            made.append(value(f"{full}.day_{day}", label, *found.at(day)))
    median = found.median()
    if median is not None:
        made.append(value(f"{full}.median_days", "days until half of them were gone", median))
        return Findings(tuple(made))
    return Findings(tuple(made)) + lacking("more than half were still there at the end",
                                           f"{full}.median_days")  # fmt: skip


def takedowns(facts: Facts) -> Findings:
    """Return how long takedown notices took until the item was hidden, and until a decision."""
    found = Findings()
    for name, table, column in (
        ("hide", "hides", "hidden_at"),
        ("decide", "decisions", "decided_at"),
    ):
        full = f"takedown.{name}"
        rows = facts.tables[table]
        if not facts.has("reported_at", column) or not total(rows):
            found += lacking(f"no columns say when notices came in and when ({column})", full)
            continue
        done = rows.filter(pl.col("minutes") >= 0)
        soon = total(done, pl.col("minutes") <= LIMIT_HOURS * 60)
        said = {"hide": "hidden", "decide": "decided"}[name]
        made = [share(f"{full}.within_48h", f"notices {said} within 48 hours", soon, total(rows))]
        if done.height:
            minutes = np.repeat(done["minutes"].to_numpy(), done["n"].to_numpy())
            median = float(np.median(minutes)) / 60
            made.append(value(f"{full}.median_hours", f"median hours until {said}", median))
        found += Findings(tuple(made))
    return found
