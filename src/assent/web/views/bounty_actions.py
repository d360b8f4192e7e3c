"""What people do to a bounty: add credits, cancel it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from assent.catalogue import queries
from assent.core.access import Verb
from assent.core.ledger import PledgeState
from assent.flows.cancel_bounty import cancel_bounty
from assent.flows.pledge_credits import pledge_credits
from assent.flows.take_back_pledge import take_back_pledge
from assent.web.forms.bounties import PledgeForm
from assent.web.viewer import member
from assent.web.views.bounties import bounty_with_form, supporters


@require_http_methods(["GET", "HEAD", "POST"])
def pledge(request: HttpRequest, bounty_id: str) -> HttpResponse:
    """Add credits to an open bounty."""
    if request.method != "POST":
        return redirect("bounty", bounty_id)
    supporter = member(request)
    form = PledgeForm(request.POST)
    if form.is_valid():
        amount = form.cleaned_data["credits"]
        with form.catching():
            pledge_credits(supporter, bounty_id, amount)
            messages.success(request, f"Your {amount:,} credits are in this bounty’s escrow.")
            return redirect("bounty", bounty_id)
    return bounty_with_form(request, queries.bounty(supporter.person, bounty_id), form)


@require_http_methods(["GET", "HEAD", "POST"])
def unpledge(request: HttpRequest, bounty_id: str) -> HttpResponse:
    """Say how much comes back, then take it back."""
    supporter = member(request)
    found = queries.bounty(supporter.person, bounty_id)
    queries.require(supporter.person, Verb.UNPLEDGE, found.facts)
    if request.method == "POST":
        amount = take_back_pledge(supporter, bounty_id)
        messages.success(request, f"{amount:,} credits are yours again.")
        return redirect("bounty", bounty_id)
    own = [p.amount for p in found.pledges
           if p.supporter == supporter.id and p.state is PledgeState.HELD]  # fmt: skip
    context = {"item": found.item, "amount": sum(own)}
    return render(request, "bounties/unpledge.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, bounty_id: str) -> HttpResponse:
    """Say who gets what back, then cancel."""
    requester = member(request)
    found = queries.bounty(requester.person, bounty_id)
    queries.require(requester.person, Verb.CANCEL, found.facts)
    if request.method == "POST":
        cancel_bounty(requester, bounty_id)
        messages.success(request, "The bounty is cancelled, and every pledge went back.")
        return redirect("bounty", bounty_id)
    context = {"item": found.item, "bounty": found, "supporters": supporters(found.pledges)}
    return render(request, "bounties/cancel.html", context)
