"""Keyed digests: names, files and PINs are stored only under a key kept apart from the data."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings

KEY_VERSION = "k1"


def keyed_digest(purpose: str, text: str) -> str:
    """Return HMAC-SHA-256 of the text in hex, under the key for this purpose and version."""
    key = hmac.digest(
        settings.DIGEST_KEY.encode(), f"{KEY_VERSION}:{purpose}".encode(), hashlib.sha256
    )
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def same(left: str, right: str) -> bool:
    """Return whether two digests are equal, in a time that does not depend on them."""
    return hmac.compare_digest(left, right)


def file_digests(sha256: str, tensor_hash: str) -> list[tuple[str, str]]:
    """Return (digest, kind) for the hashes of a file that staydown compares."""
    pairs = (("sha256", sha256), ("tensors", tensor_hash))
    return [(keyed_digest(kind, value), kind) for kind, value in pairs if value]
