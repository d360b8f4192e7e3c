"""A month's or a year's figures, counted from the rows of the journal and from nothing else.

The same rows give the same bytes, so that anybody who has the rows can repeat a report, and a
correction is another version and never an overwriting. Counts under five are withheld: where few
people ask, a small number can tell who.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any

SMALL = 5
HIDE_MINUTES = 15
DAY, TWO_DAYS = timedelta(hours=24), timedelta(hours=48)
SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Row:
    """What a report reads of a journal row."""

    at: datetime
    verb: str
    subject: str
    rule: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Period:
    """The days of a report, both included."""

    name: str
    first: date
    last: date

    @property
    def start(self) -> datetime:
        """The first moment of it."""
        return datetime(self.first.year, self.first.month, self.first.day, tzinfo=UTC)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return datetime(self.last.year, self.last.month, self.last.day, tzinfo=UTC) + timedelta(1)


@dataclass(slots=True)
class Tally:
    """Counts of one period, as the rows go by."""

    counts: Counter[str] = field(default_factory=Counter)
    decided_hours: list[float] = field(default_factory=list)


def period_of(text: str) -> Period:
    """Return the month `2026-11` or the year `2026`; ValueError for anything else."""
    parts = [int(p) for p in text.split("-")] if text.replace("-", "").isdigit() else []
    if len(parts) == 1 and len(text) == 4:
        return Period(text, date(parts[0], 1, 1), date(parts[0], 12, 31))
    if len(parts) == 2 and len(text) == 7:
        year, month = parts
        following = date(year + month // 12, month % 12 + 1, 1)
        return Period(text, date(year, month, 1), following - timedelta(1))
    raise ValueError("Write a month such as 2026-11, or a year such as 2026.")


# Verbs that are counted as they stand: name of the figure, and which rows count.
_PLAIN = {
    "complaints received": ("case.complained", {}),
    "complaints upheld": ("case.complaint_answered", {"upheld": True}),
    "objections received": ("appeal.received", {}),
    "objections upheld": ("appeal.answered", {"reversed": True}),
    "consent records given": ("consent.given", {}),
    "consent records withdrawn": ("consent.withdrawn", {}),
    "consent records run out": ("consent.expired", {}),
    "what people told us erased": ("case.erased", {}),
    "clocks missed": ("case.late", {}),
    "sweeps done": ("sweep.done", {}),
}


def figures(rows: Iterable[Row], period: Period) -> dict[str, int | float | None]:
    """Return every figure of a period. `rows` begin with the first of the journal, so that a case
    which came in before the period is timed from its receipt."""
    tally, received = Tally(), dict[str, datetime]()
    for row in rows:
        if row.at >= period.end:
            break
        if row.verb == "case.received":
            received[row.subject] = row.at
        if row.at >= period.start:
            _count(row, received, tally)
    counts = {name: tally.counts[name] for name in _NAMES}
    hours = sorted(tally.decided_hours)
    return counts | {"median hours to a decision": round(median(hours), 1) if hours else None}


_GROUNDS = {
    "not_the_person": "turned down: it does not show the person",
    "not_found": "turned down: searched and not found",
    "consent": "turned down: a record stands",
    "no_likeness": "turned down: it shows no real person",
}
_NAMES = (
    "requests received",
    "requests that named something",
    "items named and hidden in the same request",
    "copies hidden with them",
    "requests decided",
    "decided within 24 hours",
    "decided within 48 hours",
    "decided late",
    "items removed",
    *_GROUNDS.values(),
    "re-uploads refused",
    "items held by screening",
    "items refused by screening",
    "payouts stopped",
    *_PLAIN,
)


def _count(row: Row, received: Mapping[str, datetime], tally: Tally) -> None:
    counts = tally.counts
    for name, (verb, wanted) in _PLAIN.items():
        if row.verb == verb and all(row.data.get(k) == v for k, v in wanted.items()):
            counts[name] += 1
    if row.verb == "case.received":
        named = int(row.data.get("named", 0))
        counts["requests received"] += 1
        counts["requests that named something"] += named > 0
        counts["items named and hidden in the same request"] += named
        counts["copies hidden with them"] += int(row.data.get("copies", 0))
    elif row.verb == "case.decided":
        _decided(row, received.get(row.subject), tally)
    elif row.verb == "item.ruled":
        counts["re-uploads refused"] += row.rule == "staydown.match"
        placement = row.data.get("placement")
        if row.rule.split(".")[0] not in ("moderator", "staydown", "file"):
            counts["items held by screening"] += placement == "hold"
            counts["items refused by screening"] += placement == "refuse"
    elif row.verb == "credits.resolved":
        stopped = str(row.data.get("key", "")).startswith("payout:")
        counts["payouts stopped"] += stopped and row.data.get("how") == "void"


def _decided(row: Row, received: datetime | None, tally: Tally) -> None:
    counts = tally.counts
    counts["requests decided"] += 1
    counts["items removed"] += int(row.data.get("removed", 0))
    ground = _GROUNDS.get(str(row.data.get("ground")))
    if ground is not None:
        counts[ground] += 1
    if received is None:
        return
    took = row.at - received
    tally.decided_hours.append(took.total_seconds() / 3600)
    counts["decided within 24 hours"] += took <= DAY
    counts["decided within 48 hours"] += took <= TWO_DAYS
    counts["decided late"] += took > TWO_DAYS


def withheld(found: Mapping[str, int | float | None]) -> dict[str, int | float | str | None]:
    """Return the figures as they may be published: counts from one to four read `fewer than 5`,
    and the median of so few is left out."""
    few = 0 < (found.get("requests decided") or 0) < SMALL
    return {
        name: (
            None
            if name.startswith("median") and few
            else f"fewer than {SMALL}"
            if isinstance(value, int) and 0 < value < SMALL
            else value
        )
        for name, value in found.items()
    }
