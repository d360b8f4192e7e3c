"""Reporting an item, looking a report up, and answering one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from assent.casework import reports
from assent.catalogue import queries
from assent.core.access import Verb
from assent.core.terms import Refused
from assent.flows.answer_report import answer_report
from assent.flows.file_report import file_report
from assent.gateways.secrets import pin_digest
from assent.web.forms.reports import ReportAnswerForm, ReportPageForm
from assent.web.forms.takedown import StatusForm
from assent.web.pages import form_page
from assent.web.quiet import later, spend
from assent.web.viewer import member, viewer
from assent.web.views.leasing import leased


@require_http_methods(["GET", "HEAD", "POST"])
def report_new(request: HttpRequest, subject_id: str) -> HttpResponse:
    """Report an item; no account is needed."""
    who = viewer(request)
    seen = queries.item_facts(subject_id)
    if seen is None:
        raise Refused(queries.NOTHING_HERE)
    queries.require(who, Verb.SEE, seen[1])
    form = ReportPageForm(request.POST if request.method == "POST" else None)
    after = spend("takedown", request, form) if form.is_bound else 0
    if not after and form.is_valid():
        with form.catching():
            by = member(request) if who.id is not None else None
            receipt = file_report(form.report(subject_id), by)
            return _unkept(render(request, "reports/receipt.html", {"receipt": receipt}))
    return later(form_page(request, "reports/new.html", form, {"item": seen[0]}), after)


@require_http_methods(["GET", "HEAD", "POST"])
def report_status(request: HttpRequest) -> HttpResponse:
    """How far a report is: for whoever has its number and PIN."""
    form = StatusForm(request.POST if request.method == "POST" else None)
    after = spend("status", request, form) if form.is_bound else 0
    found = None
    if not after and form.is_valid():
        try:
            found = reports.status(
                form.cleaned_data["number"], pin_digest(form.cleaned_data["pin"])
            )
        except Refused as refused:
            form.refuse(refused.refusal)
    return _unkept(later(form_page(request, "reports/status.html", form, {"report": found}), after))


@require_http_methods(["GET", "HEAD", "POST"])
def report_work(request: HttpRequest, number: str) -> HttpResponse:
    """One report, and its answer."""
    moderator = member(request)
    found = reports.report(moderator.person, number)
    form = ReportAnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        upheld = form.cleaned_data["action"] == "uphold"
        with form.catching():
            answer_report(moderator, number, upheld=upheld)
            words = "It is hidden, and its owner has the reasons." if upheld else "It stays."
            messages.success(request, words)
            return redirect("queue")
    context = {"report": found, "barred": moderator.id in (found.owner, found.by)}
    context |= leased("report", found.status.number, moderator)
    return form_page(request, "reports/work.html", form, context)


def _unkept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
