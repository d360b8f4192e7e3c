"""Bearer tokens, and the limits on how often one may be used."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.security import HttpBearer

from assent.core.access import STRANGER, Person
from assent.gateways.limits import address_key, spend
from assent.people.queries import Member, by_token


class Token(HttpBearer):
    """Requires a known token; the member is `request.auth`."""

    def authenticate(self, request: HttpRequest, token: str) -> Member | None:
        """Return the token's member, or None; each write counts against their limit."""
        found = by_token(token)
        if found is None:
            # Guessing is counted by where it comes from, under a key that is forgotten daily.
            spend("status", f"token:{address_key(request)}")
        elif request.method not in ("GET", "HEAD"):
            spend("write", f"user:{found.id}")
        return found


def member_of(request: HttpRequest) -> Member:
    """Return the signed-in member of a route behind `Token`."""
    found = getattr(request, "auth", None)
    assert isinstance(found, Member), "this route is behind a token"
    return found


def viewer_of(request: HttpRequest) -> Person:
    """Return who looks at an open route: the token's member where a valid one was sent."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    found = by_token(token) if kind.lower() == "bearer" and token else None
    return found.person if found else STRANGER
