"""Profiles, and what somebody put here themselves."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assent.catalogue import lists
from assent.catalogue.lists import Filter
from assent.core.terms import ItemKind
from assent.people.queries import by_name
from assent.web.viewer import member, viewer


@require_safe
def profile(request: HttpRequest, name: str) -> HttpResponse:
    """What somebody has here in public."""
    found = by_name(name)
    who = viewer(request)
    kinds = {
        kind: lists.cards(who, Filter(kind=kind, owner=found.id), limit=12).cards
        for kind in ItemKind
    }
    context = {
        "person": found,
        "bounties": kinds[ItemKind.BOUNTY],
        "entries": kinds[ItemKind.ENTRY],
        "listings": kinds[ItemKind.LISTING],
    }
    return render(request, "people/profile.html", context)


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Everything that the viewer put here, in every state."""
    found = lists.mine(member(request).person, request.GET.get("cursor"))
    return render(request, "people/mine.html", {"page": found})
