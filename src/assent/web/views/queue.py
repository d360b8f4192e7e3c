"""The moderators' queue: what is held, and open cases by deadline."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from assent.casework.leases import leases
from assent.casework.matters import open_threats
from assent.casework.queries import late_cases, open_cases, open_complaints
from assent.casework.reports import open_reports
from assent.casework.statements import open_appeals
from assent.catalogue import lists, queries
from assent.catalogue.comments import comment
from assent.catalogue.queries import undecided
from assent.catalogue.values import FileView
from assent.core.access import Denied, Person, may_use_queue
from assent.core.cashouts import CashoutState
from assent.core.collusion import Doubt
from assent.core.terms import FileState, ItemKind, Refusal, Refused
from assent.flows.decide_credits import GRACE_DAYS
from assent.flows.decide_held import decide_held
from assent.gateways import clock
from assent.ledger.cashouts import cashouts_in
from assent.ledger.queries import doubted_bounties
from assent.registry.queries import matches_of
from assent.web.forms.staff import DecisionForm
from assent.web.marks import marked
from assent.web.pages import form_page
from assent.web.reasons import reason_for
from assent.web.viewer import can, member
from assent.web.views.leasing import leased


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for a person."""
    who = member(request).person
    doubted = [(bounty, Doubt(sign).sentence) for bounty, sign in doubted_bounties()]
    context = {
        "page": lists.queue(who, request.GET.get("cursor")),
        "cases": open_cases(who),
        "late": late_cases(who, clock.now()),
        "threats": open_threats(),
        "complaints": open_complaints(who),
        "appeals": open_appeals(),
        "reports": open_reports(who),
        "undecided": undecided(who, clock.now().date() - timedelta(days=GRACE_DAYS)),
        "doubted": doubted,
        "leases": leases(clock.now()),
        "doubted_count": len(doubted),
        "cashouts": cashouts_in(CashoutState.ASKED),
    }
    return render(request, "staff/queue.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def held(request: HttpRequest, item_id: str) -> HttpResponse:
    """One held item with its evidence, and the decision on it."""
    moderator = member(request)
    context = _evidence(moderator.person, item_id) | leased("item", item_id, moderator)
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        approve = form.cleaned_data["action"] == "approve"
        with form.catching():
            decide_held(moderator, item_id, approve=approve, reason=form.cleaned_data["reason"])
            messages.success(request, "It is public now." if approve else "It is refused.")
            return redirect("queue")
    return form_page(request, "staff/held.html", form, context)


def _evidence(who: Person, item_id: str) -> dict[str, Any]:
    answer = may_use_queue(who)
    if isinstance(answer, Denied):
        raise Refused(Refusal(answer.kind.value, answer.reason, answer.kind))
    found = queries.item_facts(item_id)
    if found is None:
        raise Refused(queries.NOTHING_HERE)
    item, facts = found
    screening = queries.last_screening(item_id)
    files = queries.files_of([item_id])
    return {
        "item": item,
        "can": can(who, facts),
        "bounty": _bounty_behind(who, item_id, item.kind),
        "on": _talked_about(who, item_id, item.kind),
        "screening": screening,
        "marked": marked(item, screening.record if screening else {}, for_staff=True),
        "works": [f for f in files if f.role == "work"],
        "images": [f for f in files if f.role == "image" and f.is_clean],
        "scanning": _is_scanning(files),
        "alike": _alike(item_id, files),
        "reason": reason_for(who, facts, item_id),
    }


def _alike(item_id: str, files: list[FileView]) -> list[dict[str, object]]:
    """Other works here that were found to be like this one's files, for a side-by-side look."""
    names = {f.id: f for f in files}
    found = []
    for mine, near in matches_of(item_id):
        other = queries.item_facts(near.item)
        if mine in names and other is not None:
            found.append({"mine": names[mine], "near": near, "other": other[0]})
    return found


def _bounty_behind(who: Person, item_id: str, kind: ItemKind) -> object:
    if kind is ItemKind.ENTRY:
        return queries.bounty(who, queries.entry(who, item_id).bounty)
    return queries.bounty(who, item_id) if kind is ItemKind.BOUNTY else None


def _talked_about(who: Person, item_id: str, kind: ItemKind) -> object:
    if kind is not ItemKind.COMMENT:
        return None
    found = queries.item_facts(comment(who, item_id).on)
    return found[0] if found else None


def _is_scanning(files: list[FileView]) -> bool:
    return any(f.state is FileState.WAITING for f in files)
