"""The agreement for uploaders: read it, accept it, take a signed copy."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from assent.core.agreement import CLAUSES, VERSION, digest
from assent.core.terms import Refusal, RefusalKind, Refused
from assent.flows.accept_agreement import accept_agreement
from assent.gateways.signing import sign
from assent.people.queries import agreed_to
from assent.web.viewer import member, viewer

KIND = "assent-agreement"
_NONE = Refusal("not_found", "You have not accepted it yet.", RefusalKind.NOT_FOUND)


@require_http_methods(["GET", "HEAD", "POST"])
def agreement(request: HttpRequest) -> HttpResponse:
    """Its words for everybody; members accept it here or with their first work."""
    who = viewer(request)
    if request.method == "POST":
        accept_agreement(member(request))
        messages.success(request, "Accepted. You can put work here now.")
        return redirect("agreement")
    accepted = [one for one in agreed_to(who.id or 0) if one.digest == digest()]
    context = {
        "version": VERSION,
        "digest": digest(),
        "signed_in": who.id is not None,
        "agreed": accepted[0] if accepted else None,
    }
    return render(request, "people/agreement.html", context)


@require_safe
def agreement_copy(request: HttpRequest) -> HttpResponse:
    """What a member accepted last, its words, and our signature over both: a JSON file that can be
    checked with our published keys."""
    who = member(request)
    accepted = agreed_to(who.id)
    if not accepted:
        raise Refused(_NONE)
    last = accepted[0]
    said: dict[str, object] = {
        "version": last.version,
        "sha256": last.digest,
        "accepted_at": last.at.isoformat(),
        "by": who.name,
    }
    if last.digest == digest():
        said["clauses"] = list(CLAUSES)
    text = json.dumps(said | {"signed": sign(said, KIND)}, indent=1, ensure_ascii=False)
    response = HttpResponse(text + "\n", content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="agreement-{last.version}.json"'
    return response
