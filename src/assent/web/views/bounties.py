"""A bounty's page."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assent.casework.queries import decisions_on
from assent.catalogue.queries import bounty as find_bounty
from assent.catalogue.queries import last_screening
from assent.catalogue.values import BountyView, PledgeView
from assent.core.collusion import Doubt
from assent.core.ledger import PayoutState, PledgeState
from assent.core.offers import CREDITS_MIN
from assent.core.settlement import PayoutFacts
from assent.core.terms import ItemState
from assent.ledger.queries import payouts_of_bounty
from assent.watching.queries import tracks
from assent.web.forms.bounties import PledgeForm
from assent.web.marks import marked
from assent.web.pages import form_page
from assent.web.reasons import reason_for
from assent.web.talk import talk_context
from assent.web.viewer import can, viewer


@require_safe
def bounty(request: HttpRequest, bounty_id: str) -> HttpResponse:
    """One bounty; a refused one shows its requester why."""
    who = viewer(request)
    found = find_bounty(who, bounty_id)
    if found.item.state is ItemState.REFUSED:
        return _refused(request, found)
    return render(request, "bounties/bounty.html", bounty_context(request, found))


def bounty_context(
    request: HttpRequest, found: BountyView, form: PledgeForm | None = None
) -> dict[str, object]:
    """Return what a bounty's page shows."""
    who = viewer(request)
    payouts = payouts_of_bounty(found.item.id)
    return {
        "bounty": found,
        "item": found.item,
        "can": can(who, found.facts),
        "is_owner": who.id == found.item.owner,
        "entries": [(e, can(who, e.facts)) for e in found.entries],
        "supporters": supporters(found.pledges),
        "form": form or PledgeForm(initial={"credits": CREDITS_MIN * 5}),
        "payouts": payouts,
        "paid_out": sum(p.amount for p in payouts),
        "doubt": _doubt(payouts),
        "reason": reason_for(who, found.facts, found.item.id),
        "tracked": who.id is not None and tracks(who.id, found.item.id),
        "talk": talk_context(request, found.item, found.facts),
    }


def _doubt(payouts: Iterable[PayoutFacts]) -> str:
    """Why an award waits for a moderator; empty where it does not."""
    waiting = (p.doubt for p in payouts if p.doubt and p.state is PayoutState.PENDING)
    sign = next(waiting, "")
    return Doubt(sign).sentence if sign else ""


def supporters(pledges: Iterable[PledgeView]) -> list[tuple[str, int]]:
    """Return what each supporter has on a bounty, the largest amount first."""
    sums: dict[str, int] = {}
    for pledge in pledges:
        if pledge.state is not PledgeState.REFUNDED:
            sums[pledge.supporter_name] = sums.get(pledge.supporter_name, 0) + pledge.amount
    return sorted(sums.items(), key=lambda pair: -pair[1])


def _refused(request: HttpRequest, found: BountyView) -> HttpResponse:
    screening, decisions = last_screening(found.item.id), decisions_on(found.item.id)
    context = {
        "bounty": found,
        "item": found.item,
        "marked": marked(found.item, screening.record if screening else {}),
        "screening": screening,
        "reason": reason_for(viewer(request), found.facts, found.item.id),
        "by_moderator": bool(decisions) and decisions[0][1].startswith("moderator."),
    }
    return render(request, "bounties/refused.html", context)


def bounty_with_form(request: HttpRequest, found: BountyView, form: PledgeForm) -> HttpResponse:
    """Show a bounty's page again, with what was wrong in its pledge form."""
    return form_page(request, "bounties/bounty.html", form, bounty_context(request, found, form))
