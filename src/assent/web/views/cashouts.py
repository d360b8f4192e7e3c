"""The staff's side of cashing out, and the operator's page of the books."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from assent.core.access import Denied, may_use_queue
from assent.core.cashouts import signs
from assent.core.ledger import PayoutState, SaleState
from assent.core.terms import Refusal, RefusalKind, Refused
from assent.flows.decide_cashout import decide_cashout
from assent.gateways import clock
from assent.ledger import cashouts
from assent.ledger.queries import payouts_of_creator
from assent.ledger.reconciling import trial_balance
from assent.ledger.sales import sold_by
from assent.ledger.scrips import scrips
from assent.people.queries import by_id
from assent.web.forms.cashing import CashoutDecisionForm
from assent.web.pages import form_page
from assent.web.viewer import member
from assent.web.views.leasing import leased

_NOT_FOUND = Refusal("not_found", "There is nothing here that you can see.", RefusalKind.NOT_FOUND)


@require_http_methods(["GET", "HEAD", "POST"])
def cashout(request: HttpRequest, cashout_id: str) -> HttpResponse:
    """One cash-out that waits for a person: what is behind it, and the decision."""
    staff = member(request)
    _require(may_use_queue(staff.person))
    found = cashouts.cashout(cashout_id)
    if found is None:
        raise Refused(_NOT_FOUND)
    form = CashoutDecisionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with form.catching():
            approve = form.cleaned_data["action"] == "approve"
            decide_cashout(staff, cashout_id, approve=approve, reason=form.cleaned_data["reason"])
            messages.success(request, "It is being sent." if approve else "It is refused.")
            return redirect("queue")
    behind = cashouts.background(found)
    paid = [p for p in payouts_of_creator(found.owner) if p.state is PayoutState.POSTED]
    context = {
        "cashout": found,
        "euros": found.cents / 100,
        "owner": by_id(found.owner),
        "behind": behind,
        "signs": signs(behind, clock.now()),
        "paid": paid[:50],
        "sold": [s for s in sold_by(found.owner) if s.state is SaleState.SETTLED][:50],
        "own": found.owner == staff.id,
        "stopped": _stopped(),
    } | leased("cashout", cashout_id, staff)
    return form_page(request, "staff/cashout.html", form, context)


@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    """The trial balance, and what the daily checks of the books found."""
    _require(may_use_queue(member(request).person))
    lines = trial_balance()
    context = {
        "lines": lines,
        "total": sum(line.balance for line in lines),
        "checks": cashouts.checks(),
        "scrips": scrips(),
        "stopped": _stopped(),
    }
    return render(request, "staff/accounts.html", context)


def _stopped() -> bool:
    last = cashouts.last_check()
    return last is not None and last.stops_cashouts


def _require(answer: object) -> None:
    if isinstance(answer, Denied):
        raise Refused(Refusal(answer.kind.value, answer.reason, answer.kind))
