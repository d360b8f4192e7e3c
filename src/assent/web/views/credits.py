"""Credits that a moderator decides on: undecided bounties, and awards in doubt."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from assent.catalogue import queries
from assent.core.access import Denied, Person, may_use_queue
from assent.core.collusion import Doubt
from assent.core.ledger import PayoutState
from assent.core.terms import ItemState, Refusal, Refused
from assent.flows.decide_credits import decide_award, settle_undecided
from assent.ledger.queries import payouts_of_bounty
from assent.web.forms.staff import CreditsForm
from assent.web.pages import form_page
from assent.web.viewer import member


@require_http_methods(["GET", "HEAD", "POST"])
def credits(request: HttpRequest, bounty_id: str) -> HttpResponse:
    """One bounty whose credits wait for a moderator."""
    moderator = member(request)
    _require(moderator.person)
    found = queries.bounty(moderator.person, bounty_id)
    doubted = [
        p for p in payouts_of_bounty(bounty_id) if p.doubt and p.state is PayoutState.PENDING
    ]
    able = [e for e in found.entries
            if e.item.state in (ItemState.PUBLISHED, ItemState.AWARDED)]  # fmt: skip
    form = CreditsForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with form.catching():
            choice = form.cleaned_data["choice"]
            if doubted:
                decide_award(moderator, bounty_id, pay=choice == "pay")
            else:
                settle_undecided(moderator, bounty_id, None if choice == "return" else choice)
            messages.success(request, "It is decided, and the credits have moved.")
            return redirect("queue")
    context = {
        "bounty": found,
        "item": found.item,
        "doubt": Doubt(doubted[0].doubt).sentence if doubted else "",
        "doubted": doubted,
        "able": able,
    }
    return form_page(request, "staff/credits.html", form, context)


def _require(person: Person) -> None:
    answer = may_use_queue(person)
    if isinstance(answer, Denied):
        raise Refused(Refusal(answer.kind.value, answer.reason, answer.kind))
