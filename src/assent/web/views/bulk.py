"""The same decision on several held items: what would happen, the deed, and taking it back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from assent.casework.bulks import bulk as bulk_of
from assent.casework.looks import require_staff
from assent.catalogue.values import ItemView
from assent.core.bulk import CAP, UNDO_FOR, Outlook, Pick, reached
from assent.core.casework import Placement
from assent.core.terms import Refused
from assent.flows.decide_bulk import decide_bulk
from assent.flows.preview_bulk import preview_bulk
from assent.flows.undo_bulk import undo_bulk
from assent.gateways import clock
from assent.people.queries import Member
from assent.web.forms.staff import DecisionForm
from assent.web.pages import form_page
from assent.web.viewer import member

_PICK = re.compile("([0-9a-z]{12}):([0-9a-f]{16})")


@dataclass(frozen=True, slots=True)
class Choice:
    """What one button would do: to how many items, and with how many credits."""

    items: int
    credits: int
    skipped: int


@require_http_methods(["GET", "HEAD", "POST"])
def bulk(request: HttpRequest) -> HttpResponse:
    """What would happen to the ticked items; and, where somebody says so, that."""
    moderator = member(request)
    require_staff(moderator.person)
    if request.method != "POST":
        return _preview(request, moderator, request.GET.getlist("item"), DecisionForm(None))
    form = DecisionForm(request.POST)
    picks = [Pick(*found.groups()) for found in map(_PICK.fullmatch, _sent(request)) if found]
    if form.is_valid():
        approve = form.cleaned_data["action"] == "approve"
        with form.catching():
            done = decide_bulk(
                moderator, picks, approve=approve, reason=form.cleaned_data["reason"]
            )
            return redirect("bulk_done", done)
    return _preview(request, moderator, [pick.item for pick in picks], form)


@require_http_methods(["GET", "HEAD", "POST"])
def bulk_done(request: HttpRequest, bulk_id: str) -> HttpResponse:
    """What was decided together, what was skipped and why; POST takes it back."""
    moderator = member(request)
    require_staff(moderator.person)
    if request.method == "POST":
        try:
            undone = undo_bulk(moderator, bulk_id)
            messages.success(request, f"Taken back: {len(undone.brought_back)} held again.")
        except Refused as refused:
            if refused.refusal.code != "undo_over":
                raise
            messages.error(request, refused.refusal.sentence)
        return redirect("bulk_done", bulk_id)
    found, at = bulk_of(bulk_id), clock.now()
    context = {
        "bulk": found,
        "until": found.at + UNDO_FOR,
        "can_undo": found.can_undo(at),
        "mine": found.by == moderator.id,
    }
    return render(request, "staff/bulk_done.html", context)


def _sent(request: HttpRequest) -> list[str]:
    return request.POST.getlist("pick")


def _preview(
    request: HttpRequest, moderator: Member, item_ids: list[str], form: DecisionForm
) -> HttpResponse:
    try:
        seen = preview_bulk(moderator, item_ids)
    except Refused as refused:
        if refused.refusal.code not in ("nothing_ticked", "too_many"):
            raise
        messages.error(request, refused.refusal.sentence)
        return redirect("queue")
    return form_page(request, "staff/bulk.html", form, _context(seen))


def _context(seen: list[tuple[ItemView, Outlook]]) -> dict[str, Any]:
    outlooks = [outlook for _, outlook in seen]
    return {
        "seen": seen,
        "publish": _choice(outlooks, Placement.PUBLISH),
        "refuse": _choice(outlooks, Placement.REFUSE),
        "cap": CAP,
        "minutes": int(UNDO_FOR.total_seconds() // 60),
    }


def _choice(outlooks: list[Outlook], placement: Placement) -> Choice:
    items, credits_ = reached(outlooks, placement)
    return Choice(items, credits_, len(outlooks) - items)
