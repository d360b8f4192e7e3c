"""The caller's credits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from assent.api.auth import Token, member_of
from assent.api.shape import SIGNED
from assent.core.ledger import SCRIP, member
from assent.ledger.queries import balance_of, movements

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
    """Balances by scrip, and the last movements."""

    balances: list[BalanceOut]
    movements: list[MovementOut]


@router.get("", auth=Token(), response={200: Wallet, **SIGNED}, summary="Your credits")
def get_wallet(request: HttpRequest) -> dict[str, Any]:
    """Return balances by scrip and state."""
    account = member(member_of(request).key)
    balance = balance_of(account)
    line = {
        "scrip": SCRIP,
        "posted": balance.posted,
        "reserved": balance.reserved,
        "incoming": balance.incoming,
        "available": balance.available,
    }
    moved = [
        {"at": m.at, "amount": m.amount, "cause": m.cause, "state": m.state, "subject": m.subject}
        for m in movements(account)
    ]
    return {"balances": [line], "movements": moved}
