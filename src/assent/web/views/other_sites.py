"""Other marketplaces: what they tell us, and for operators what went where."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from assent.casework.others import received, require_operator, sent
from assent.core.removals import BYTES_MAX, TOO_LARGE, Sent
from assent.core.terms import Refusal, Refused
from assent.flows.take_removal import take_removal
from assent.gateways import limits, senders
from assent.web.viewer import member

WORDS = {
    Sent.WAITING: "Waits",
    Sent.TAKEN: "Taken",
    Sent.REFUSED: "Refused",
    Sent.GIVEN_UP: "Given up",
    Sent.STOPPED: "Stopped",
}


@csrf_exempt
@require_POST
def removal_notices(request: HttpRequest) -> HttpResponse:
    """Take another site's signed removal notice: one line of text, no log-in; the signature is
    what counts."""
    try:
        limits.spend("removals", limits.address_key(request))
        taken = take_removal(_body(request))
    except Refused as refused:
        return _refused(refused.refusal)
    state = "known" if taken.known else "received"
    return JsonResponse({"id": taken.id, "state": state}, status=200 if taken.known else 202)


def _body(request: HttpRequest) -> bytes:
    """Read no more than a notice may have, whatever its head says."""
    signed = request.read(BYTES_MAX + 1)
    if len(signed) > BYTES_MAX:
        raise Refused(TOO_LARGE)
    return signed


def _refused(refusal: Refusal) -> HttpResponse:
    answer = {
        "code": refusal.code,
        "message": refusal.sentence,
        "fields": dict(refusal.fields),
        "retry": refusal.retry,
    }
    return JsonResponse(answer, status=refusal.kind.status)


@require_safe
def other_sites(request: HttpRequest) -> HttpResponse:
    """Who is told of removals and whose notices are taken, with what went and came."""
    require_operator(member(request).person)
    context = {
        "recipients": settings.REMOVAL_RECIPIENTS,
        "senders": senders.listed(),
        "sent": [(one, WORDS[one.state]) for one in sent()],
        "received": received(),
        "here": settings.SITE_URL.rstrip("/"),
    }
    response = render(request, "staff/other_sites.html", context)
    response["Cache-Control"] = "no-store"
    return response
