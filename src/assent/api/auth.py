"""Bearer tokens, and the limits on how often one may be used."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.security import HttpBearer

from assent.core.access import STRANGER, Person
from assent.people.queries import Member, by_token


class Token(HttpBearer):
    """Requires a known token; the member is `request.auth`."""

    def authenticate(self, request: HttpRequest, token: str) -> Member | None:
        """Return the token's member, or None."""
        return by_token(token)


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
