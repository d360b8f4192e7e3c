"""Pages that say no, each with the status that a refusal stands for."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode

from assent.core.terms import Refusal, RefusalKind
from assent.web.second_factor import role_rests, way_to_prove

TITLES = {
    400: "Your browser sent something that we cannot read",
    401: "Please sign in",
    403: "This is not open to you",
    404: "There is nothing here",
    409: "That does not fit any more",
    410: "This is gone",
    411: "Your browser did not say how much it sends",
    413: "This is too large",
    422: "Some of this needs another look",
    429: "That was a lot at once",
    503: "This is not available right now",
}
ROLE_RESTS = "Your role rests until you have proved a second factor. Please do so here."
_TOO_MANY_FILES = (
    "This has more files or fields than a form here takes. Please send fewer at a time."
)


def page(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    """Return the page for a status, never stored: nothing gone may live on in a cache."""
    context = {"status": status, "title": TITLES[status], "sentence": sentence}
    response = render(request, "error.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def refusal_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Return what a refusal looks like: its page, or the way to the sign-in page."""
    if refusal.kind is RefusalKind.SIGN_IN:
        return redirect(f"{reverse('account_login')}?{urlencode({'next': _back_to(request)})}")
    if refusal.kind is RefusalKind.NOT_ALLOWED and role_rests(request):
        messages.warning(request, ROLE_RESTS)
        return redirect(way_to_prove(request, _back_to(request)))
    return page(request, refusal.kind.status, refusal.sentence)


def _back_to(request: HttpRequest) -> str:
    """Where to go on after signing in: a form that was sent cannot be sent again by a link."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    came_from = urlsplit(request.headers.get("Referer", ""))
    return came_from.path if came_from.netloc == request.get_host() else "/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or the reason why a form was too much."""
    if isinstance(exception, TooManyFilesSent | TooManyFieldsSent):
        return page(request, 413, _TOO_MANY_FILES)
    if isinstance(exception, RequestDataTooBig):
        return page(request, 413, "This is more text than a form here takes.")
    return page(request, 400, "Please go back, reload the page and try again.")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return page(request, 403, "You may not see this page.")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return page(request, 404, "The address may be mistyped, or the page has moved.")


def too_many(request: HttpRequest) -> HttpResponse:
    """429 from the sign-in library: too many tries at a password, a number or a letter."""
    response = page(request, 429, "Please wait a few minutes and try again.")
    response["Retry-After"] = "300"
    return response


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 when a form's token is missing or old."""
    return page(
        request,
        403,
        "This form had gone stale, or cookies are switched off. "
        "Please go back, reload the page and send it again.",
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500: drawn without the database, which may be what is broken."""
    return HttpResponse(render_to_string("500.html"), status=500)
