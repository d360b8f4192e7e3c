"""Second looks: the drawn share, and what a colleague is asked."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assent.casework.looks import (
    agreed_since,
    differing,
    one_to_review,
    require_staff,
    to_review,
)
from assent.core.terms import Refused
from assent.flows.review_quality import review_quality
from assent.flows.second_opinion import answer_opinion, ask_opinion, take_back_opinion
from assent.gateways import clock
from assent.gateways.secrets import day_salt
from assent.web.evidence import evidence
from assent.web.exposure import seen_pictures
from assent.web.forms.base import SHOWN_IN_FORM
from assent.web.forms.staff import ReviewForm
from assent.web.pages import form_page
from assent.web.viewer import member

LATELY = timedelta(days=90)


@require_safe
def quality(request: HttpRequest) -> HttpResponse:
    """What was drawn for a second look, how well two people agree, and where they differ."""
    person, at = member(request).person, clock.now()
    require_staff(person)
    yesterday = at.date() - timedelta(days=1)
    context = {
        "waiting": to_review(person),
        "agreement": [("The last 90 days", agreed_since(at - LATELY)), ("Ever", agreed_since())],
        "differing": differing(),
        "share": settings.QUALITY_SHARE,
        "yesterday": yesterday,
        "salt": day_salt("quality", yesterday),
    }
    return render(request, "staff/quality.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def quality_one(request: HttpRequest, review_id: str) -> HttpResponse:
    """One drawn item with its evidence, and no word of what was decided before."""
    moderator = member(request)
    waiting = one_to_review(moderator.person, review_id)
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        approve = form.cleaned_data["action"] == "approve"
        alike = review_quality(moderator, review_id, approve=approve)
        first = approve if alike else not approve
        did = "published it" if first else "refused it"
        messages.success(request, f"The first decision {did}. You {_WORDS[alike]}.")
        return redirect("quality")
    context = evidence(moderator.person, waiting.item)
    context |= {"waiting": waiting, "reason": None}
    context |= seen_pictures(request, moderator, waiting.item, context["images"])
    return form_page(request, "staff/quality_one.html", form, context)


_WORDS = {True: "agree", False: "differ: it stands below, for both of you to talk about"}


@require_POST
def opinion(request: HttpRequest, item_id: str) -> HttpResponse:
    """Ask colleagues about a held item, answer one who asked, or take one's question back."""
    moderator, sent = member(request), request.POST
    try:
        if sent.get("action") == "ask":
            ask_opinion(moderator, item_id, sent.get("question", ""))
            messages.success(request, "Your colleagues are asked. It stays held until one answers.")
        elif sent.get("action") == "answer":
            answer_opinion(moderator, item_id, sent.get("leaning", ""), sent.get("answer", ""))
            messages.success(request, "Your colleague is told.")
        else:
            take_back_opinion(moderator, item_id)
            messages.success(request, "The question is taken back. It can be decided now.")
    except Refused as refused:
        if refused.refusal.kind not in SHOWN_IN_FORM:
            raise
        sentence = next(iter(refused.refusal.fields.values()), refused.refusal.sentence)
        messages.error(request, sentence)
    return redirect("held", item_id)
