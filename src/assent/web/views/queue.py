"""The moderators' queue: what is held, and open cases by deadline."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from assent.casework.leases import leases
from assent.casework.looks import open_opinions, opinions_on, to_review
from assent.casework.matters import open_threats
from assent.casework.misuse import open_findings
from assent.casework.queries import late_cases, open_cases, open_complaints
from assent.casework.reports import open_reports
from assent.casework.statements import open_appeals
from assent.catalogue import lists
from assent.catalogue.queries import undecided
from assent.core.bulk import CAP
from assent.core.cashouts import CashoutState
from assent.core.collusion import Doubt
from assent.flows.decide_credits import GRACE_DAYS
from assent.flows.decide_held import decide_held
from assent.gateways import clock
from assent.ledger.cashouts import cashouts_in
from assent.ledger.queries import doubted_bounties
from assent.ledger.sales import doubted_sales
from assent.web.evidence import evidence
from assent.web.exposure import seen_pictures, today
from assent.web.forms.staff import DecisionForm
from assent.web.pages import form_page
from assent.web.viewer import member
from assent.web.views.leasing import leased


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for a person."""
    viewer = member(request)
    who = viewer.person
    sales = [(s.id, Doubt(s.doubt).of_a_sale) for s in doubted_sales()]
    doubted = [(bounty, Doubt(sign).sentence) for bounty, sign in doubted_bounties()]
    context = {
        "page": lists.queue(who, request.GET.get("cursor"), limit=CAP),
        "ticked": request.GET.get("tick") == "all",
        "cap": CAP,
        "to_review": to_review(who),
        "opinions": open_opinions(),
        "cases": open_cases(who),
        "late": late_cases(who, clock.now()),
        "threats": open_threats(),
        "complaints": open_complaints(who),
        "findings": open_findings(who),
        "appeals": open_appeals(),
        "reports": open_reports(who),
        "undecided": undecided(who, clock.now().date() - timedelta(days=GRACE_DAYS)),
        "doubted": doubted,
        "doubted_sales": sales,
        "leases": leases(clock.now()),
        "doubted_count": len(doubted) + len(sales),
        "cashouts": cashouts_in(CashoutState.ASKED),
    }
    return render(request, "staff/queue.html", context | today(viewer))


@require_http_methods(["GET", "HEAD", "POST"])
def held(request: HttpRequest, item_id: str) -> HttpResponse:
    """One held item with its evidence, and the decision on it."""
    moderator = member(request)
    context = evidence(moderator.person, item_id) | leased("item", item_id, moderator)
    context |= seen_pictures(request, moderator, item_id, context["images"])
    context |= {"opinions": opinions_on(item_id), "me": moderator.id}
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        approve = form.cleaned_data["action"] == "approve"
        with form.catching():
            decide_held(moderator, item_id, approve=approve, reason=form.cleaned_data["reason"])
            messages.success(request, "It is public now." if approve else "It is refused.")
            return redirect("queue")
    return form_page(request, "staff/held.html", form, context)
