"""Finished work on offer."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from assent.catalogue.queries import listing as find_listing
from assent.catalogue.values import ListingView
from assent.catalogue.versions import versions_of
from assent.core.offers import LICENCES
from assent.core.terms import FileState
from assent.flows.publish_listing import publish_listing
from assent.ledger.sales import sale_to, sums_of
from assent.watching.queries import tracks
from assent.web.forms.uploads import ListingForm
from assent.web.pages import form_page
from assent.web.reasons import reason_for
from assent.web.talk import talk_context
from assent.web.uploading import upload_form
from assent.web.viewer import can, member, viewer
from assent.web.views.entries import scan_part


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Offer finished work."""
    creator = member(request)
    form = upload_form(ListingForm, request, creator)
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
    later = versions_of(who, listing_id)
    public = [v for v in later if v.item.state.is_public]
    context = {
        "listing": found,
        "versions": [(v, can(who, v.facts)) for v in later],
        "latest": public[0].name if public else found.version,
        "downloads": found.downloads + sum(v.downloads for v in public),
        "licence": LICENCES.get(found.licence, ""),
        "works": [f for f in found.files if f.role == "work"],
        "item": found.item,
        "can": can(who, found.facts),
        "is_owner": who.id == found.item.owner,
        "scanning": _is_scanning(found),
        "reason": reason_for(who, found.facts, listing_id),
        "bought": sale_to(who.id, listing_id) if who.id is not None else None,
        "sold": sums_of(who.id, listing_id) if who.id == found.item.owner else (0, 0, 0),
        "tracked": who.id is not None and tracks(who.id, listing_id),
        "talk": talk_context(request, found.item, found.facts),
    }
    return render(request, "listings/listing.html", context)


@require_safe
def listing_status(request: HttpRequest, listing_id: str) -> HttpResponse:
    """The part of the page that waits for the scan."""
    found = find_listing(viewer(request), listing_id)
    return scan_part(request, found.files, _is_scanning(found))


def _is_scanning(found: ListingView) -> bool:
    return any(f.state is FileState.WAITING for f in found.files)
