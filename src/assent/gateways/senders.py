"""The senders whose removal notices are taken: a file for each, which the operator put there.

`NAME.json` is that site's published key set with its address beside it:
`{"issuer": "https://other.example", "keys": [...]}`. No key is ever fetched.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from assent.gateways.signing import UnverifiedError, verified

FILE_BYTES_MAX = 65_536


@dataclass(frozen=True, slots=True)
class Sender:
    """A listed sender; a file that cannot be read has no issuer, and nothing of theirs is taken."""

    name: str
    issuer: str
    keys: Mapping[str, Any]


def listed() -> list[Sender]:
    """Return the listed senders by name."""
    folder = Path(settings.REMOVAL_SENDERS)
    paths = sorted(folder.glob("*.json")) if folder.is_dir() else []
    return [_sender(path) for path in paths]


def _sender(path: Path) -> Sender:
    try:
        if path.stat().st_size > FILE_BYTES_MAX:
            raise ValueError("too large")
        found = json.loads(path.read_text())
        issuer, keys = str(found["issuer"]).rstrip("/"), {"keys": list(found["keys"])}
    except (OSError, ValueError, KeyError, TypeError):
        return Sender(path.stem[:60], "", {})
    return Sender(path.stem[:60], issuer, keys)


def sender_of(signed: str) -> Sender | None:
    """Return the listed sender whom a signed text claims to come from; None for anybody else. That
    it does come from them is shown by `claims_of` alone."""
    issuer = _claimed_issuer(signed)
    return next((one for one in listed() if issuer and one.issuer == issuer), None)


def claims_of(signed: str, sender: Sender, kind: str) -> dict[str, Any] | None:
    """Return what a sender signed as this kind; None where the signature does not hold."""
    try:
        return verified(signed, kind, sender.keys)
    except UnverifiedError:
        return None


def _claimed_issuer(signed: str) -> str:
    try:
        _, body, _ = signed.split(".")
        found = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        issuer = found["iss"] if isinstance(found, dict) else ""
    except (ValueError, KeyError, binascii.Error, RecursionError):
        return ""
    return issuer.rstrip("/") if isinstance(issuer, str) else ""
