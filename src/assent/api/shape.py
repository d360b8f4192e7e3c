"""The one error shape, and the status code of each family of refusals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Schema

from assent.core.casework import Placement, Ruling
from assent.core.terms import ItemState


class Error(Schema):
    """What every refused call answers."""

    code: str
    message: str
    fields: dict[str, str]
    retry: bool


# What every call may answer, and every call behind a token beside that.
ALWAYS: dict[int, type[Schema]] = {429: Error}
SIGNED: dict[int, type[Schema]] = {401: Error, **ALWAYS}


class Placed(Schema):
    """Where the item is now: open (or published) at once, or held for a person to look at."""

    id: str
    state: str


def placed(item_id: str, ruling: Ruling, published: ItemState) -> tuple[int, dict[str, Any]]:
    """Return status and body for what was screened; `published` is `open` for a bounty."""
    if ruling.placement is Placement.PUBLISH:
        return 201, {"id": item_id, "state": published}
    if ruling.placement is Placement.HOLD:
        return 202, {"id": item_id, "state": ItemState.HELD}
    return 422, {
        "code": ruling.code,
        "message": ruling.sentence,
        "fields": {},
        "retry": False,
        "id": item_id,
    }


def error(
    status: int, code: str, message: str, fields: dict[str, str] | None = None, retry: bool = False
) -> HttpResponse:
    """Return the error shape as a response that nobody caches."""
    body = {"code": code, "message": message, "fields": fields or {}, "retry": retry}
    return JsonResponse(body, status=status, headers={"Cache-Control": "no-store"})


_WORDS = {
    404: ("not_found", "There is nothing at this address."),
    405: ("wrong_method", "This address does not take this method."),
    413: ("too_large", "This is larger than what is taken here."),
    500: ("our_fault", "Something broke on our side. Nothing was changed."),
}


class JsonErrors:
    """Middleware: what the framework itself answers under /api/ gets the one shape too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Reshape a bare error of the API."""
        if request.path.startswith("/api/") and "\x00" in request.path:
            return error(404, *_WORDS[404])
        response = self._get_response(request)
        if not request.path.startswith("/api/") or response.status_code < 400:
            return response
        if "json" in response.headers.get("Content-Type", ""):
            return response
        code, message = _WORDS.get(response.status_code, ("refused", "This was refused."))
        return error(response.status_code, code, message, retry=response.status_code >= 500)
