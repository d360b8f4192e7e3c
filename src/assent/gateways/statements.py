"""Monthly statements of a wallet as files: CSV to reckon with, PDF to hand on."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table, TableStyle

COLUMNS = ("date_utc", "what", "about", "credits", "balance")


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One posted movement in words, and what the wallet held after it."""

    at: datetime
    words: str
    about: str
    amount: int
    balance: int


@dataclass(frozen=True, slots=True)
class StatementFile:
    """What a statement says: whose it is, the month, and the balances at both ends."""

    owner: str
    first: date
    opening: int
    lines: Sequence[StatementLine]
    closing: int
    made_at: datetime


def as_csv(statement: StatementFile) -> bytes:
    """Return the statement as CSV in UTF-8, the opening and closing balance as lines of their own.
    A cell that a spreadsheet would take for a formula begins with an apostrophe."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(COLUMNS)
    rows.writerow([statement.first.isoformat(), "Opening balance", "", "", statement.opening])
    for line in statement.lines:
        cells = (line.at.strftime("%Y-%m-%dT%H:%M:%SZ"), line.words, line.about)
        rows.writerow([*(_plain(cell) for cell in cells), line.amount, line.balance])
    rows.writerow([statement.made_at.date().isoformat(), "Closing balance", "", "",
                   statement.closing])  # fmt: skip
    return out.getvalue().encode()


def _plain(cell: str) -> str:
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def as_pdf(statement: StatementFile) -> bytes:
    """Return the statement as PDF, A4."""
    out = io.BytesIO()
    month = f"{statement.first:%B %Y}"
    page = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=20 * mm,
        rightMargin=20 * mm,
        title=f"Statement of credits, {month}",
        author="Assent",
        invariant=1,
    )
    styles = getSampleStyleSheet()
    page.build(
        [
            Paragraph(f"Statement of credits, {month}", styles["Title"]),
            Paragraph(
                f"Wallet of {escape(statement.owner)}. "
                f"Made on {statement.made_at:%d %B %Y, %H:%M} UTC. "
                "One credit was bought for one cent.",
                styles["Normal"],
            ),
            _table(_rows(statement)),
        ]
    )
    return out.getvalue()


def _rows(statement: StatementFile) -> Iterable[tuple[str, str, str, str]]:
    yield "Date (UTC)", "What", "Credits", "Balance"
    yield "", "Opening balance", "", f"{statement.opening:,}"
    for line in statement.lines:
        about = f"{line.words} {line.about}".strip()
        yield f"{line.at:%d %b %H:%M}", about, f"{line.amount:+,}", f"{line.balance:,}"
    yield "", "Closing balance", "", f"{statement.closing:,}"


def _table(rows: Iterable[tuple[str, str, str, str]]) -> Table:
    cell = getSampleStyleSheet()["BodyText"]
    body = [[when, Paragraph(what, cell), amount, balance] for when, what, amount, balance in rows]
    table = Table(
        body, colWidths=[30 * mm, 90 * mm, 25 * mm, 25 * mm], repeatRows=1, spaceBefore=12
    )
    table.setStyle(
        TableStyle(
            [
                ("ALIGN", (2, 0), (3, -1), "RIGHT"),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.lightgrey),
                ("LINEBELOW", (0, 0), (-1, 0), 1, colors.black),
            ]
        )
    )
    return table
