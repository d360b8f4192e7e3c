"""The caller's credits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from assent.api.auth import Token, member_of
from assent.api.shape import SIGNED, Error
from assent.core.ledger import SCRIP, Cause, member
from assent.ledger.cashouts import cashable_of
from assent.ledger.movements import movement_page
from assent.ledger.queries import balance_of

PAGE = 100
router = Router()


class BalanceOut(Schema):
    """One scrip: `available` may be spent now; `reserved` leaves and `incoming` arrives by
    pending transfers."""

    scrip: str
    posted: int
    reserved: int
    incoming: int
    available: int


class MovementOut(Schema):
    """One line of the wallet; a negative amount left it."""

    at: datetime
    amount: int
    cause: str
    state: str
    subject: str


class Wallet(Schema):
    """Balances by scrip, and movements, newest first; pass `next` as `cursor` for the following
    part. `cashable` of the credits can be paid out as money."""

    balances: list[BalanceOut]
    cashable: int
    movements: list[MovementOut]
    next: str | None


@router.get("", auth=Token(), response={200: Wallet, **SIGNED, 422: Error}, summary="Your credits")
def get_wallet(
    request: HttpRequest, cursor: str | None = None, cause: Cause | None = None
) -> dict[str, Any]:
    """Return balances by scrip and state, and movements, of one cause if it is named."""
    who = member_of(request)
    account = member(who.key)
    balance = balance_of(account)
    line = {
        "scrip": SCRIP,
        "posted": balance.posted,
        "reserved": balance.reserved,
        "incoming": balance.incoming,
        "available": balance.available,
    }
    page = movement_page(account, cursor, (cause,) if cause else (), PAGE)
    moved = [
        {"at": m.at, "amount": m.amount, "cause": m.cause, "state": m.state, "subject": m.subject}
        for m in page.movements
    ]
    return {
        "balances": [line],
        "cashable": cashable_of(who.key),
        "movements": moved,
        "next": page.next,
    }
