"""The private link of somebody without an account: its secret opens one person's own pages.

The secret is in the address of one request alone, which answers with a redirect; from then on it
travels in a cookie that scripts cannot read, for these pages only and for an hour.
"""

from __future__ import annotations

from typing import TypeVar

from django.http import HttpRequest, HttpResponse

from assent.consent.invitations import InvitationView, by_link
from assent.gateways.secrets import link_digest

COOKIE = "private_link"
PATH = "/my-consent"
SECONDS = 3600
Answer = TypeVar("Answer", bound=HttpResponse)
# Not `no-referrer`: browsers then send forms with the origin "null", refused like a forgery.
HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin"}


def keep_secret(request: HttpRequest, response: HttpResponse, secret: str) -> HttpResponse:
    """Let the browser keep the secret for these pages."""
    response.set_cookie(
        COOKIE, secret, max_age=SECONDS, path=PATH, httponly=True, samesite="Lax",
        secure=request.is_secure(),
    )  # fmt: skip
    quiet(response)
    response["Referrer-Policy"] = "no-referrer"  # the address of this one answer holds the secret
    return response


def forget_secret(response: HttpResponse) -> HttpResponse:
    """Let the browser forget it."""
    response.delete_cookie(COOKIE, path=PATH)
    return quiet(response)


def invitation_of(request: HttpRequest) -> InvitationView | None:
    """Return the invitation whose secret this browser holds."""
    secret = request.COOKIES.get(COOKIE, "")
    return by_link(link_digest(secret)) if secret else None


def quiet(response: Answer) -> Answer:
    """Keep a page out of caches, and its address out of the next site's log."""
    for name, value in HEADERS.items():
        response[name] = value
    return response
