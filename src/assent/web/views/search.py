"""Finding bounties and listings: the board, the listings, and both together."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assent.catalogue.lists import base_models, cards
from assent.core.terms import ItemKind
from assent.gateways import clock
from assent.web.forms.search import SearchForm
from assent.web.viewer import viewer


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Bounties and listings together."""
    return browse(request, None, "search.html")


@require_safe
def bounties(request: HttpRequest) -> HttpResponse:
    """The board: every public bounty."""
    return browse(request, ItemKind.BOUNTY, "bounties/board.html")


@require_safe
def listings(request: HttpRequest) -> HttpResponse:
    """Every public listing."""
    return browse(request, ItemKind.LISTING, "listings/listings.html")


def browse(request: HttpRequest, kind: ItemKind | None, template: str) -> HttpResponse:
    """A list with its filters. A search that finds nothing gets one page, whatever was looked
    for: it does not say the words again, and so it cannot say what we know about them."""
    form = SearchForm(request.GET, kind, base_models())
    wanted = form.filter(clock.now().date())
    found = cards(viewer(request), wanted, request.GET.get("cursor"))
    if wanted.search.asked and not found.cards:
        response = render(request, "nothing_found.html")
        response["Cache-Control"] = "no-store"
        return response
    return render(request, template, {"form": form, "page": found, "asked": form.asked})
