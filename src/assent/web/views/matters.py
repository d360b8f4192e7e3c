"""Official matters: orders, threats, disputes. For the staff."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from assent.casework.matters import matter, matters
from assent.casework.statements import refused_by_eu
from assent.core.official import MatterForm as Matter
from assent.core.official import MatterKind
from assent.core.terms import Refused
from assent.flows.keep_matter import acknowledge_matter, close_matter, write_matter
from assent.gateways import clock
from assent.web.forms.matters import MatterForm
from assent.web.pages import form_page
from assent.web.viewer import member


@require_http_methods(["GET", "HEAD", "POST"])
def matters_page(request: HttpRequest) -> HttpResponse:
    """All of them, open ones first, and a form for another one."""
    staff = member(request)
    found = matters(staff.person)
    sent = request.POST if request.method == "POST" else None
    form = MatterForm(sent, initial={"received_at": clock.now().strftime("%Y-%m-%dT%H:%M")})
    if form.is_valid():
        told = form.cleaned_data
        with form.catching():
            matter_id = write_matter(
                staff,
                Matter(
                    MatterKind(told["kind"]), told["country"].upper(), told["category"],
                    told["authority"], told["reference"], told["note"], told["received_at"],
                ),
            )  # fmt: skip
            messages.success(request, "Written down.")
            return redirect("matter", matter_id)
    response = form_page(
        request, "staff/matters.html", form, {"matters": found, "refused": refused_by_eu()}
    )
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def one_matter(request: HttpRequest, matter_id: str) -> HttpResponse:
    """One of them, and what happens next."""
    staff = member(request)
    found = matter(staff.person, matter_id)
    if request.method == "POST":
        try:
            if request.POST.get("action") == "acknowledge":
                acknowledge_matter(staff, matter_id)
            else:
                close_matter(staff, matter_id, request.POST.get("outcome", ""))
            messages.success(request, "Noted.")
        except Refused as refused:
            messages.error(request, refused.refusal.sentence)
        return redirect("matter", matter_id)
    response = render(request, "staff/matter.html", {"matter": found})
    response["Cache-Control"] = "no-store"
    return response
