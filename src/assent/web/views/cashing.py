"""Cashing out: where the money goes, and how much."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from assent.core.cashouts import MIN_CREDITS, cents, fee, refusal
from assent.flows.ask_cashout import ask_cashout, take_back_cashout
from assent.flows.set_up_payouts import set_up_payouts
from assent.gateways import payments
from assent.gateways.keys import new_item_id
from assent.ledger import cashouts
from assent.ledger.purses import frozen
from assent.web.forms.cashing import CashoutForm
from assent.web.pages import form_page
from assent.web.viewer import member


@require_http_methods(["GET", "HEAD", "POST"])
def cash_out(request: HttpRequest) -> HttpResponse:
    """Ask for earned credits to be paid out: first how many, then what comes of it, then yes."""
    who = member(request)
    account, able = cashouts.account_of(who.id), cashouts.cashable_of(who.key)
    form = CashoutForm(request.POST if request.method == "POST" else None)
    asked = None
    if form.is_valid():
        amount = form.cleaned_data["credits"]
        if form.cleaned_data["sure"]:
            with form.catching():
                ask_cashout(who, amount, form.cleaned_data["once"])
                messages.success(request, f"{amount:,} credits are reserved. A person approves it.")
                return redirect("cash_out")
        elif refused := refusal(amount, able, account.state if account else None):
            form.refuse(refused)
        else:
            euros = cents(amount) / 100
            # With the number of what will be asked: two presses of the button ask once.
            asked = {"credits": amount, "fee": fee(amount), "euros": euros, "once": new_item_id()}
    context = {
        "account": account,
        "able": able,
        "frozen": frozen(who.key),
        "min": MIN_CREDITS,
        "asked": asked,
        "pays": bool(payments.provider()),
        "cashouts": [(one, one.cents / 100) for one in cashouts.cashouts_of(who.id)],
    }
    return form_page(request, "people/cash_out.html", form, context)


@require_POST
def cash_out_back(request: HttpRequest, cashout_id: str) -> HttpResponse:
    """Take a cash-out back while nobody has decided."""
    take_back_cashout(member(request), cashout_id)
    messages.success(request, "The credits are in your wallet again.")
    return redirect("cash_out")


@require_POST
def payout_account(request: HttpRequest) -> HttpResponse:
    """Go to the provider's page, which asks who is to be paid. The password is asked for again, so
    that a stolen session cannot send the money elsewhere."""
    member(request)
    answer: HttpResponse = _to_the_provider(request)
    return answer


@reauthentication_required
def _to_the_provider(request: HttpRequest) -> HttpResponse:
    return redirect(set_up_payouts(member(request)))
