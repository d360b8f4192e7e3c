"""The evidence for card networks, and what happens when consent is disputed."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assent.core.access import Denied, may_see_compliance
from assent.core.terms import Refusal, Refused
from assent.flows.gather_evidence import compliance_pack as packed
from assent.flows.gather_evidence import gather_evidence
from assent.gateways import clock
from assent.web.viewer import viewer


@require_safe
def compliance(request: HttpRequest) -> HttpResponse:
    """Every rule with its evidence."""
    _require(request)
    at = clock.now()
    checks = gather_evidence(at)
    context = {"checks": checks, "holding": sum(c.holds for c in checks), "at": at}
    response = render(request, "staff/compliance.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def compliance_pack(request: HttpRequest) -> HttpResponse:
    """The same as a ZIP, with the reports and texts that it speaks of."""
    _require(request)
    at = clock.now()
    response = HttpResponse(packed(at), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="compliance-{at:%Y-%m-%d}.zip"'
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def arbitration(request: HttpRequest) -> HttpResponse:
    """What happens when consent is disputed, and who decides."""
    return render(request, "arbitration.html", {"arbitrator": settings.ARBITRATOR})


def _require(request: HttpRequest) -> None:
    answer = may_see_compliance(viewer(request))
    if isinstance(answer, Denied):
        raise Refused(Refusal(answer.kind.value, answer.reason, answer.kind))
