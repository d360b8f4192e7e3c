"""The JSON API: one error shape, bearer tokens, and the same flows as the pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

import assent
from assent.api import bounties, comments, items, listings, me, sales, takedowns, wallet
from assent.api.auth import Limit
from assent.api.document import HouseAPI
from assent.api.parser import StorableParser
from assent.api.shape import error
from assent.core.terms import Refused
from assent.gateways.limits import TooMany

api = HouseAPI(
    title="Assent",
    version=assent.__version__,
    urls_namespace="api",
    docs_url=None,
    parser=StorableParser(),
    throttle=[Limit()],
    description="Commission generative-AI work. A real person's likeness needs their consent.",
)
api.add_router("/bounties", bounties.router, tags=["bounties"])
api.add_router("/wallet", wallet.router, tags=["wallet"])
api.add_router("/takedowns", takedowns.router, tags=["takedowns"])
api.add_router("", me.router, tags=["you"])
api.add_router("/items", items.router, tags=["items"])
api.add_router("/items", comments.router, tags=["comments"])
api.add_router("", listings.router, tags=["listings"])
api.add_router("", sales.router, tags=["sales"])


@api.exception_handler(Refused)
def refused(request: HttpRequest, exc: Refused) -> HttpResponse:
    """An expected no."""
    refusal = exc.refusal
    answer = error(
        refusal.kind.status, refusal.code, refusal.sentence, dict(refusal.fields), refusal.retry
    )
    if isinstance(exc, TooMany):
        answer["Retry-After"] = str(exc.after)
    return answer


@api.exception_handler(Throttled)
def too_often(request: HttpRequest, exc: Throttled) -> HttpResponse:
    """Too many calls, as `Limit` counted them."""
    return refused(request, request.too_many)  # type: ignore[attr-defined]  # by Limit


@api.exception_handler(ValidationError)
def malformed(request: HttpRequest, exc: ValidationError) -> HttpResponse:
    """A request that does not have the documented shape."""
    fields = {_field(e): str(e.get("msg", "")) for e in exc.errors}
    return error(422, "malformed", "Some of this does not have the expected shape.", fields)


@api.exception_handler(AuthenticationError)
def unknown_token(request: HttpRequest, exc: AuthenticationError) -> HttpResponse:
    """No token, or one that we do not know."""
    return error(401, "sign_in", "Send a token: `Authorization: Bearer …`. See the docs.")


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, exc: HttpError) -> HttpResponse:
    """A request that the framework itself refused, such as a body that is not JSON."""
    return error(exc.status_code, "malformed", str(exc))


def _field(found: dict[str, Any]) -> str:
    path = [str(p) for p in found.get("loc", ()) if p not in ("body", "payload", "form", "query")]
    return ".".join(path) or "body"
