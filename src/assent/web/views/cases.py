"""A takedown case as its worker sees it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from assent.casework.queries import case_file
from assent.core.terms import CaseState, ItemState
from assent.flows.add_to_case import add_to_case
from assent.flows.decide_case import remove_in_case
from assent.web.forms.staff import AddForm, RemoveForm
from assent.web.pages import form_page
from assent.web.viewer import member

LABELS = {
    "intimate": "Nude or sexual",
    "under_18": "Under 18",
    "danger": "Someone may be in danger",
    "protect": "Keep watch",
    "tell_others": "Other sites may be told",
    "safe_times": "Safe times for contact",
    "language": "Language",
    "note": "Note",
}


@require_http_methods(["GET", "HEAD", "POST"])
def case(request: HttpRequest, number: str) -> HttpResponse:
    """The notice, its items, and the decision."""
    moderator = member(request)
    file = case_file(moderator.person, number)
    adding = request.POST.get("action") == "add"
    form = RemoveForm(request.POST or None if not adding else None)
    add_form = AddForm(request.POST if adding else None)
    if adding and add_form.is_valid():
        with add_form.catching():
            joined = add_to_case(moderator, number, add_form.cleaned_data["item"])
            messages.success(request, f"Hidden and added to the case: {joined}, copies included.")
            return redirect("case_work", number)
    if request.method == "POST" and form.is_valid():
        with form.catching():
            removed = remove_in_case(moderator, number)
            things = "item" if removed == 1 else "items"
            messages.success(request, f"{removed} {things} removed for good. The case is decided.")
            return redirect("case_work", number)
    context = {
        "file": file,
        "add_form": add_form,
        "hidden": [i for i in file.items if i.state is ItemState.HIDDEN],
        "details": [(LABELS.get(k, k), _plainly(v)) for k, v in file.details.items()],
        "is_open": file.status.state not in (CaseState.DECIDED, CaseState.CLOSED),
    }
    response = form_page(request, "staff/case.html", form, context)
    response["Cache-Control"] = "no-store"
    return response


def _plainly(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
