"""What every request passes: the demo's guard, the size of a body, and refusals as pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string

from assent.core.terms import Refused
from assent.flows.absorb_notices import absorb_notices
from assent.gateways import intake, limits
from assent.people.queries import by_token
from assent.web import errors
from assent.web.viewer import viewer

GetResponse = Callable[[HttpRequest], HttpResponseBase]

LOOPBACK = ("127.0.0.1", "localhost", "::1")
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto")
UPLOADS = re.compile(
    r"/(?:bounties/[0-9a-z]{12}/enter|listings/new|listings/[0-9a-z]{12}/versions/new|api/v1/bounties/[0-9a-z]{12}/entries)/?"
)
# A page here asks for no camera, place or payment; only for passkeys, and only by itself.
PERMISSIONS = (
    "camera=(), microphone=(), geolocation=(), payment=(), usb=(), "
    "publickey-credentials-get=(self), publickey-credentials-create=(self)"
)
SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
# These two count their own senders, so that what was typed is kept when there were too many.
COUNT_THEMSELVES = ("takedown", "case", "case_find", "case_act")


class DemoGuard:
    """Keeps the demo, whose passwords everyone knows, on the machine that it runs on."""

    def __init__(self, get_response: GetResponse) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Refuse a request that came for another host, or through a proxy."""
        if settings.DEMO and not self._is_local(request):
            return HttpResponse(
                "This is a demo marketplace. It answers only on the machine that it runs on.\n",
                status=403,
                content_type="text/plain; charset=utf-8",
            )
        return self._next(request)

    @staticmethod
    def _is_local(request: HttpRequest) -> bool:
        host = urlsplit(f"//{request.META.get('HTTP_HOST', '')}").hostname
        return host in LOOPBACK and not any(name in request.headers for name in FORWARDED)


class WaitingNotices:
    """Brings notices that came while the database was away into it before anything is served."""

    def __init__(self, get_response: GetResponse) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer once nothing waits; where that cannot be done, serve only the takedown path."""
        if intake.waits() and not settings.TAKEDOWN_ONLY:
            try:
                absorb_notices()
            except (DatabaseError, InterfaceError):
                if not request.path.startswith(("/takedown", "/case", "/static/")):
                    return HttpResponse(render_to_string("500.html"), status=503)
        return self._next(request)


class BodyLimit:
    """Refuses what is too large by what the request says of itself, before any of it is read."""

    def __init__(self, get_response: GetResponse) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let a body of allowed length through."""
        if request.method in SAFE:
            return self._next(request)
        length = request.META.get("CONTENT_LENGTH") or ""
        if not length.isdigit() and "Transfer-Encoding" in request.headers:
            return self._refuse(request, 411, "Please send the length of what you upload.")
        size = int(length) if length.isdigit() else 0
        if size <= settings.MAX_FORM_BYTES:
            return self._next(request)
        if not UPLOADS.fullmatch(request.path) or not self._is_known(request):
            most = _megabytes(settings.MAX_FORM_BYTES)
            return self._refuse(request, 413, f"A form without files may hold {most} at most.")
        if size > settings.MAX_UPLOAD_BYTES:
            most = _megabytes(settings.MAX_UPLOAD_BYTES)
            return self._refuse(request, 413, f"All files of one upload may hold {most} together.")
        return self._next(request)

    @staticmethod
    def _is_known(request: HttpRequest) -> bool:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return by_token(token.strip()) is not None
        return viewer(request).id is not None

    @staticmethod
    def _refuse(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
        if request.path.startswith("/api/"):
            answer = {"code": "too_large", "message": sentence, "fields": {}, "retry": False}
            return JsonResponse(answer, status=status)
        return errors.page(request, status, sentence)


def _megabytes(count: int) -> str:
    return f"{count // 1024**2:,} MB"


class RefusalPages:
    """Turns a refusal into its page, counts what people send, and keeps pages out of caches."""

    def __init__(self, get_response: GetResponse) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and ask caches to come back to us: what is taken down must not live on there."""
        response = self._next(request)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: object, kwargs: object
    ) -> HttpResponse | None:
        """Count a request that writes against its sender's limit."""
        match = request.resolver_match
        is_own = match is not None and match.url_name in COUNT_THEMSELVES
        if request.method in SAFE or is_own or request.path.startswith("/api/"):
            return None
        person = viewer(request).id
        key = f"user:{person}" if person is not None else limits.address_key(request)
        try:
            limits.spend("write", key)
        except limits.TooMany as refused:
            return _too_many(request, refused)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn a refusal into its page; the API turns its own into JSON."""
        if not isinstance(exception, Refused) or request.path.startswith("/api/"):
            return None
        if isinstance(exception, limits.TooMany):
            return _too_many(request, exception)
        return errors.refusal_page(request, exception.refusal)


def _too_many(request: HttpRequest, refused: limits.TooMany) -> HttpResponse:
    response = errors.refusal_page(request, refused.refusal)
    response["Retry-After"] = str(refused.after)
    return response
