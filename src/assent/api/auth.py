"""Bearer tokens, and the limits on how often the API may be called."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.security import HttpBearer
from ninja.throttling import BaseThrottle

from assent.core.access import STRANGER, Person, Scope
from assent.core.terms import Refusal, RefusalKind, Refused
from assent.flows.note_token_use import note_token_use
from assent.gateways.limits import TooMany, address_key, spend
from assent.people.queries import Bearer, Member, by_token

READS = ("GET", "HEAD", "OPTIONS")
_READ_ONLY = Refusal(
    "read_only_token", "This token was made for reading only.", RefusalKind.NOT_ALLOWED
)


class Token(HttpBearer):
    """Requires a known token; its bearer is `request.auth`."""

    def authenticate(self, request: HttpRequest, token: str) -> Bearer | None:
        """Return the token's bearer, or None; refuse a write by a token that only reads."""
        found = by_token(token)
        if found is None:
            # Guessing is counted by where it comes from, under a key that is forgotten daily.
            spend("status", f"token:{address_key(request)}")
            return None
        if request.method not in READS and Scope.WRITE not in found.scopes:
            raise Refused(_READ_ONLY)
        note_token_use(found)
        return found


class Limit(BaseThrottle):
    """Counts every call: a member's by who they are, a stranger's by where they come from."""

    def allow_request(self, request: HttpRequest) -> bool:
        """Return whether the call may go on; if not, `request.too_many` says when."""
        name = "read" if request.method in READS else "write"
        bearer = getattr(request, "auth", None)
        known = f"user:{bearer.member.id}" if isinstance(bearer, Bearer) else ""
        try:
            spend(name, known or f"api:{address_key(request)}")
        except TooMany as refused:
            # The framework asks one object for all callers, so the wait travels with the request.
            request.too_many = refused  # type: ignore[attr-defined]
            return False
        return True


def bearer_of(request: HttpRequest) -> Bearer:
    """Return the bearer of a route behind `Token`."""
    found = getattr(request, "auth", None)
    assert isinstance(found, Bearer), "this route is behind a token"
    return found


def member_of(request: HttpRequest) -> Member:
    """Return the signed-in member of a route behind `Token`."""
    return bearer_of(request).member


def viewer_of(request: HttpRequest) -> Person:
    """Return who looks at an open route: the token's member where a valid one was sent."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    found = by_token(token) if kind.lower() == "bearer" and token else None
    return found.member.person if found else STRANGER
