"""A month's or a year's figures, counted from the rows of the journal and from nothing else.

The same rows give the same bytes, so that anybody who has the rows can repeat a report, and a
correction is another version and never an overwriting. Counts under five are withheld: where few
people ask, a small number can tell who. So is what would give such a count away: see `withheld`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any

SMALL = 5
HIDE_MINUTES = 15
DAY, TWO_DAYS = timedelta(hours=24), timedelta(hours=48)
SCHEMA = 2
# Actors of journal rows that are nobody with a log-in.
NOBODY = frozenset({"worker", "stranger", "operator", "house"})
FEW = f"fewer than {SMALL}"
# Read beside a count that was withheld, this one would give it away by subtraction.
BESIDE = "withheld with another"

Figure = int | float | str | None


@dataclass(frozen=True, slots=True)
class Row:
    """What a report reads of a journal row."""

    at: datetime
    verb: str
    subject: str
    rule: str
    data: Mapping[str, Any]
    actor: str = "worker"


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
    hidden_minutes: list[float] = field(default_factory=list)
    active: dict[str, set[str]] = field(default_factory=dict)


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


def months_of(period: Period) -> list[Period]:
    """Return the months of a period, the first first; a month is its own only one."""
    if len(period.name) != 4:
        return [period]
    return [period_of(f"{period.name}-{month:02d}") for month in range(1, 13)]


# Verbs that are counted as they stand: name of the figure, and which rows count.
_PLAIN: Mapping[str, tuple[str, Mapping[str, object]]] = {
    "complaints received": ("case.complained", {}),
    "complaints upheld": ("case.complaint_answered", {"upheld": True}),
    "objections received": ("appeal.received", {}),
    "objections upheld": ("appeal.answered", {"reversed": True}),
    "consent records given": ("consent.given", {}),
    "consent records withdrawn": ("consent.withdrawn", {}),
    "consent records run out": ("consent.expired", {}),
    "what people told us erased": ("case.erased", {}),
    "senders warned of misuse": ("sender.found", {"step": "warning"}),
    "senders slowed for misuse": ("sender.found", {"step": "brake"}),
    "objections to that received": ("sender.objected", {}),
    "objections to that upheld": ("sender.answered", {"upheld": True}),
    "requests that a person looked at first for that": ("case.received", {"slowed": 1}),
    "requests that nobody looked at within the hour": ("case.look_late", {}),
    "clocks missed": ("case.late", {}),
    "sweeps done": ("sweep.done", {}),
}


def figures(rows: Iterable[Row], period: Period) -> dict[str, int | float | None]:
    """Return every figure of a period. `rows` begin with the first of the journal, so that a case
    which came in before the period is timed from its receipt."""
    return figures_of_each(rows, [period])[0]


def figures_of_each(
    rows: Iterable[Row], periods: Sequence[Period]
) -> list[dict[str, int | float | None]]:
    """Return the figures of several periods, which may overlap, in one pass over the rows."""
    tallies = [Tally() for _ in periods]
    received: dict[str, datetime] = {}
    hiding: set[str] = set()
    last = max(period.end for period in periods)
    for row in rows:
        if row.at >= last:
            break
        if row.verb == "case.received":
            received[row.subject] = row.at
        first = _hides(row) and row.subject not in hiding
        if first:
            hiding.add(row.subject)
        for period, tally in zip(periods, tallies, strict=True):
            if period.start <= row.at < period.end:
                _count(row, received, tally)
                if first and row.subject in received:
                    took = row.at - received[row.subject]
                    tally.hidden_minutes.append(took.total_seconds() / 60)
    return [_told(tally, period) for tally, period in zip(tallies, periods, strict=True)]


def _told(tally: Tally, period: Period) -> dict[str, int | float | None]:
    counts: dict[str, int | float | None] = {name: tally.counts[name] for name in _NAMES}
    minutes = sorted(tally.hidden_minutes)
    counts["something hidden for the first time"] = len(minutes)
    counts[f"of these within {HIDE_MINUTES} minutes of the request"] = sum(
        took <= HIDE_MINUTES for took in minutes
    )
    hours = sorted(tally.decided_hours)
    months = len(months_of(period))
    people = sum(len(who) for who in tally.active.values())
    return counts | {
        TO_HIDE: round(median(minutes), 1) if minutes else None,
        MEDIAN: round(median(hours), 1) if hours else None,
        # Regulation (EU) 2022/2065, Article 24(2): recipients a month, on average.
        ACTIVE: round(people / months, 1),
    }


def _hides(row: Row) -> bool:
    """Whether a row says that something of a case was hidden: named by its request, or found."""
    if row.verb == "case.received":
        return int(row.data.get("named", 0)) + int(row.data.get("copies", 0)) > 0
    return row.verb == "case.joined" and int(row.data.get("items", 0)) > 0


TO_HIDE = "median minutes until something is hidden"
MEDIAN = "median hours to a decision"
ACTIVE = "average members active in a month"


_GROUNDS = {
    "not_the_person": "turned down: it does not show the person",
    "not_found": "turned down: searched and not found",
    "consent": "turned down: a record stands",
    "no_likeness": "turned down: it shows no real person",
}
# Why a clock was missed, as a case worker said it.
LATE = {
    "search": "late, because: the search took long",
    "person": "late, because: we waited for an answer",
    "second": "late, because: a second person was missing",
    "staff": "late, because: too few people were on duty",
    "fault": "late, because: something of ours did not work",
    "other": "late, because: something else",
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
    *LATE.values(),
    "items removed",
    *_GROUNDS.values(),
    "re-uploads refused",
    "items held by screening",
    "items refused by screening",
    "payouts stopped",
    *_PLAIN,
)


# What a buyer gives back, or a seller takes off sale, was not stopped by anybody.
_BY_CHOICE = frozenset({"sale.given_back", "owner.withdrew"})


def was_stopped(row: Row) -> bool:
    """Whether the row stopped a payout before anybody had it."""
    payout = str(row.data.get("key", "")).startswith("payout:")
    return payout and row.data.get("how") == "void" and row.rule not in _BY_CHOICE


def _count(row: Row, received: Mapping[str, datetime], tally: Tally) -> None:
    counts = tally.counts
    if row.actor not in NOBODY:
        tally.active.setdefault(f"{row.at:%Y-%m}", set()).add(row.actor)
    for name, (verb, wanted) in _PLAIN.items():
        if row.verb == verb and all(row.data.get(k) == v for k, v in wanted.items()):
            counts[name] += 1
    if row.verb == "case.received":
        named = int(row.data.get("named", 0))
        counts["requests received"] += 1
        counts["requests that named something"] += named > 0
        counts["items named and hidden in the same request"] += named
        counts["copies hidden with them"] += int(row.data.get("copies", 0))
    elif row.verb == "case.explained":
        counts[LATE.get(str(row.data.get("why")), LATE["other"])] += 1
    elif row.verb == "case.decided":
        _decided(row, received.get(row.subject), tally)
    elif row.verb == "item.ruled":
        counts["re-uploads refused"] += row.rule == "staydown.match"
        placement = row.data.get("placement")
        if row.rule.split(".")[0] not in ("moderator", "staydown", "file"):
            counts["items held by screening"] += placement == "hold"
            counts["items refused by screening"] += placement == "refuse"
    elif row.verb == "credits.resolved":
        counts["payouts stopped"] += was_stopped(row)


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


# Counts of which one is the sum of the others: whoever has all but one has them all.
_SUMS = {"requests decided": ("decided within 48 hours", "decided late")}
MEDIANS = (MEDIAN, TO_HIDE, ACTIVE)


def withheld(
    found: Mapping[str, int | float | None],
    months: Sequence[Mapping[str, int | float | None]] = (),
) -> dict[str, Figure]:
    """Return the figures as they may be published.

    Counts from one to four read `fewer than 5`, and the median and the average of so few are left
    out. A count is withheld with them where the small one is what is missing to a sum that is
    published; and of a year, whose `months` are published too, a count is told as `at least N`
    where the year less the published months would tell a small count, or tell several exactly.
    Source: complementary suppression, as in A. Hundepool and others, Statistical Disclosure
    Control (2012), chapter 4.
    """
    shown: dict[str, Figure] = {name: _shown(name, value, found) for name, value in found.items()}
    for parts in _SUMS.values():
        small = [name for name in parts if shown.get(name) == FEW]
        for name in parts if len(small) == 1 else ():
            if name in shown and shown[name] not in (FEW, 0):
                shown[name] = BESIDE
    for name, value in found.items():
        hidden = [month[name] for month in months if _is_hidden(name, month)]
        left = sum(value or 0 for value in hidden)
        # Each hidden month holds one to four: the sum tells them at its ends, and nearly so at one.
        telling = len(hidden) == 1 or left in (len(hidden), (SMALL - 1) * len(hidden))
        if hidden and telling and isinstance(value, int) and shown[name] == value:
            shown[name] = f"at least {value - int(left)}"
    for parts in _SUMS.values():
        if any(str(shown.get(name)).startswith("at least") for name in parts):
            for name in parts:
                shown[name] = BESIDE if isinstance(shown.get(name), int) else shown.get(name)
    return shown


def _is_hidden(name: str, month: Mapping[str, int | float | None]) -> bool:
    return isinstance(withheld(month)[name], str)


def _shown(name: str, value: int | float | None, found: Mapping[str, int | float | None]) -> Figure:
    behind = {MEDIAN: "requests decided", TO_HIDE: "something hidden for the first time"}
    if name in behind and 0 < (found.get(behind[name]) or 0) < SMALL:
        return None
    if name == ACTIVE:
        return None if value is not None and 0 < value < SMALL else value
    return FEW if isinstance(value, int) and 0 < value < SMALL else value
