"""Buying credits, and redeeming gift codes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from assent.flows.begin_purchase import begin_purchase
from assent.flows.redeem_gift import redeem_gift
from assent.gateways import payments
from assent.ledger.purchases import purchases_of
from assent.web.forms.buying import BuyForm, GiftForm
from assent.web.pages import form_page
from assent.web.viewer import member


@require_http_methods(["GET", "HEAD", "POST"])
def buy(request: HttpRequest) -> HttpResponse:
    """Choose how many credits, and go to the provider's page to pay."""
    who = member(request)
    form = BuyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with form.catching():
            return redirect(begin_purchase(who, form.cleaned_data["credits"]))
    context = {"purchases": purchases_of(who.id), "sells": bool(payments.provider())}
    return form_page(request, "people/buy.html", form, context)


@require_http_methods(["GET", "HEAD", "POST"])
def gift(request: HttpRequest) -> HttpResponse:
    """Redeem a gift code."""
    who = member(request)
    form = GiftForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with form.catching():
            brought = redeem_gift(who, form.cleaned_data["code"])
            messages.success(request, f"{brought:,} credits are in your wallet.")
            return redirect("wallet")
    return form_page(request, "people/gift.html", form)
