"""Finished work on offer."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from assent.catalogue.lists import Filter, cards
from assent.catalogue.queries import listing as find_listing
from assent.catalogue.values import ListingView
from assent.core.terms import FileState, ItemKind, WorkType
from assent.flows.publish_listing import publish_listing
from assent.web.forms.bounties import BoardForm
from assent.web.forms.uploads import ListingForm
from assent.web.pages import form_page
from assent.web.reasons import reason_for
from assent.web.viewer import can, member, viewer
from assent.web.views.entries import scan_part


@require_safe
def listings(request: HttpRequest) -> HttpResponse:
    """Every public listing, narrowed by kind and words."""
    form = BoardForm(request.GET)
    data = form.cleaned_data if form.is_valid() else {}
    wanted = Filter(
        kind=ItemKind.LISTING,
        work_type=WorkType(data["type"]) if data.get("type") else None,
        words=data.get("q", ""),
    )
    found = cards(viewer(request), wanted, request.GET.get("cursor"))
    narrowed = {k: v for k, v in data.items() if v}
    return render(
        request, "listings/listings.html", {"form": form, "page": found, "asked": narrowed}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Offer finished work."""
    creator = member(request)
    form = ListingForm(request.POST, request.FILES) if request.method == "POST" else ListingForm()
    if form.is_valid():
        with form.catching():
            data = form.cleaned_data
            return redirect(
                "listing", publish_listing(creator, form.offer(), data["files"], data["images"])
            )
    return form_page(request, "listings/new.html", form, {"most": settings.MAX_UPLOAD_BYTES})


@require_safe
def listing(request: HttpRequest, listing_id: str) -> HttpResponse:
    """One listing."""
    who = viewer(request)
    found = find_listing(who, listing_id)
    context = {
        "listing": found,
        "works": [f for f in found.files if f.role == "work"],
        "item": found.item,
        "can": can(who, found.facts),
        "is_owner": who.id == found.item.owner,
        "scanning": _is_scanning(found),
        "reason": reason_for(who, found.facts, listing_id),
    }
    return render(request, "listings/listing.html", context)


@require_safe
def listing_status(request: HttpRequest, listing_id: str) -> HttpResponse:
    """The part of the page that waits for the scan."""
    found = find_listing(viewer(request), listing_id)
    return scan_part(request, found.files, _is_scanning(found))


def _is_scanning(found: ListingView) -> bool:
    return any(f.state is FileState.WAITING for f in found.files)
