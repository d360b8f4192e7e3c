"""A member's own account: where it begins, and where they are signed in."""

from __future__ import annotations

import re

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from assent.flows.end_sessions import end_sessions
from assent.gateways import clock
from assent.people.queries import sessions_of
from assent.web.second_factor import has_one
from assent.web.viewer import member

BROWSERS = {
    "Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari",
}  # fmt: skip
SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux")


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """What somebody can do with their account."""
    who = member(request)
    context = {"member": who, "has_factor": has_one(who.id)}
    return render(request, "account/overview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """Where the member is signed in; POST signs out one browser, or all others."""
    who = member(request)
    this = request.session.session_key or ""
    if request.method == "POST":
        only = request.POST.get("session", "")
        ended = end_sessions(who, this, int(only) if re.fullmatch(r"\d{1,18}", only) else None)
        them = "one browser" if ended == 1 else f"{ended} browsers"
        messages.success(request, f"Signed out of {them}.")
        return redirect("sessions")
    found = sessions_of(who.id, this, clock.now())
    return render(
        request,
        "account/sessions.html",
        {"sessions": [(one, browser_name(one.browser)) for one in found]},
    )


def browser_name(agent: str) -> str:
    """Return a browser's name as its owner would say it, from the header that it sent."""
    browser = next((name for mark, name in BROWSERS.items() if f"{mark}/" in agent), "A program")
    system = next((name for name in SYSTEMS if name in agent), "")
    return f"{browser} on {system}" if system else browser
