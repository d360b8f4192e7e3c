"""The first page, the house rules, and the theme."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from assent.catalogue.lists import Filter, cards
from assent.core.languages import LANGUAGES
from assent.core.reasons.statement import APPEAL_TIME
from assent.core.screening.policies import default_policy
from assent.core.terms import ItemKind, ItemState, Outcome
from assent.web.context import THEMES
from assent.web.viewer import viewer

YEAR_SECONDS = 365 * 24 * 3600


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What Assent is, and what is going on."""
    who = viewer(request)
    bounties = Filter(kind=ItemKind.BOUNTY, state=ItemState.OPEN)
    awarded = Filter(kind=ItemKind.ENTRY, state=ItemState.AWARDED)
    context = {
        "open": cards(who, bounties, limit=6).cards,
        "awarded": cards(who, awarded, limit=3).cards,
        "listings": cards(who, Filter(kind=ItemKind.LISTING), limit=6).cards,
    }
    return render(request, "home.html", context)


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """The house rules in plain words, with what the rules of screening in force say."""
    policy = default_policy()
    told = {
        outcome: list(dict.fromkeys(r.sentence for r in policy.rules if r.outcome is outcome))
        for outcome in (Outcome.REFUSE, Outcome.REVIEW)
    }
    context = {
        "policy": policy,
        "refused": told[Outcome.REFUSE],
        "held": told[Outcome.REVIEW],
    }
    return render(request, "rules.html", context)


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    """What members and the house owe each other."""
    return render(request, "terms.html", {"appeal_days": APPEAL_TIME.days})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept about whom, and how long."""
    return render(request, "privacy.html")


@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    """The single point of contact."""
    context = {
        "operator": settings.OPERATOR,
        "mail": settings.CONTACT_MAIL,
        "languages": ", ".join(LANGUAGES.values()),
    }
    return render(request, "contact.html", context)


# A forged post could at worst change the colours of a page, so no token (and no cookie that
# carries one) is asked of strangers.
@csrf_exempt
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remember light or dark in a cookie; anything else forgets it."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = "/"
    response = redirect(back)
    chosen = request.POST.get("theme")
    if chosen in THEMES:
        response.set_cookie(
            "theme", chosen, YEAR_SECONDS, samesite="Lax", httponly=True, secure=settings.SECURE
        )
    else:
        response.delete_cookie("theme")
    return response
