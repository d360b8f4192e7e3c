"""Statements of reasons, and objecting to a decision."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from assent.casework.statements import UNKNOWN, appeal, statement, statements_of
from assent.casework.strikes import statement_behind, strikes_of, suspension_of
from assent.core.access import Denied, Person, may_use_queue
from assent.core.reasons.words import parts
from assent.core.terms import Refusal, Refused
from assent.flows.answer_appeal import answer_appeal
from assent.flows.appeal_decision import appeal_decision
from assent.gateways import clock
from assent.web.forms.decisions import AnswerForm, AppealForm
from assent.web.pages import form_page
from assent.web.viewer import member
from assent.web.views.leasing import leased


@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    """What was decided about the member's own items."""
    who = member(request)
    at = clock.now()
    suspension = suspension_of(who.id, at)
    live = [s for s in strikes_of(who.id) if at < s.ends]
    context = {
        "given": statements_of(who.id),
        "suspension": suspension,
        "strikes": [(s, statement_behind(s, who.id)) for s in live],
    }
    return render(request, "decisions/decisions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: HttpRequest, statement_id: str) -> HttpResponse:
    """One statement of reasons, and the form to object."""
    who = member(request)
    found = statement(who.person, statement_id)
    form = AppealForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with form.catching():
            appeal_decision(who, statement_id, form.cleaned_data["text"])
            messages.success(request, "We have your objection. Somebody else looks at it.")
            return redirect("decision", statement_id)
    context = {
        "given": found,
        "parts": parts(found.statement),
        "owns": found.owner == who.id,
        "open": found.appeal is not None and found.appeal.answered_at is None,
    }
    return form_page(request, "decisions/decision.html", form, context)


@require_http_methods(["GET", "HEAD", "POST"])
def appeal_work(request: HttpRequest, appeal_id: str) -> HttpResponse:
    """One objection, and the answer of somebody who had no part in the decision."""
    moderator = member(request)
    _require(moderator.person)
    found = appeal(appeal_id)
    if found is None:
        raise Refused(UNKNOWN)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reverse = form.cleaned_data["action"] == "reverse"
        with form.catching():
            answer_appeal(moderator, appeal_id, form.cleaned_data["reason"], reverse=reverse)
            words = "It is back where a person decides." if reverse else "The decision stands."
            messages.success(request, words)
            return redirect("queue")
    context = {
        "appeal": found,
        "parts": parts(found.statement),
        "barred": moderator.id in (found.by, found.decider),
    } | leased("appeal", appeal_id, moderator)
    return form_page(request, "decisions/appeal.html", form, context)


def _require(person: Person) -> None:
    answer = may_use_queue(person)
    if isinstance(answer, Denied):
        raise Refused(Refusal(answer.kind.value, answer.reason, answer.kind))
