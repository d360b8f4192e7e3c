"""Handing work in, an entry's page, and the award."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from assent.catalogue import queries
from assent.catalogue.queries import entry as find_entry
from assent.catalogue.values import EntryView
from assent.core.access import Verb
from assent.core.ledger import PledgeState
from assent.core.terms import FileState
from assent.flows.award_entry import award_entry
from assent.flows.hand_in_entry import hand_in_entry
from assent.flows.note_review import note_review
from assent.gateways import clock
from assent.web.forms.uploads import EntryForm
from assent.web.pages import form_page
from assent.web.reasons import reason_for
from assent.web.uploading import upload_form
from assent.web.viewer import can, member, viewer


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, bounty_id: str) -> HttpResponse:
    """Hand in work to a bounty."""
    creator = member(request)
    found = queries.bounty(creator.person, bounty_id)
    queries.require(creator.person, Verb.ENTER, found.facts)
    form = upload_form(EntryForm, request, creator)
    if form.is_valid():
        with form.catching():
            data = form.cleaned_data
            entry_id = hand_in_entry(
                creator, bounty_id, data["note"], data["files"], data["images"]
            )
            return redirect("entry", entry_id)
    context = {"bounty": found, "item": found.item, "most": settings.MAX_UPLOAD_BYTES}
    return form_page(request, "entries/enter.html", form, context)


@require_safe
def entry(request: HttpRequest, entry_id: str) -> HttpResponse:
    """One entry."""
    who = viewer(request)
    found = find_entry(who, entry_id)
    if found.facts.restricted:
        note_review(who, entry_id, "page")
    context = {
        "entry": found,
        "item": found.item,
        "can": can(who, found.facts),
        "is_owner": who.id == found.item.owner,
        "scanning": is_scanning(found),
        "reason": reason_for(who, found.facts, entry_id),
    }
    return render(request, "entries/entry.html", context)


@require_safe
def entry_status(request: HttpRequest, entry_id: str) -> HttpResponse:
    """The part of the page that waits for the scan; it reloads the page when that is done."""
    found = find_entry(viewer(request), entry_id)
    return scan_part(request, found.files, is_scanning(found))


def scan_part(request: HttpRequest, files: object, scanning: bool) -> HttpResponse:
    """Return the waiting part, telling the page to reload once nothing waits any more."""
    response = render(
        request, "_scanning.html", {"files": files, "scanning": scanning, "here": request.path}
    )
    if not scanning:
        response["HX-Refresh"] = "true"
    return response


def is_scanning(found: EntryView) -> bool:
    """Whether some file waits for its scan."""
    return any(f.state is FileState.WAITING for f in found.files)


@require_http_methods(["GET", "HEAD", "POST"])
def award(request: HttpRequest, entry_id: str) -> HttpResponse:
    """Say what an award does to the money, then do it."""
    requester = member(request)
    found = find_entry(requester.person, entry_id)
    queries.require(requester.person, Verb.AWARD, found.facts)
    if request.method == "POST":
        award_entry(requester, entry_id)
        messages.success(
            request, f"You awarded {found.item.owner_name}. The files are open to you."
        )
        return redirect("bounty", found.bounty)
    bounty = queries.bounty(requester.person, found.bounty)
    context = {
        "entry": found,
        "item": found.item,
        "bounty": bounty,
        "total": sum(p.amount for p in bounty.pledges if p.state is PledgeState.HELD),
        "others": len(bounty.entries) - 1,
        "due_at": clock.now() + timedelta(seconds=settings.PAYOUT_COOLING_OFF_SECONDS),
    }
    return render(request, "entries/award.html", context)
