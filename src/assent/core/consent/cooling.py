"""How long the person may step back before anything is published."""

from __future__ import annotations

from datetime import date, datetime, timedelta

DAYS = 3
READING = timedelta(hours=72)
_SATURDAY = 5


def publish_from(
    signed_at: datetime, presented_at: datetime | None, *, approved_by_representative: bool
) -> date:
    """Return the first day on which a deliverable may be published.

    Three business days after signing, unless the person had the terms for at least 72 hours or
    an authorised representative approved them in writing (California Civil Code
    1708.86(a)(3)(B)). Weekends are no business days; public holidays, which differ by place, are
    counted as business days.
    """
    had_time = presented_at is not None and signed_at - presented_at >= READING
    if had_time or approved_by_representative:
        return signed_at.date()
    return _after_business_days(signed_at.date(), DAYS) + timedelta(days=1)


def _after_business_days(day: date, count: int) -> date:
    while count:
        day += timedelta(days=1)
        if day.weekday() < _SATURDAY:
            count -= 1
    return day
