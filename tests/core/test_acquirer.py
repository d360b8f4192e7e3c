"""The monthly report to the acquirer, from invented rows of the journal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from assent.core.acquirer import Flag, flags
from assent.core.transparency import Row, period_of

START = datetime(2026, 11, 3, 9, tzinfo=UTC)


def row(days: float, verb: str, subject: str, rule: str = "x", **data: object) -> Row:
    return Row(START + timedelta(days=days), verb, subject, rule, data)


ROWS = [
    row(-10, "case.received", "of-october", named=1),
    row(0, "case.received", "removed", named=1),
    row(0, "case.received", "turned-down", named=2),
    row(0, "case.received", "by-description", named=0),
    row(0, "report.received", "illegal", kind="illegal"),
    row(0, "report.received", "spam", kind="spam"),
    row(0, "item.ruled", "a", "likeness", placement="refuse", code="likeness_without_consent"),
    row(0, "item.ruled", "b", "minor", placement="refuse", code="minor"),
    row(0, "item.ruled", "c", "file", placement="refuse", code="file_not_taken"),
    row(0, "item.ruled", "d", "unsure", placement="hold", code="needs_review"),
    row(0, "item.ruled", "e", "moderator.refused", placement="refuse", code="minor"),
    row(1, "case.decided", "removed", removed=1),
    row(2, "case.decided", "turned-down", given_back=2, ground="not_found"),
    row(2, "report.answered", "illegal", upheld=True),
    row(2, "case.decided", "of-october", removed=1),
    row(40, "case.decided", "by-description", removed=1),
]


def test_req_pay_03_each_flag_of_the_month_and_what_was_done() -> None:
    day, later, last = "2026-11-03", "2026-11-04", "2026-11-05"
    assert flags(ROWS, period_of("2026-11")) == [
        Flag(day, "illegal", "report", "hidden", last, 48.0),
        Flag(day, "illegal", "screening", "never published", day, 0.0),
        Flag(day, "without consent", "request", "being looked at", "", None),
        Flag(day, "without consent", "request", "nothing found", last, 48.0),
        Flag(day, "without consent", "request", "removed", later, 24.0),
        Flag(day, "without consent", "screening", "never published", day, 0.0),
    ]


def test_the_same_month_is_the_same_whenever_it_is_written() -> None:
    early = [one for one in ROWS if one.at < datetime(2026, 12, 1, tzinfo=UTC)]
    assert flags(early, period_of("2026-11")) == flags(ROWS, period_of("2026-11"))


def test_a_complaint_that_was_right_opens_it_again() -> None:
    again = [*ROWS[:12], row(3, "case.received", "removed", named=1)]
    found = flags(again, period_of("2026-11"))
    assert "hidden, and being looked at" in {flag.action for flag in found}
