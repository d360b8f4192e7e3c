"""The takedown form and the status of a case: no account, no cookies, no script needed.

Both are exempt from the CSRF token, which would need a cookie. That is safe here: neither form
acts for a log-in or reads a cookie, so a forged post can do nothing that its author could not do
by sending it themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from assent.casework.status import CaseStatus
from assent.core.notices import ASK, Ground
from assent.core.terms import CaseState, Refused
from assent.flows.file_notice import file_notice
from assent.flows.find_case import find_case
from assent.gateways import limits
from assent.web.forms.takedown import ITEM, StatusForm, TakedownForm
from assent.web.pages import form_page

View = Callable[..., HttpResponse]
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
            return render(
                request,
                "takedown/case.html",
                {"case": found, "steps": _steps(found), "why": WHY.get(found.ground, "")},
            )
    return _answer(form_page(request, "takedown/status.html", form), after)


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
