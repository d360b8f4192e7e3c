"""The page of a case for whoever has its PIN, and what they do there: no account, no cookies, no
script needed.

Exempt from the CSRF token, which would need a cookie: what is sent is either the PIN or a sealed
ticket that only the page itself holds, so nobody can forge it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from assent.casework.misuse import finding_of
from assent.casework.queries import notes_of
from assent.casework.status import CaseStatus, status_by_key
from assent.core.notices import Ground
from assent.core.terms import CaseState, Refusal, RefusalKind, Refused
from assent.flows.complain import complain
from assent.flows.complete_notice import Filled, complete_notice
from assent.flows.confirm_contact import change_contact, confirm_contact
from assent.flows.erase_case import erase_case
from assent.flows.find_case import find_case
from assent.flows.object_misuse import object_to_misuse
from assent.flows.seal_evidence import seal_evidence
from assent.flows.write_in_case import write_to_us
from assent.gateways import clock, limits
from assent.gateways.letters import BOX
from assent.gateways.secrets import seal, unseal
from assent.journal.queries import inclusion, told_in_case
from assent.web.forms.takedown import StatusForm, TakedownForm
from assent.web.pages import form_page
from assent.web.quiet import later, spend, unseen

TICKET_TIME = timedelta(minutes=30)
OVER = Refusal(
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
TICK_FIRST = "Please tick the line above the button first."
TOMORROW = "The journal’s root is published once a day. Please come back tomorrow."
CONFIRM_FIRST = "Please show first that we reach you, with the code from our letter."
COMPLETED = "Thank you. We have it."
COMPLAINT_KEPT, MESSAGE_KEPT = "We have your complaint.", "We have your message."
CODE_SENT = "Changed. If you gave an address, a letter with a code is on its way."
CONFIRMED = "Thank you. We know now that we reach you."
# Every sentence of this file, so that a test finds those without a translation.
SENTENCES = (
    OVER.sentence, *(words for _, words in STEPS), *WHY.values(), TICK_FIRST, TOMORROW,
    CONFIRM_FIRST, COMPLAINT_KEPT, MESSAGE_KEPT, CODE_SENT, CONFIRMED, COMPLETED,
)  # fmt: skip
TURNED_DOWN = "turned_down"
_ORDER = [step for step, _ in STEPS]


@csrf_exempt
@unseen
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: HttpRequest, number: str = "") -> HttpResponse:
    """Show a case to whoever has its PIN. A wrong PIN and an unknown number look the same, and
    without a PIN the page says nothing about the number at all."""
    if request.method != "POST":
        return form_page(request, "takedown/status.html", StatusForm(initial={"number": number}))
    form = StatusForm(request.POST)
    after = spend("status", request, form)
    if not after and form.is_valid():
        found = _find(form)
        if found is not None:
            return _page(request, found)
    return later(form_page(request, "takedown/status.html", form), after)


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
        over = {"refused": OVER.sentence}
        response = form_page(request, "takedown/status.html", StatusForm(), over)
        response.status_code = OVER.kind.status
        return response
    return act(request, found)


def _page(request: HttpRequest, found: CaseStatus, **more: object) -> HttpResponse:
    until = clock.now() + TICKET_TIME
    ticket = seal("case-page", {"key": found.key, "until": until.isoformat()})
    context = {
        "case": found,
        "steps": _steps(found),
        "why": WHY.get(found.ground, ""),
        "given_back": bool(found.hidden) and found.outcome == TURNED_DOWN,
        "ticket": "" if found.kept else ticket,
        **({} if found.kept else _box(found)),
        **more,
    }
    return render(request, "takedown/case.html", context)


def _box(found: CaseStatus) -> dict[str, object]:
    told = [
        {"at": m.at, "words": BOX[m.template]} for m in told_in_case(found.key) if m.template in BOX
    ]
    about = finding_of(found.key)
    return {
        "told": told[::-1],
        "notes": notes_of(found.key),
        "missing_form": TakedownForm() if found.missing and not found.decided_at else None,
        "finding": about if about and not about.waits else None,
        "now": clock.now(),
    }


def _of_ticket(ticket: str) -> CaseStatus | None:
    inside = unseal("case-page", ticket)
    if not inside or datetime.fromisoformat(inside["until"]) < clock.now():
        return None
    try:
        return status_by_key(inside["key"])
    except Refused:
        return None


def _open(request: HttpRequest, found: CaseStatus) -> HttpResponse:
    return _page(request, found)


def _done(
    request: HttpRequest, found: CaseStatus, act: Callable[[], None], said: str, **typed: str
) -> HttpResponse:
    """Do it, and show the page with what became of it; what was typed is kept on a refusal."""
    try:
        act()
    except Refused as refused:
        response = _page(request, found, refused=refused.refusal.sentence, **typed)
        response.status_code = refused.refusal.kind.status
        return response
    return _page(request, status_by_key(found.key), said=said)


def _complete(request: HttpRequest, found: CaseStatus) -> HttpResponse:
    sent = request.POST
    filled = Filled(sent.get("relation", ""), "good_faith" in sent, sent.get("signature", ""))

    def act() -> None:
        complete_notice(found, filled)

    return _done(request, found, act, COMPLETED)


def _complain(request: HttpRequest, found: CaseStatus) -> HttpResponse:
    text = request.POST.get("text", "")
    return _done(request, found, lambda: complain(found, text), COMPLAINT_KEPT, text=text)


def _object(request: HttpRequest, found: CaseStatus) -> HttpResponse:
    text = request.POST.get("text", "")
    return _done(request, found, lambda: object_to_misuse(found, text), COMPLAINT_KEPT, text=text)


def _write(request: HttpRequest, found: CaseStatus) -> HttpResponse:
    text = request.POST.get("note", "")
    return _done(request, found, lambda: _sent(found, text), MESSAGE_KEPT, unsent=text)


def _sent(found: CaseStatus, text: str) -> None:
    write_to_us(found, text)


def _confirm(request: HttpRequest, found: CaseStatus) -> HttpResponse:
    code = request.POST.get("code", "")
    return _done(request, found, lambda: confirm_contact(found, code), CONFIRMED)


def _contact(request: HttpRequest, found: CaseStatus) -> HttpResponse:
    address = request.POST.get("address", "")
    return _done(request, found, lambda: change_contact(found, address), CODE_SENT)


def _erase(request: HttpRequest, found: CaseStatus) -> HttpResponse:
    if "sure" not in request.POST:
        return _page(request, found, refused=TICK_FIRST)
    erase_case(found, protection="protection" in request.POST)
    return render(request, "takedown/erased.html", {"protection": "protection" in request.POST})


def _proof(request: HttpRequest, found: CaseStatus) -> HttpResponse:
    proof = inclusion(found.key)
    if not proof["proofs"]:
        return _page(request, found, refused=TOMORROW)
    return _file(json.dumps(proof, indent=1).encode(), "application/json", "proof.json")


def _evidence(request: HttpRequest, found: CaseStatus) -> HttpResponse:
    if not found.confirmed:
        response = _page(request, found, refused=CONFIRM_FIRST)
        response.status_code = 403
        return response
    return _file(seal_evidence(found), "application/zip", "file.zip")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


ACTS: dict[str, Callable[[HttpRequest, CaseStatus], HttpResponse]] = {
    "open": _open,
    "complete": _complete,
    "complain": _complain,
    "object": _object,
    "write": _write,
    "confirm": _confirm,
    "contact": _contact,
    "erase": _erase,
    "proof": _proof,
    "evidence": _evidence,
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
    # Where it was turned down, nothing is hidden any more.
    hidden_nothing = found.hidden == 0 or found.outcome == TURNED_DOWN
    return [
        (words, i <= reached)
        for i, (step, words) in enumerate(STEPS)
        if not (step is CaseState.HIDDEN and hidden_nothing)
    ]
