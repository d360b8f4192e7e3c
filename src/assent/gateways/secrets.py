"""Keyed digests: names, files and PINs are stored only under a key kept apart from the data."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from assent.core.screening.keyed_names import NameKey

KEY_VERSION = "k1"


def keyed_digest(purpose: str, text: str) -> str:
    """Return HMAC-SHA-256 of the text in hex, under the key for this purpose and version."""
    return hmac.new(_key(purpose), text.encode(), hashlib.sha256).hexdigest()


def day_salt(purpose: str, day: date) -> str:
    """Return a salt that is another one every day. It gives nothing away of the key or of another
    day's, so that it can be shown once the day is over."""
    return keyed_digest(f"salt:{purpose}", day.isoformat())


def _key(purpose: str) -> bytes:
    text = f"{KEY_VERSION}:{purpose}".encode()
    return hmac.digest(settings.DIGEST_KEY.encode(), text, hashlib.sha256)


def name_keys() -> dict[str, NameKey]:
    """Return the keys of protected names by version: the one in use and, where set, the next."""
    keys = {KEY_VERSION: settings.DIGEST_KEY}
    if settings.NEXT_DIGEST_KEY:
        keys[f"{KEY_VERSION}+1"] = settings.NEXT_DIGEST_KEY
    return {version: NameKey(_name_key(version, key)) for version, key in keys.items()}


def _name_key(version: str, key: str) -> bytes:
    return hmac.digest(key.encode(), f"{version}:protected-name".encode(), hashlib.sha256)


def sealed(purpose: str, text: str) -> str:
    """Return the text encrypted under the key for this purpose: what must be read again, such as
    the secret that an authenticator app shares with us."""
    return Fernet(base64.urlsafe_b64encode(_key(purpose))).encrypt(text.encode()).decode()


def unsealed(purpose: str, text: str) -> str:
    """Return what was sealed; cryptography.fernet.InvalidToken where the key is another."""
    return Fernet(base64.urlsafe_b64encode(_key(purpose))).decrypt(text.encode()).decode()


def seal(purpose: str, content: Mapping[str, Any]) -> str:
    """Return JSON values sealed under the key for this purpose."""
    return sealed(purpose, json.dumps(content))


def unseal(purpose: str, text: str) -> dict[str, Any]:
    """Return sealed values; {} for what was emptied or sealed under a key that is gone."""
    try:
        return dict(json.loads(unsealed(purpose, text)))
    except (InvalidToken, ValueError):
        return {}


def link_digest(secret: str) -> str:
    """Return what is stored of a private link's secret."""
    return keyed_digest("link", secret.strip().lower())


def same(left: str, right: str) -> bool:
    """Return whether two digests are equal, in a time that does not depend on them."""
    return hmac.compare_digest(left, right)


def pin_digest(pin: str) -> str:
    """Return what is stored of a PIN, however it was typed. It has 80 random bits, so a digest
    without a key gives nothing away, and the status page works whatever happens to our keys."""
    plain = "".join(c for c in pin.upper() if c.isalnum())
    return hashlib.sha256(b"assent-pin:" + plain.encode()).hexdigest()
