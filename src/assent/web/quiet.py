"""What the pages for people who ask for a takedown share: unseen, counted, in their language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps

from django.http import HttpRequest, HttpResponse

from assent.gateways import limits
from assent.web.forms.base import HouseForm
from assent.web.languages import spoken

# Without a number of minutes, so that it is one sentence in every language; a header has them.
TOO_MANY = "That was a lot at once. Please wait a little and try again. Nothing you sent is lost."
View = Callable[..., HttpResponse]


def unseen(view: View) -> View:
    """Keep a page out of caches, and its address out of the next site's log."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        response = spoken(view)(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return wrapped


def spend(name: str, request: HttpRequest, form: HouseForm) -> int:
    """Count this sender; when it is too much, say so in the form, which keeps what was typed.
    Return in how many seconds it is worth trying again, 0 when it was not too much."""
    try:
        limits.spend(name, limits.address_key(request))
    except limits.TooMany as refused:
        form.refuse(replace(refused.refusal, sentence=TOO_MANY))
        return refused.after
    return 0


def later(response: HttpResponse, after: int) -> HttpResponse:
    """Say when to try again, if it was too much."""
    if after:
        response["Retry-After"] = str(after)
    return response
