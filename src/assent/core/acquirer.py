"""The monthly report to an acquirer: what was flagged as illegal or without consent, and what was
done. Counted from the journal; a row for each flag, without item, name or case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from assent.core.transparency import Period, Row

COLUMNS = ("flagged_on", "flagged_as", "by", "action", "acted_on", "hours")


@dataclass(frozen=True, slots=True)
class Flag:
    """Something that was flagged in the month, and what had become of it at the month's end."""

    flagged_on: str
    flagged_as: str
    by: str
    action: str
    acted_on: str
    hours: float | None


def flags(rows: Iterable[Row], period: Period) -> list[Flag]:
    """Return what was flagged in the period in the order in which it was. `rows` begin with the
    first of the journal; what is decided after the period is still `open`, so that the same month
    gives the same bytes whenever it is written."""
    flagged: dict[str, Row] = {}
    decided: dict[str, Row] = {}
    refused: list[Flag] = []
    for row in rows:
        if row.at >= period.end:
            break
        if row.verb == "case.received" or (
            row.verb == "report.received" and row.data.get("kind") == "illegal"
        ):
            flagged[row.subject] = row
        elif row.verb in ("case.decided", "report.answered"):
            decided[row.subject] = row
        elif row.at >= period.start and _refused(row):
            day = row.at.date().isoformat()
            refused.append(Flag(day, _as(row), "screening", "never published", day, 0.0))
    told = [
        _flag(row, decided.get(subject))
        for subject, row in flagged.items()
        if row.at >= period.start
    ]
    return sorted([*told, *refused], key=lambda f: (f.flagged_on, f.flagged_as, f.by, f.action))


def _refused(row: Row) -> bool:
    by_person = row.rule.startswith("moderator.")
    refused = row.verb == "item.ruled" and row.data.get("placement") == "refuse"
    return refused and not by_person and _as(row) != ""


def _as(row: Row) -> str:
    """What screening refused it as; empty for what is neither illegal nor about a likeness."""
    code = str(row.data.get("code"))
    if code == "minor":
        return "illegal"
    return "without consent" if code in ("likeness_without_consent", "explicit") else ""


def _flag(row: Row, decision: Row | None) -> Flag:
    likeness = row.verb == "case.received"
    kind = "without consent" if likeness else "illegal"
    day = row.at.date().isoformat()
    if decision is None or decision.at < row.at:
        named = int(row.data.get("named", 0)) > 0
        action = "hidden, and being looked at" if likeness and named else "being looked at"
        return Flag(day, kind, "request" if likeness else "report", action, "", None)
    return Flag(
        day,
        kind,
        "request" if likeness else "report",
        _action(decision),
        decision.at.date().isoformat(),
        _hours(row.at, decision.at),
    )


def _action(decision: Row) -> str:
    if decision.verb == "report.answered":
        return "hidden" if decision.data.get("upheld") else "nothing found"
    return "nothing found" if "ground" in decision.data else "removed"


def _hours(since: datetime, until: datetime) -> float:
    return round((until - since).total_seconds() / 3600, 1)
