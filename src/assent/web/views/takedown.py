"""The takedown form and the status of a case: no account, no cookies, no script needed.

Both are exempt from the CSRF token, which would need a cookie. That is safe here: neither form
acts for a log-in or reads a cookie, so a forged post can do nothing that its author could not do
by sending it themselves.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from assent.casework.status import CaseStatus, status_by_key
from assent.core.notices import ASK, Ground
from assent.core.terms import CaseState, Refusal, RefusalKind, Refused
from assent.flows.complain import complain
from assent.flows.erase_case import erase_case
from assent.flows.file_notice import file_notice
from assent.flows.find_case import find_case
from assent.gateways import clock, limits
from assent.gateways.secrets import seal, unseal
from assent.journal.queries import inclusion
from assent.web.forms.takedown import ITEM, StatusForm, TakedownForm
from assent.web.pages import form_page

View = Callable[..., HttpResponse]
TICKET_TIME = timedelta(minutes=30)
_OVER = Refusal(
    "page_over",
    "This page was open for a long time. Please type the number and the PIN again.",
    RefusalKind.CONFLICT,
)
STEPS = (
    (CaseState.RECEIVED, "We have your request"),
    (CaseState.HIDDEN, "What you named is hidden"),
    (CaseState.IN_REVIEW, "A person looks at it"),
    (CaseState.DECIDED, "It is decided"),
)
WHY: dict[Ground | None, str] = {
    Ground.NOT_THE_PERSON: "We could not see that it shows you, or the person you act for.",
    Ground.NOT_FOUND: "We searched and did not find what you told us about.",
    Ground.CONSENT: "There is a record, and the person shown told us that it stands.",
    Ground.NO_LIKENESS: "It does not show a real person.",
}
_ORDER = [step for step, _ in STEPS]


def unseen(view: View) -> View:
    """Keep a page out of caches, and its address out of the next site's log."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return wrapped


@csrf_exempt
@unseen
@require_http_methods(["GET", "HEAD", "POST"])
def takedown(request: HttpRequest) -> HttpResponse:
    """Ask for something to be taken down."""
    if request.method != "POST":
        return form_page(request, "takedown/form.html", TakedownForm(initial=_named(request)))
    form = TakedownForm(request.POST)
    after = _spend("takedown", request, form)
    if not after and form.is_valid():
        with form.catching():
            receipt = file_notice(form.notice())
            asked = [ASK[name] for name in receipt.missing]
            context = {"receipt": receipt, "asked": asked}
            return render(request, "takedown/receipt.html", context)
    return _answer(form_page(request, "takedown/form.html", form), after)


def _named(request: HttpRequest) -> dict[str, object]:
    item = request.GET.get("item", "")
    return {"where": item} if ITEM.fullmatch(item) else {}


def _spend(name: str, request: HttpRequest, form: TakedownForm | StatusForm) -> int:
    """Count this sender; when it is too much, say so in the form, which keeps what was typed."""
    try:
        limits.spend(name, limits.address_key(request))
    except limits.TooMany as refused:
        form.refuse(refused.refusal)
        return refused.after
    return 0


def _answer(response: HttpResponse, after: int) -> HttpResponse:
    if after:
        response["Retry-After"] = str(after)
    return response


@csrf_exempt
@unseen
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: HttpRequest, number: str = "") -> HttpResponse:
    """Show a case to whoever has its PIN. A wrong PIN and an unknown number look the same, and
    without a PIN the page says nothing about the number at all."""
    if request.method != "POST":
        return form_page(request, "takedown/status.html", StatusForm(initial={"number": number}))
    form = StatusForm(request.POST)
    after = _spend("status", request, form)
    if not after and form.is_valid():
        found = _find(form)
        if found is not None:
            return _page(request, found)
    return _answer(form_page(request, "takedown/status.html", form), after)


@csrf_exempt
@unseen
@require_POST
def case_act(request: HttpRequest) -> HttpResponse:
    """What the person does on the page of their case. The page carries a sealed ticket that names
    the case for half an hour, so that the PIN need not be in it."""
    limits.spend("status", limits.address_key(request))
    found = _of_ticket(request.POST.get("ticket", ""))
    act = ACTS.get(request.POST.get("action", ""))
    if found is None or act is None:
        form = StatusForm()
        over = {"refused": _OVER.sentence}
        response = form_page(request, "takedown/status.html", form, over)
        response.status_code = _OVER.kind.status
        return response
    return act(request, found)


def _page(request: HttpRequest, found: CaseStatus, **more: object) -> HttpResponse:
    until = clock.now() + TICKET_TIME
    ticket = seal("case-page", {"key": found.key, "until": until.isoformat()})
    context = {
        "case": found,
        "steps": _steps(found),
        "why": WHY.get(found.ground, ""),
        "ticket": "" if found.kept else ticket,
        **more,
    }
    return render(request, "takedown/case.html", context)


def _of_ticket(ticket: str) -> CaseStatus | None:
    inside = unseal("case-page", ticket)
    if not inside or datetime.fromisoformat(inside["until"]) < clock.now():
        return None
    try:
        return status_by_key(inside["key"])
    except Refused:
        return None


def _complain(request: HttpRequest, found: CaseStatus) -> HttpResponse:
    text = request.POST.get("text", "")
    try:
        complain(found, text)
    except Refused as refused:
        return _page(request, found, refused=refused.refusal.sentence, text=text)
    return _page(request, status_by_key(found.key), said="We have your complaint.")


def _erase(request: HttpRequest, found: CaseStatus) -> HttpResponse:
    if "sure" not in request.POST:
        return _page(request, found, refused="Please tick the line above the button first.")
    erase_case(found, protection="protection" in request.POST)
    return render(request, "takedown/erased.html", {"protection": "protection" in request.POST})


def _proof(request: HttpRequest, found: CaseStatus) -> HttpResponse:
    proof = inclusion(found.key)
    if not proof["proofs"]:
        later = "The journal’s root is published once a day. Please come back tomorrow."
        return _page(request, found, refused=later)
    response = HttpResponse(json.dumps(proof, indent=1), content_type="application/json")
    response["Content-Disposition"] = 'attachment; filename="proof.json"'
    return response


ACTS: dict[str, Callable[[HttpRequest, CaseStatus], HttpResponse]] = {
    "complain": _complain,
    "erase": _erase,
    "proof": _proof,
}


def _find(form: StatusForm) -> CaseStatus | None:
    data = form.cleaned_data
    try:
        return find_case(data["number"], data["pin"])
    except Refused as refused:
        form.refuse(refused.refusal)
        return None


def _steps(found: CaseStatus) -> list[tuple[str, bool]]:
    reached = _ORDER.index(found.state) if found.state in _ORDER else len(_ORDER)
    hidden_nothing = found.hidden == 0
    return [
        (words, i <= reached)
        for i, (step, words) in enumerate(STEPS)
        if not (step is CaseState.HIDDEN and hidden_nothing)
    ]
