"""A takedown case as its worker sees it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from assent.casework.misuse import finding_of
from assent.casework.queries import case_file, complaint_of, notes_of, proposal
from assent.catalogue import queries
from assent.catalogue.values import ItemView
from assent.core.access import Person
from assent.core.languages import LANGUAGES
from assent.core.notices import Ground
from assent.core.terms import CaseState, ItemState, Refused
from assent.core.transparency import LATE
from assent.flows.add_to_case import add_to_case
from assent.flows.complain import answer_complaint
from assent.flows.confirm_contact import confirm_reached
from assent.flows.decide_case import remove_in_case
from assent.flows.explain_late import explain_late
from assent.flows.give_back import agree_to_refusal, propose_refusal
from assent.flows.look_first import hide_named, note_looked
from assent.flows.mark_minor import mark_minor
from assent.flows.write_in_case import write_to_person
from assent.gateways import clock
from assent.gateways.contact import address_of
from assent.people.queries import Member
from assent.registry.queries import matches_of
from assent.web.forms.staff import AddForm, RefusalForm, RemoveForm
from assent.web.pages import form_page
from assent.web.viewer import member
from assent.web.views.leasing import leased

LATE_REASONS = tuple((key, words.partition(": ")[2].capitalize()) for key, words in LATE.items())
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
    """The notice, its items, and what a worker does with them."""
    moderator = member(request)
    file = case_file(moderator.person, number)
    sent = request.POST if request.method == "POST" else None
    adding = sent is not None and sent.get("action") == "add"
    add_form = AddForm(sent if adding else None)
    if sent is not None and sent.get("action") in ("uphold", "reject"):
        _answer_complaint(request, moderator, number, sent["action"] == "uphold")
        return redirect("case_work", number)
    if sent is not None and sent.get("action") in ("write", "reached", "minor"):
        _talk(request, moderator, number, sent)
        return redirect("case_work", number)
    if sent is not None and sent.get("action") in ("hide", "looked"):
        _look(request, moderator, number, hides=sent["action"] == "hide")
        return redirect("case_work", number)
    if sent is not None and sent.get("action") == "late":
        _explain(request, moderator, number, sent.get("why", ""))
        return redirect("case_work", number)
    turning = sent is not None and sent.get("action") in ("propose", "agree")
    form = RemoveForm(None if adding or turning else sent)
    if turning and sent is not None:
        _turn_down(request, moderator, number, sent)
        return redirect("case_work", number)
    if _add(request, moderator, number, add_form) or _remove(request, moderator, number, form):
        return redirect("case_work", number)
    context = {
        "file": file,
        "remove_form": form,
        "add_form": add_form,
        "refusal_form": RefusalForm(),
        "proposal": proposal(file.status.key),
        "complaint": complaint_of(moderator.person, file.status.key),
        "page_language": LANGUAGES.get(file.status.language, ""),
        "notes": notes_of(file.status.key),
        "address": address_of(file.contact or {}),
        "me": moderator.id,
        "hidden": [i for i in file.items if i.state is ItemState.HIDDEN],
        "details": [(LABELS.get(k, k), _plainly(v)) for k, v in file.details.items()],
        "near": _near(moderator.person, {i.id for i in file.items}),
        "late": LATE_REASONS if file.status.is_late(clock.now()) else (),
        "misuse": finding_of(file.status.key),
        "is_open": file.status.state not in (CaseState.DECIDED, CaseState.CLOSED),
    } | leased("case", file.status.number, moderator)
    response = form_page(request, "staff/case.html", add_form if adding else form, context)
    response["Cache-Control"] = "no-store"
    return response


def _add(request: HttpRequest, moderator: Member, number: str, form: AddForm) -> bool:
    if form.is_valid():
        with form.catching():
            joined = add_to_case(moderator, number, form.cleaned_data["item"])
            messages.success(request, f"Hidden and added to the case: {joined}, copies included.")
            return True
    return False


def _remove(request: HttpRequest, moderator: Member, number: str, form: RemoveForm) -> bool:
    if form.is_valid():
        with form.catching():
            removed = remove_in_case(moderator, number)
            things = "item" if removed == 1 else "items"
            messages.success(request, f"{removed} {things} removed for good. The case is decided.")
            return True
    return False


def _turn_down(request: HttpRequest, moderator: Member, number: str, sent: QueryDict) -> None:
    try:
        if sent.get("action") == "agree":
            back = agree_to_refusal(moderator, number)
            messages.success(request, f"Turned down. {back} items are back where they were.")
            return
        form = RefusalForm(sent)
        if not form.is_valid():
            messages.warning(request, "Please choose one of the four reasons.")
            return
        propose_refusal(moderator, number, Ground(form.cleaned_data["ground"]))
        messages.success(request, "Proposed. Somebody else has to agree.")
    except Refused as refused:
        messages.error(request, refused.refusal.sentence)


def _answer_complaint(request: HttpRequest, moderator: Member, number: str, upheld: bool) -> None:
    try:
        hidden = answer_complaint(moderator, number, upheld=upheld)
        words = f"{hidden} items are hidden again, and the clock runs anew." if upheld else ""
        messages.success(request, words or "Answered: the decision stands.")
    except Refused as refused:
        messages.error(request, refused.refusal.sentence)


def _explain(request: HttpRequest, moderator: Member, number: str, why: str) -> None:
    try:
        explain_late(moderator, number, why)
        messages.success(request, "Noted. The public report counts it, without the case.")
    except Refused as refused:
        messages.error(request, refused.refusal.sentence)


def _look(request: HttpRequest, moderator: Member, number: str, *, hides: bool) -> None:
    try:
        if hides:
            hidden = hide_named(moderator, number)
            messages.success(request, f"Hidden: {hidden}, copies included.")
            return
        note_looked(moderator, number)
        messages.success(request, "Noted. Nothing more hides by itself in this case.")
    except Refused as refused:
        messages.error(request, refused.refusal.sentence)


def _talk(request: HttpRequest, moderator: Member, number: str, sent: QueryDict) -> None:
    try:
        if sent.get("action") == "write":
            write_to_person(moderator, number, sent.get("text", ""))
            messages.success(request, "Left for them on their page.")
            return
        if sent.get("action") == "minor":
            mark_minor(moderator, number)
            messages.success(request, "It is on the path for minors. The operators were told.")
            return
        confirm_reached(moderator, number)
        messages.success(request, "Noted: they are reached that way.")
    except Refused as refused:
        messages.error(request, refused.refusal.sentence)


def _near(viewer: Person, item_ids: set[str]) -> list[tuple[ItemView, str, int]]:
    """What the fingerprints find like the case's items and is not in the case: (item, how it is
    like one of them, how much of a hundred). For a person to look at; nothing hides by this."""
    found: dict[str, tuple[str, float]] = {}
    for item_id in sorted(item_ids):
        for _, near in matches_of(item_id):
            if near.item not in item_ids and near.similarity > found.get(near.item, ("", 0))[1]:
                found[near.item] = (near.relation, near.similarity)
    seen = [(queries.item_facts(i), *told) for i, told in found.items()]
    listed = [(item[0], relation, round(100 * share)) for item, relation, share in seen if item]
    return sorted(
        [one for one in listed if not one[0].state.is_gone], key=lambda one: -one[2]
    )  # fmt: skip


def _plainly(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
