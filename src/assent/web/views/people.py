"""Profiles, and what somebody put here themselves."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from assent.catalogue import lists
from assent.catalogue.lists import Filter
from assent.core.terms import ItemKind
from assent.flows.edit_profile import edit_profile
from assent.people.queries import by_name
from assent.watching.queries import follows
from assent.web.forms.people import ProfileForm
from assent.web.pages import form_page
from assent.web.viewer import member, viewer


@require_safe
def profile(request: HttpRequest, name: str) -> HttpResponse:
    """What somebody has here in public."""
    found = by_name(name)
    who = viewer(request)
    kinds = {
        kind: lists.cards(who, Filter(kind=kind, owner=found.id), limit=6).cards
        for kind in (ItemKind.BOUNTY, ItemKind.ENTRY, ItemKind.LISTING)
    }
    context = {
        "person": found,
        "followed": who.id is not None and follows(who.id, found.id),
        "counts": lists.counts_of(found.id),
        "history": lists.cards(who, Filter(owner=found.id), limit=12).cards,
        "bounties": kinds[ItemKind.BOUNTY],
        "entries": kinds[ItemKind.ENTRY],
        "listings": kinds[ItemKind.LISTING],
    }
    return render(request, "people/profile.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest) -> HttpResponse:
    """What a member says of themselves."""
    who = member(request)
    start = {"about": who.about}
    form = ProfileForm(request.POST) if request.method == "POST" else ProfileForm(initial=start)
    if form.is_valid():
        with form.catching():
            edit_profile(who, form.cleaned_data["about"])
            messages.success(request, "Saved.")
            return redirect("profile", who.name)
    return form_page(request, "people/edit.html", form)


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Everything that the viewer put here, in every state."""
    found = lists.mine(member(request).person, request.GET.get("cursor"))
    return render(request, "people/mine.html", {"page": found})
