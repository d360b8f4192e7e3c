"""Whether a request that was turned down was plainly without ground, for the staff."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from assent.casework.misuse import finding_of, judged, took_part
from assent.casework.queries import case_file
from assent.core.misuse import COUNTS_FOR, FINDINGS_NEEDED, Step, finding_refusal
from assent.core.terms import Refused
from assent.flows.find_misuse import (
    agree_to_misuse,
    drop_misuse,
    foreseen_step,
    propose_misuse,
)
from assent.flows.object_misuse import answer_objection
from assent.gateways import clock
from assent.people.queries import Member
from assent.web.forms.staff import MisuseForm
from assent.web.pages import form_page
from assent.web.viewer import member

WORDS = {
    Step.WARNING: "It is a warning: nothing changes for whoever sent it.",
    Step.BRAKE: "For 30 days, a person looks before something hides where a request gives this "
    "contact; if nobody has looked within the hour, it hides by itself.",
}


@require_http_methods(["GET", "HEAD", "POST"])
def misuse(request: HttpRequest, number: str) -> HttpResponse:
    """Propose it, agree, or answer an objection."""
    moderator = member(request)
    file = case_file(moderator.person, number)
    action = request.POST.get("action", "") if request.method == "POST" else ""
    form = MisuseForm(request.POST if action == "propose" else None)
    if action and action != "propose":
        _act(request, moderator, number, action)
        return redirect("misuse", number)
    if form.is_valid():
        with form.catching():
            propose_misuse(moderator, number, form.cleaned_data["reason"])
            messages.success(request, "Proposed. Somebody else has to agree.")
            return redirect("misuse", number)
    found = finding_of(file.status.key)
    waits = found is not None and found.waits
    context = {
        "file": file,
        "form": form,
        "found": found,
        "refusal": None if found else finding_refusal(judged(file.status.key)),
        "foreseen": WORDS[foreseen_step(file, clock.now())] if waits else "",
        "follows": WORDS[found.step] if found and found.step else "",
        "may_agree": waits
        and moderator.id not in {found.by if found else 0} | took_part(file.status.key),
        "may_answer": found is not None and moderator.id not in (found.by, found.agreed_by),
        "needed": FINDINGS_NEEDED,
        "days": COUNTS_FOR.days,
    }
    response = form_page(request, "staff/misuse.html", form, context)
    response["Cache-Control"] = "no-store"
    return response


def _act(request: HttpRequest, moderator: Member, number: str, action: str) -> None:
    try:
        if action == "agree":
            messages.success(request, f"Found. {WORDS[agree_to_misuse(moderator, number)]}")
        elif action == "drop":
            drop_misuse(moderator, number)
            messages.success(request, "Dropped. Nothing follows.")
        elif action in ("uphold", "reject"):
            answer_objection(moderator, number, upheld=action == "uphold")
            messages.success(request, "Answered.")
    except Refused as refused:
        messages.error(request, refused.refusal.sentence)
