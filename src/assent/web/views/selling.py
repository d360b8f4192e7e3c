"""Buying and selling listings."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assent.catalogue import queries
from assent.catalogue.lists import titles
from assent.core.access import Verb
from assent.core.collusion import Doubt
from assent.core.ledger import member as wallet_of
from assent.core.sales import commission
from assent.flows.buy_listing import buy_listing
from assent.flows.decide_sale import decide_sale, doubted_sale
from assent.flows.give_back_sale import give_back_sale
from assent.flows.set_price import set_price
from assent.gateways import clock
from assent.ledger.queries import balance_of
from assent.ledger.sales import bought_by, sale_to, sold_by, sums_of
from assent.people.queries import by_id
from assent.web.forms.selling import BuyForm, PriceForm, SaleDecisionForm
from assent.web.pages import form_page
from assent.web.viewer import member


@require_http_methods(["GET", "HEAD", "POST"])
def buy(request: HttpRequest, listing_id: str) -> HttpResponse:
    """What happens to the credits, and the button that pays."""
    buyer = member(request)
    found = queries.listing(buyer.person, listing_id)
    if sale_to(buyer.id, listing_id) is not None:
        # Two presses of the button buy once.
        return redirect("listing", listing_id)
    queries.require(buyer.person, Verb.BUY, found.facts)
    form = BuyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with form.catching():
            sale = buy_listing(buyer, listing_id, form.cleaned_data["price"])
            messages.success(
                request,
                "You bought it. A moderator looks at the sale before its files open."
                if sale.doubt
                else "You bought it. Its files are open to you.",
            )
            return redirect("listing", listing_id)
    if form.errors:
        found = queries.listing(buyer.person, listing_id)  # it may cost something else by now
    fee = commission(found.price, settings.SALE_FEE)
    able = balance_of(wallet_of(buyer.key)).available
    context = {
        "listing": found,
        "item": found.item,
        "fee": fee,
        "share": found.price - fee,
        "able": able,
        "lacks": max(0, found.price - able),
        "due_at": clock.now() + timedelta(seconds=settings.PAYOUT_COOLING_OFF_SECONDS),
    }
    return form_page(request, "listings/buy.html", form, context)


@require_http_methods(["GET", "HEAD", "POST"])
def price(request: HttpRequest, listing_id: str) -> HttpResponse:
    """What a listing costs from now on, by its owner."""
    owner = member(request)
    found = queries.listing(owner.person, listing_id)
    queries.require(owner.person, Verb.PRICE, found.facts)
    initial = {"price": found.price or None}
    form = PriceForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        with form.catching():
            asked = form.cleaned_data["price"] or 0
            set_price(owner, listing_id, asked)
            said = f"It costs {asked:,} credits from now on." if asked else "It is free now."
            messages.success(request, said)
            return redirect("listing", listing_id)
    context = {"listing": found, "item": found.item, "fee": settings.SALE_FEE}
    return form_page(request, "listings/price.html", form, context)


@require_safe
def sales(request: HttpRequest) -> HttpResponse:
    """What the viewer bought and sold."""
    who = member(request)
    bought, sold = bought_by(who.id), sold_by(who.id)
    known = titles(who.person, {s.listing for s in [*bought, *sold]})
    count, paid, waiting = sums_of(who.id)
    context = {
        "bought": [(s, known.get(s.listing, "")) for s in bought],
        "sold": [(s, known.get(s.listing, "")) for s in sold],
        "count": count,
        "paid": paid,
        "waiting": waiting,
    }
    return render(request, "people/sales.html", context)


@require_POST
def give_back(request: HttpRequest, sale_id: str) -> HttpResponse:
    """Give back what was bought and not downloaded."""
    give_back_sale(member(request), sale_id)
    messages.success(request, "It is given back, and the credits are in your wallet again.")
    return redirect("sales")


@require_http_methods(["GET", "HEAD", "POST"])
def doubted(request: HttpRequest, sale_id: str) -> HttpResponse:
    """A sale that waits for a moderator."""
    moderator = member(request)
    found = doubted_sale(moderator.person, sale_id)
    form = SaleDecisionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with form.catching():
            decide_sale(moderator, sale_id, pay=form.cleaned_data["choice"] == "pay")
            messages.success(request, "It is decided.")
            return redirect("queue")
    context = {
        "sale": found,
        "listing": queries.listing(moderator.person, found.listing),
        "buyer": by_id(found.buyer.id),
        "doubt": Doubt(found.doubt).of_a_sale,
    }
    return form_page(request, "staff/sale.html", form, context)
