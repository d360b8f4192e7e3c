"""Idempotency keys: a repeated POST gets the first answer again and does nothing twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse

from assent.flows.answer_once import answer_once, answer_once_open
from assent.people.queries import Member

Answer = tuple[int, dict[str, Any]]


def once(request: HttpRequest, who: Member, act: Callable[[], Answer]) -> HttpResponse:
    """Run `act` once for each `Idempotency-Key` of this member; without a key, just run it. Either
    way it is one transaction: a call that is refused leaves nothing behind. What is kept is plain
    JSON, the same as what is answered."""
    key = request.headers.get("Idempotency-Key", "")

    def plain() -> Answer:
        status, body = act()
        return status, json.loads(json.dumps(body, cls=DjangoJSONEncoder))

    if not key:
        with transaction.atomic():
            status, body = plain()
    else:
        status, body = answer_once(who.id, key, _digest(request), plain)
    return JsonResponse(body, status=status)


def once_open(request: HttpRequest, act: Callable[[], Answer]) -> HttpResponse:
    """Do the same on a route that needs no token. Its answers are for the caller alone."""
    key = request.headers.get("Idempotency-Key", "")
    status, body = answer_once_open(key, _digest(request), act) if key else act()
    return JsonResponse(body, status=status, headers={"Cache-Control": "no-store"})


def _digest(request: HttpRequest) -> str:
    hasher = hashlib.sha256(f"{request.method} {request.path}\n".encode())
    if (request.content_type or "").startswith("multipart/"):
        for name in sorted(request.POST):
            hasher.update(f"{name}={request.POST.getlist(name)}\n".encode())
        for name, uploads in sorted(request.FILES.lists()):
            hasher.update(f"{name}={[(u.name, u.size) for u in uploads]}\n".encode())
    else:
        hasher.update(request.body)
    return hasher.hexdigest()
