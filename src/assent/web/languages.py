"""Which language a page for somebody who asks for a takedown is in, without a cookie."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext, override
from django.utils.translation.trans_real import parse_accept_lang_header

from assent.core.languages import ENGLISH, LANGUAGES, direction, first_known

View = Callable[..., HttpResponse]
CHECKED = "checked.json"


def language_of(request: HttpRequest) -> str:
    """Return the language that the address asks for, else the best one that the browser names."""
    wanted = [
        code for code, _ in parse_accept_lang_header(request.headers.get("Accept-Language", ""))
    ]
    return first_known([request.GET.get("lang", ""), *wanted])


def spoken(view: View) -> View:
    """Answer in the visitor's language."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        language = language_of(request)
        with override(language):
            response = view(request, *args, **kwargs)
        response["Content-Language"] = language
        patch_vary_headers(response, ["Accept-Language"])
        return response

    return wrapped


@cache
def ways_in() -> tuple[tuple[str, str, str], ...]:
    """Return code, direction and words of the way to the takedown form in each other language: for
    somebody who cannot read the page that they are on."""
    found = []
    for code in LANGUAGES:
        if code != ENGLISH:
            with override(code):
                found.append((code, direction(code), gettext("Request a takedown")))
    return tuple(found)


def mark(text: str, translated: str) -> str:
    """Return what stands for one translation of one text: a change of either makes it another."""
    return hashlib.sha256(f"{text}\0{translated}".encode()).hexdigest()[:16]


def is_checked(language: str, text: str, translated: str) -> bool:
    """Return whether somebody who speaks the language has checked this translation."""
    return mark(text, translated) in _checked().get(language, frozenset())


@cache
def _checked() -> dict[str, frozenset[str]]:
    path = Path(settings.LOCALE_PATHS[0]) / CHECKED
    return {code: frozenset(marks) for code, marks in json.loads(path.read_text()).items()}
