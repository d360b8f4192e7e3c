"""The wallet in words: what it holds, every movement with its cause, earnings, statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assent.catalogue.lists import kinds, titles
from assent.core.ledger import AccountName, Cause, PayoutState
from assent.core.ledger import member as wallet_of
from assent.core.terms import ItemKind, Refusal, RefusalKind, Refused
from assent.gateways import clock
from assent.gateways.payments import provider
from assent.gateways.statements import StatementFile, StatementLine, as_csv, as_pdf
from assent.ledger.cashouts import cashable_of
from assent.ledger.movements import (
    Movement,
    earnings_by_month,
    months_of,
    movement_page,
    statement_of,
)
from assent.ledger.purses import purse_of
from assent.ledger.queries import balance_of, payouts_of_creator
from assent.ledger.sales import sums_of
from assent.web.forms.cashing import WalletFilterForm
from assent.web.viewer import member

_WORDS = {
    (Cause.GRANT, "posted"): "The house gave you credits",
    (Cause.PURCHASE, "posted"): "You bought credits",
    (Cause.CHARGEBACK, "posted"): "Your payment was taken back through your card",
    (Cause.GIFT, "posted"): "You redeemed a gift code",
    (Cause.PLEDGE, "posted"): "You pledged to",
    (Cause.PLEDGE, "pending"): "Reserved, while it is held, for",
    (Cause.PLEDGE, "voided"): "Not taken after all for",
    (Cause.REFUND, "posted"): "Your pledge came back from",
    (Cause.PAYOUT, "posted"): "You were paid for your entry to",
    (Cause.PAYOUT, "pending"): "Awarded and waiting, for your entry to",
    (Cause.PAYOUT, "voided"): "Stopped: the award for your entry to",
    (Cause.PAYOUT, "expired"): "Ran out: the award for your entry to",
    (Cause.CASHOUT, "posted"): "Paid out to your bank",
    (Cause.CASHOUT, "pending"): "Reserved for a cash-out",
    (Cause.CASHOUT, "voided"): "Not paid out after all",
    (Cause.FEE, "posted"): "The fee of a cash-out",
    (Cause.FEE, "pending"): "Reserved for the fee of a cash-out",
    (Cause.FEE, "voided"): "The fee that was not taken after all",
}
# The same where a listing is what was paid for.
_OF_LISTINGS = {
    (Cause.SALE, "posted"): "You bought",
    (Cause.REFUND, "posted"): "What you paid came back for",
    (Cause.PAYOUT, "posted"): "You were paid for a sale of",
    (Cause.PAYOUT, "pending"): "Sold, and waiting:",
    (Cause.PAYOUT, "voided"): "Given back to its buyer:",
}
COUNTS = ("posted", "pending")
_OF_ITEMS = (Cause.PLEDGE, Cause.REFUND, Cause.PAYOUT, Cause.SALE)
_SHOWN = {
    "bought": (Cause.PURCHASE, Cause.GRANT, Cause.GIFT, Cause.CHARGEBACK),
    "bounties": (Cause.PLEDGE, Cause.REFUND),
    "listings": (Cause.SALE,),
    "earned": (Cause.PAYOUT,),
    "cashed": (Cause.CASHOUT, Cause.FEE),
}
_NOTHING = Refusal("not_found", "There is nothing here that you can see.", RefusalKind.NOT_FOUND)
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Line:
    """A movement as the page tells it."""

    at: datetime
    amount: int
    words: str
    counts: bool
    about: str
    kind: ItemKind | None
    title: str


@require_safe
def wallet(request: HttpRequest) -> HttpResponse:
    """Balance and movements of the viewer."""
    owner = member(request)
    name = wallet_of(owner.key)
    form = WalletFilterForm(request.GET)
    show = form.cleaned_data["show"] if form.is_valid() else ""
    page = movement_page(name, request.GET.get("cursor"), _SHOWN.get(show, ()))
    known = titles(owner.person, (m.subject for m in page.movements))
    kinds_ = kinds(m.subject for m in page.movements)
    waiting = [p for p in payouts_of_creator(owner.id) if p.state is PayoutState.PENDING]
    purse = purse_of(name)
    context = {
        "balance": balance_of(name),
        "purse": purse,
        "cashable": cashable_of(owner.key),
        "sells": bool(provider()),
        "form": form,
        "asked": {"show": show} if show else {},
        "page": page,
        "lines": [_line(m, known, kinds_) for m in page.movements],
        "sold_waiting": sums_of(owner.id)[2],
        "waiting": [(p, known.get(p.bounty, "")) for p in waiting],
        "earnings": _bars(earnings_by_month(name)[-MONTHS:]),
        "months": months_of(name),
    }
    return render(request, "people/wallet.html", context)


def _bars(earned: list[tuple[date, int]]) -> list[tuple[date, int, float]]:
    """Months with what was earned in each, and its share of the best in per cent."""
    best = max((amount for _, amount in earned), default=0)
    return [(first, amount, 100 * amount / best) for first, amount in earned]


def _line(movement: Movement, known: dict[str, str], of: dict[str, ItemKind]) -> Line:
    about = movement.subject if movement.cause in _OF_ITEMS else ""
    kind = of.get(about)
    return Line(
        movement.at,
        movement.amount,
        _words(movement, kind),
        movement.state in COUNTS,
        about,
        kind,
        known.get(about) or f"a {kind or 'bounty'} that is no longer shown",
    )


def _words(movement: Movement, kind: ItemKind | None) -> str:
    key = (movement.cause, movement.state)
    if kind is ItemKind.LISTING and key in _OF_LISTINGS:
        return _OF_LISTINGS[key]
    return _WORDS.get(key, f"{movement.cause} ({movement.state})")


@require_safe
def statement(request: HttpRequest, name: str) -> HttpResponse:
    """The statement of a month as a file: `2026-11.csv` or `2026-11.pdf`."""
    owner = member(request)
    month, _, kind = name.partition(".")
    try:
        first = datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC).date()
    except ValueError as error:
        raise Refused(_NOTHING) from error
    write = {"csv": as_csv, "pdf": as_pdf}.get(kind)
    if write is None or first > clock.now().date():
        raise Refused(_NOTHING)
    content = write(_statement(owner.name, wallet_of(owner.key), first))
    answer = HttpResponse(content, content_type={"csv": "text/csv", "pdf": "application/pdf"}[kind])
    answer["Content-Disposition"] = f'attachment; filename="assent-credits-{month}.{kind}"'
    answer["Cache-Control"] = "no-store"
    return answer


def _statement(owner: str, name: AccountName, first: date) -> StatementFile:
    found = statement_of(name, first)
    held = found.opening
    of = kinds(m.subject for m in found.lines)
    lines = []
    for moved in found.lines:
        held += moved.amount
        kind = of.get(moved.subject)
        about = f"{kind or 'bounty'} {moved.subject}" if moved.cause in _OF_ITEMS else ""
        lines.append(StatementLine(moved.at, _words(moved, kind), about, moved.amount, held))
    return StatementFile(owner, first, found.opening, lines, found.closing, clock.now())
