"""The lines of a wallet: page by page, as the statement of a month, as earnings by month."""

from __future__ import annotations

import base64
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from assent.core.ledger import AccountName, Cause, TransferKind
from assent.core.terms import Refusal, RefusalKind, Refused
from assent.ledger.models import Transfer

_FINAL = (TransferKind.POSTED, TransferKind.POST)


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of a wallet: signed amount, its cause, its state (posted, pending, voided…)."""

    at: datetime
    amount: int
    cause: Cause
    state: str
    subject: str
    settled_at: datetime | None = None


_STATE = {
    TransferKind.POST: "posted",
    TransferKind.VOID: "voided",
    TransferKind.EXPIRE: "expired",
}


def movements(name: AccountName, limit: int = 200) -> list[Movement]:
    """Return the wallet's lines, newest first; a pending transfer is one line in its last state."""
    return [_movement(row, name) for row in _lines(name).order_by("-id")[:limit]]


@dataclass(frozen=True, slots=True)
class MovementPage:
    """A part of a wallet's lines, newest first, and where the next part begins."""

    movements: tuple[Movement, ...]
    next: str | None


def movement_page(
    name: AccountName, cursor: str | None = None, causes: Collection[Cause] = (), limit: int = 50
) -> MovementPage:
    """Return some of a wallet's lines; `cursor` is the `next` of the part before."""
    rows = _lines(name)
    if causes:
        rows = rows.filter(cause__in=causes)
    if cursor:
        rows = rows.filter(id__lt=_place(name, cursor))
    found = list(rows.order_by("-id")[: limit + 1])
    more = len(found) > limit
    found = found[:limit]
    after = base64.urlsafe_b64encode(found[-1].key.encode()).decode() if more else None
    return MovementPage(tuple(_movement(row, name) for row in found), after)


def _place(name: AccountName, cursor: str) -> int:
    """Where a cursor points, by the key of a line of this wallet alone."""
    try:
        key = base64.urlsafe_b64decode(cursor.encode()).decode()
    except ValueError:
        key = ""
    found = _lines(name).filter(key=key.replace("\x00", "")).values_list("id", flat=True).first()
    if found is None:
        raise Refused(_BAD_CURSOR)
    return found


_BAD_CURSOR = Refusal(
    "bad_cursor",
    "This is not a place in the list that we gave out.",
    RefusalKind.INVALID,
    {"cursor": "Unknown place in the list."},
)


@dataclass(frozen=True, slots=True)
class Statement:
    """What an account held when a month began and ended, and what was posted in between, oldest
    first."""

    first: date
    opening: int
    lines: tuple[Movement, ...]
    closing: int


def statement_of(name: AccountName, first: date) -> Statement:
    """Return the statement of the month that begins on `first`, by days of UTC."""
    begins = datetime(first.year, first.month, 1, tzinfo=UTC)
    ends = (begins + timedelta(days=32)).replace(day=1)
    mine = Q(debit__name=str(name)) | Q(credit__name=str(name))
    final = Transfer.objects.filter(mine, kind__in=_FINAL).select_related("debit")
    before = final.filter(at__lt=begins)
    opening = _sum(before.filter(credit__name=str(name))) - _sum(
        before.filter(debit__name=str(name))
    )
    rows = final.filter(at__gte=begins, at__lt=ends).order_by("id")
    lines = tuple(_posted(row, name) for row in rows)
    return Statement(begins.date(), opening, lines, opening + sum(m.amount for m in lines))


def _posted(row: Transfer, name: AccountName) -> Movement:
    sign = -1 if row.debit.name == str(name) else 1
    return Movement(row.at, sign * row.amount, Cause(row.cause), "posted", row.subject, row.at)


def months_of(name: AccountName) -> list[date]:
    """Return the first day of every month in which something was posted, the latest first."""
    mine = Q(debit__name=str(name)) | Q(credit__name=str(name))
    rows = Transfer.objects.filter(mine, kind__in=_FINAL)
    months = rows.annotate(month=TruncMonth("at", tzinfo=UTC)).values_list("month", flat=True)
    return [m.date() for m in months.distinct().order_by("-month")]


def earnings_by_month(name: AccountName) -> list[tuple[date, int]]:
    """Return (first of the month, credits earned in it) of every month with earnings."""
    rows = Transfer.objects.filter(credit__name=str(name), cause=Cause.PAYOUT, kind__in=_FINAL)
    months = rows.annotate(month=TruncMonth("at", tzinfo=UTC)).values_list("month")
    return [
        (month.date(), total) for month, total in months.annotate(Sum("amount")).order_by("month")
    ]


def _lines(name: AccountName) -> QuerySet[Transfer]:
    return (
        Transfer.objects.filter(Q(debit__name=str(name)) | Q(credit__name=str(name)))
        .filter(kind__in=[TransferKind.POSTED, TransferKind.PENDING])
        .select_related("debit", "transfer")
    )


def _movement(row: Transfer, name: AccountName) -> Movement:
    settled = getattr(row, "transfer", None)
    state = _STATE[TransferKind(settled.kind)] if settled else row.kind
    sign = -1 if row.debit.name == str(name) else 1
    settled_at = settled.at if settled else row.at if state == "posted" else None
    return Movement(row.at, sign * row.amount, Cause(row.cause), state, row.subject, settled_at)


def _sum(rows: QuerySet[Transfer]) -> int:
    return rows.aggregate(total=Sum("amount"))["total"] or 0
