"""One's own data: a copy of all of it, and the end of the account."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assent.casework.strikes import suspensions_of
from assent.catalogue.belongings import told_items, told_pledges
from assent.consent.invitations import asked_by
from assent.core.leaving import what_holds
from assent.core.ledger import member as wallet_of
from assent.flows.leave import leave, ties_of
from assent.gateways import clock
from assent.ledger.cashouts import accounts_of, cashouts_of
from assent.ledger.movements import movements
from assent.ledger.purchases import purchases_of
from assent.ledger.queries import balance_of, payouts_of_creator
from assent.ledger.sales import SaleView, bought_by, sold_by
from assent.people.belongings import told_log_in, told_rows
from assent.people.queries import Member
from assent.web.forms.account import LeaveForm
from assent.web.pages import form_page
from assent.web.viewer import member

EVERY_MOVEMENT = 1_000_000


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """What is kept, and the two doors."""
    return render(request, "account/data.html", {"member": member(request)})


@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """A copy of everything of the member's, as one JSON file."""
    member(request)
    answer: HttpResponse = _export(request)
    return answer


@reauthentication_required
def _export(request: HttpRequest) -> HttpResponse:
    who = member(request)
    response = JsonResponse(everything(who), json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="assent-{who.name}.json"'
    response["Cache-Control"] = "no-store"
    return response


def everything(who: Member) -> dict[str, Any]:
    """Return all that is kept about a member. Nothing in it opens anything."""
    account = wallet_of(who.key)
    balance = balance_of(account)
    return {
        "exported_at": clock.now(),
        "log_in": told_log_in(who.id),
        "items": told_items(who.id),
        "pledges": told_pledges(who.id),
        "balance": {"posted": balance.posted, "available": balance.available},
        "movements": [
            {"at": m.at, "amount": m.amount, "cause": m.cause, "state": m.state, "about": m.subject}
            for m in movements(account, EVERY_MOVEMENT)
        ],
        "purchases": [
            {"at": p.at, "credits": p.credits, "cents": p.cents, "state": p.state}
            for p in purchases_of(who.id, 10_000)
        ],
        "payouts": [
            {"bounty": p.bounty, "entry": p.entry, "amount": p.amount, "state": p.state}
            for p in payouts_of_creator(who.id)
        ],
        "bought": [_told(s) for s in bought_by(who.id, EVERY_MOVEMENT)],
        "sold": [_told(s) for s in sold_by(who.id, EVERY_MOVEMENT)],
        "suspensions": [
            {"from": s.began_at, "until": s.until, "ended": s.ended_at}
            for s in suspensions_of(who.id)
        ],
        "payout_accounts": [
            {"at": a.at, "provider": a.provider, "state": a.state} for a in accounts_of(who.id)
        ],
        "cash_outs": [
            {"at": c.at, "credits": c.credits, "fee": c.fee, "cents": c.cents, "state": c.state}
            for c in cashouts_of(who.id, 10_000)
        ],
        "asked_for_consent": [
            {"at": i.created_at, "state": i.state.shown, "for": dict(i.proposal)}
            for i in asked_by(who.id)
        ],
        "also_kept": told_rows(who.id),
    }


def _told(sale: SaleView) -> dict[str, Any]:
    return {"listing": sale.listing, "price": sale.price, "fee": sale.fee,
            "licence": sale.licence, "state": sale.state, "at": sale.at}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest) -> HttpResponse:
    """What deleting does and what stands in its way; POST does it."""
    who = member(request)
    if request.method == "POST":
        answer: HttpResponse = _delete(request)
        return answer
    return _page(request, who, LeaveForm(own_name=who.name))


@reauthentication_required
def _delete(request: HttpRequest) -> HttpResponse:
    who = member(request)
    form = LeaveForm(request.POST, own_name=who.name)
    if form.is_valid():
        with form.catching():
            leave(who, gives_up_credits=form.cleaned_data["gives_up"])
            logout(request)
            messages.success(request, "Your account is deleted. Take care.")
            return redirect("home")
    return _page(request, who, form)


def _page(request: HttpRequest, who: Member, form: LeaveForm) -> HttpResponse:
    ties = ties_of(who)
    context = {"member": who, "holds": what_holds(ties), "credits": ties.credits}
    return form_page(request, "account/delete.html", form, context)
