"""A signed statement beside a file: what it is, that AI made it, and which consent record it rests
on. It goes where the file goes, for kinds of file that have no room for such a line of their own.

The claims are signed as a compact JWS (RFC 7515) with the marketplace's published key. The digital
source type is IPTC's word for "came out of a trained model".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from assent.core.files.ai_mark import AI_MADE, RestsOn

TYPE = "assent-file+jwt"


class Agreement(StrEnum):
    """How a file and a statement go together."""

    SAME_BYTES = "same_bytes"
    SAME_TENSORS = "same_tensors"
    ANOTHER_FILE = "another_file"


def statement(
    issuer: str,
    at: datetime,
    *,
    sha256: str,
    tensor_hash: str,
    is_made_by_ai: bool,
    record: RestsOn | None,
) -> dict[str, Any]:
    """Return the claims about a stored file: its SHA-256, the hash of its tensors where it has
    some, its source and its consent record. No name, of a file or of anybody, is in it."""
    claims: dict[str, Any] = {"iss": issuer, "iat": int(at.timestamp()), "sha256": sha256}
    if tensor_hash:
        claims["tensors"] = tensor_hash
    if is_made_by_ai:
        claims["digitalSourceType"] = AI_MADE
    if record is not None:
        claims["consent"] = {"recordId": record.reference, "status": {"url": record.status_url}}
    return claims


def agreement(claims: Mapping[str, Any], sha256: str, tensor_hash: str) -> Agreement:
    """Return whether this is the file that the claims speak of, or one with the same tensors: a
    model is served with the record's lines in its metadata, so its SHA-256 is another one."""
    if claims.get("sha256") == sha256:
        return Agreement.SAME_BYTES
    if tensor_hash and claims.get("tensors") == tensor_hash:
        return Agreement.SAME_TENSORS
    return Agreement.ANOTHER_FILE
