"""Versions of a listing, and taking a listing or a version back."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from assent.catalogue import queries
from assent.catalogue.values import VersionView
from assent.catalogue.versions import version as find_version
from assent.core.access import Verb
from assent.core.terms import FileState
from assent.flows.add_version import add_version
from assent.flows.withdraw_item import withdraw_item
from assent.web.forms.uploads import VersionForm
from assent.web.pages import form_page
from assent.web.reasons import reason_for
from assent.web.uploading import upload_form
from assent.web.viewer import can, member, viewer
from assent.web.views.entries import scan_part


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, listing_id: str) -> HttpResponse:
    """Offer a new version of one's own listing."""
    creator = member(request)
    found = queries.listing(creator.person, listing_id)
    queries.require(creator.person, Verb.ADD_VERSION, found.facts)
    form = upload_form(VersionForm, request, creator)
    if form.is_valid():
        with form.catching():
            data = form.cleaned_data
            words = (data["version"], data["note"])
            return redirect(
                "version",
                add_version(creator, listing_id, *words, data["files"], data["images"]),
            )
    context = {"listing": found, "item": found.item, "most": settings.MAX_UPLOAD_BYTES}
    return form_page(request, "listings/new_version.html", form, context)


@require_safe
def version(request: HttpRequest, version_id: str) -> HttpResponse:
    """One version."""
    who = viewer(request)
    found = find_version(who, version_id)
    context = {
        "version": found,
        "item": found.item,
        "can": can(who, found.facts),
        "scanning": _is_scanning(found),
        "reason": reason_for(who, found.facts, version_id),
    }
    return render(request, "listings/version.html", context)


@require_safe
def version_status(request: HttpRequest, version_id: str) -> HttpResponse:
    """The part of the page that waits for the scan."""
    found = find_version(viewer(request), version_id)
    return scan_part(request, found.files, _is_scanning(found))


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_version(request: HttpRequest, version_id: str) -> HttpResponse:
    """Ask once, then take a version back."""
    owner = member(request)
    found = find_version(owner.person, version_id)
    queries.require(owner.person, Verb.WITHDRAW, found.facts)
    if request.method == "POST":
        withdraw_item(owner, version_id)
        messages.success(request, "The version is withdrawn.")
        return redirect("listing", found.listing)
    return render(request, "listings/withdraw.html", {"item": found.item})


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_listing(request: HttpRequest, listing_id: str) -> HttpResponse:
    """Ask once, then take a listing back with every version of it."""
    owner = member(request)
    found = queries.listing(owner.person, listing_id)
    queries.require(owner.person, Verb.WITHDRAW, found.facts)
    if request.method == "POST":
        withdraw_item(owner, listing_id)
        messages.success(request, "The listing is withdrawn. Nobody else sees it any more.")
        return redirect("listing", listing_id)
    return render(request, "listings/withdraw.html", {"item": found.item})


def _is_scanning(found: VersionView) -> bool:
    return any(f.state is FileState.WAITING for f in found.files)
