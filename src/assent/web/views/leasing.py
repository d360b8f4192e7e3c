"""Taking a piece of the queue, and letting go of it."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from assent.casework.leases import lease_of
from assent.core.terms import Refusal, RefusalKind, Refused
from assent.flows.take_work import give_up_work, take_work
from assent.gateways import clock
from assent.people.queries import Member
from assent.web.viewer import member

# The kinds of work, each with the page on which it is done.
PAGES = {
    "item": "held",
    "case": "case_work",
    "report": "report_work",
    "appeal": "appeal_work",
    "cashout": "cashout",
}
_SUBJECT = re.compile(rf"({'|'.join(PAGES)}):([0-9A-Za-z-]{{1,24}})")
_NOT_FOUND = Refusal("not_found", "There is nothing here that you can see.", RefusalKind.NOT_FOUND)


@require_POST
def lease(request: HttpRequest) -> HttpResponse:
    """Take a piece of work or let go of it, and return to its page or to the queue."""
    who = member(request)
    subject = request.POST.get("subject", "")
    found = _SUBJECT.fullmatch(subject)
    if found is None:
        raise Refused(_NOT_FOUND)
    if request.POST.get("action") == "release":
        give_up_work(who, subject)
        messages.success(request, "Somebody else can take it now.")
        return redirect("queue")
    try:
        until = take_work(who, subject)
        messages.success(request, f"It is yours until {until:%H:%M} UTC.")
    except Refused as refused:
        if refused.refusal.code != "work_taken":
            raise
        messages.error(request, refused.refusal.sentence)
        return redirect("queue")
    return redirect(reverse(PAGES[found[1]], args=[found[2]]))


def leased(kind: str, number: str, who: Member) -> dict[str, Any]:
    """Return what a page of work says about who has it."""
    subject = f"{kind}:{number}"
    held = lease_of(subject, clock.now())
    return {
        "work_subject": subject,
        "lease": held,
        "lease_mine": held is not None and held.holder == who.id,
    }
