"""Sends statements of reasons to the EU's transparency database, where the operator switched it on.

The interface is that of the documentation of 2026: `POST {address}/api/v1/statements` with
at most 100 statements, a bearer token, 201 when all were taken and 422 when one was not. It was
tried against a stand-in that speaks it, never against the real service.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

import urllib3
from django.conf import settings

TIMEOUT = urllib3.Timeout(connect=5, read=20)
_HERE = ("127.0.0.1", "localhost", "::1")


class Taken(StrEnum):
    """What the database said of what was sent."""

    ALL = "all"
    NOT_ALL = "not_all"
    LATER = "later"


def is_on() -> bool:
    """Whether the operator gave an address and a token."""
    return bool(settings.DSA_ADDRESS and settings.DSA_TOKEN)


def send(payloads: Sequence[Mapping[str, Any]]) -> Taken:
    """Send statements and return what became of them; never follows a redirect, and sends the token
    over https alone, unless to this very machine."""
    parts = urlsplit(settings.DSA_ADDRESS)
    if parts.scheme != "https" and parts.hostname not in _HERE:
        return Taken.LATER
    pool = urllib3.PoolManager(timeout=TIMEOUT, retries=False)
    try:
        answer = pool.request(
            "POST",
            f"{settings.DSA_ADDRESS.rstrip('/')}/api/v1/statements",
            body=json.dumps({"statements": list(payloads)}).encode(),
            headers={
                "Authorization": f"Bearer {settings.DSA_TOKEN}",
                "Accept": "application/json",
                "Content-Type": "application/json",
            },
            redirect=False,
        )
    except urllib3.exceptions.HTTPError:
        return Taken.LATER
    finally:
        pool.clear()
    return {201: Taken.ALL, 422: Taken.NOT_ALL}.get(answer.status, Taken.LATER)
