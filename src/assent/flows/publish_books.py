"""Publish what anybody may check: each day's dump of the open metadata, and each month's and year's
report. Run by the worker's clock; a second time it finds everything written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, astuple
from datetime import date, timedelta
from typing import Any

from django.conf import settings

from assent.catalogue import metadata
from assent.core import acquirer
from assent.core.eu_report import COLUMNS, EuSize, House, qualitative, quantitative
from assent.core.transparency import SCHEMA, Period, figures_of_each, months_of, period_of, withheld
from assent.gateways import books, clock
from assent.journal.queries import rows_before


def publish_books() -> int:
    """Write what is due and return how many files are new."""
    today = clock.now().date()
    new = 0
    if not books.dump_path(today).exists():
        books.write_dump(books.dump_path(today), open_records())
        books.drop_old_dumps()
        new += 1
    written = {one.of for one in books.reports()}
    month = _due(today)[0]
    if books.last_acquirer_month() < month.name:
        books.write_acquirer(month.name, acquirer_table_of(month))
    eu_written = {one.of for one in books.eu_tables()}
    for period in _due(today):
        if period.name not in written:
            new += books.write_report(report_of(period))[1]
        is_year = len(period.name) == len("2026")
        if is_year and EuSize(settings.EU_SIZE).must_publish and period.name not in eu_written:
            new += len(books.write_eu(period.name, eu_tables_of(period)))
    return new


def open_records() -> Iterator[dict[str, Any]]:
    """Yield the open metadata of every public item, as the API gives it."""
    for one in metadata.everything():
        yield {**asdict(one), "created_at": one.created_at.isoformat()}


def report_of(period: Period) -> dict[str, Any]:
    """Return the report of a period, counted from the journal, small counts withheld."""
    months = months_of(period) if len(period.name) == len("2026") else []
    found, *of_months = figures_of_each(rows_before(period.end), [period, *months])
    return {
        "schema": SCHEMA,
        "period": period.name,
        "first_day": period.first.isoformat(),
        "last_day": period.last.isoformat(),
        "figures": withheld(found, of_months),
    }


def acquirer_table_of(period: Period) -> bytes:
    """Return a month's report to the acquirer as CSV, from the journal."""
    found = acquirer.flags(rows_before(period.end), period)
    return books.table_bytes(acquirer.COLUMNS, (astuple(flag) for flag in found))


def eu_tables_of(period: Period) -> dict[str, bytes]:
    """Return the two tables of the EU's yearly report: exact counts, from the journal."""
    house = House(
        settings.OPERATOR or settings.SITE_NAME,
        settings.SITE_NAME,
        settings.CONTACT_MAIL,
        settings.MODERATOR_TRAINING,
    )
    lines = quantitative(rows_before(period.end), period, house)
    return {
        "quantitative": books.table_bytes(COLUMNS, (astuple(line) for line in lines)),
        "qualitative": books.table_bytes(
            ("section", "indicator", "text"),
            (("2", name, text) for name, text in qualitative(house).items()),
        ),
    }


def _due(today: date) -> list[Period]:
    """The month and the year that are over."""
    last = today.replace(day=1) - timedelta(1)
    found = [period_of(f"{last.year}-{last.month:02d}")]
    if last.month == 12:
        found.append(period_of(str(last.year)))
    return found
