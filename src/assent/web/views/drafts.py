"""Writing a bounty: save it as a draft, or post it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from assent.catalogue import queries
from assent.catalogue.values import BountyView
from assent.core.access import Verb
from assent.core.casework import Placement
from assent.core.terms import ItemState
from assent.flows.amend_bounty import amend_bounty
from assent.flows.post_bounty import post_bounty
from assent.flows.preview_draft import preview_draft
from assent.flows.save_draft import save_draft
from assent.gateways import clock
from assent.people.queries import Member
from assent.web.forms.bounties import DraftForm, draft_of, new_draft
from assent.web.pages import form_page
from assent.web.viewer import member

TEMPLATE = "bounties/draft.html"


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new draft."""
    requester = member(request)
    if request.method == "POST":
        return _send(request, requester, None)
    return form_page(request, TEMPLATE, DraftForm(initial=new_draft(clock.now().date())))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, bounty_id: str) -> HttpResponse:
    """A draft that was saved before."""
    requester = member(request)
    found = queries.bounty(requester.person, bounty_id)
    if found.item.state is ItemState.OPEN:
        return _amend(request, requester, found)
    queries.require(requester.person, Verb.EDIT, found.facts)
    if request.method == "POST":
        return _send(request, requester, bounty_id)
    context = {"bounty_id": bounty_id}
    return form_page(request, TEMPLATE, DraftForm(initial=draft_of(found)), context)


def _amend(request: HttpRequest, requester: Member, found: BountyView) -> HttpResponse:
    """Change an open bounty in which nobody else has a stake."""
    queries.require(requester.person, Verb.AMEND, found.facts)
    form = DraftForm(request.POST if request.method == "POST" else None, initial=draft_of(found))
    form.fields["credits"].required = False
    if form.is_valid():
        with form.catching():
            ruling = amend_bounty(requester, found.item.id, form.draft())
            held = ruling.placement is Placement.HOLD
            said = "A moderator looks at the change first." if held else "Your change is public."
            messages.success(request, said)
            return redirect("bounty", found.item.id)
    context = {"bounty_id": found.item.id, "amending": True}
    return form_page(request, TEMPLATE, form, context)


def _send(request: HttpRequest, requester: Member, bounty_id: str | None) -> HttpResponse:
    form = DraftForm(request.POST)
    if form.is_valid():
        with form.catching():
            bounty_id = save_draft(requester, form.draft(), bounty_id)
            if request.POST.get("action") == "check":
                return _check(request, requester, bounty_id, form)
            if request.POST.get("action") != "post":
                messages.success(request, "Your draft is saved. Nobody else sees it.")
                return redirect("bounty_edit", bounty_id)
            return _post(request, requester, bounty_id, form)
    # A draft that was saved but could not be posted goes on under its own address.
    action = reverse("bounty_edit", args=[bounty_id]) if bounty_id else reverse("bounty_new")
    return form_page(request, TEMPLATE, form, {"action": action, "bounty_id": bounty_id})


def _check(
    request: HttpRequest, requester: Member, bounty_id: str, form: DraftForm
) -> HttpResponse:
    """The draft again, with what would happen to it; it is saved, and nothing else is done."""
    context = {
        "action": reverse("bounty_edit", args=[bounty_id]),
        "bounty_id": bounty_id,
        "foreseen": preview_draft(requester, bounty_id),
    }
    return form_page(request, TEMPLATE, form, context)


def _post(request: HttpRequest, requester: Member, bounty_id: str, form: DraftForm) -> HttpResponse:
    ruling = post_bounty(requester, bounty_id)
    amount = form.cleaned_data["credits"]
    if ruling.placement is Placement.PUBLISH:
        messages.success(request, f"Your bounty is open. Its escrow holds your {amount:,} credits.")
    elif ruling.placement is Placement.HOLD:
        messages.info(request, f"Your bounty is held. {amount:,} credits are reserved for it.")
    return redirect("bounty", bounty_id)
