"""Signs and verifies consent records with the marketplace's own keys (JWS ES256, by joserfc).

Each key is a file in `keys/consent/`; the newest signs, all of them verify. The public halves are
published, so that anyone can verify a record without asking us.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

ALGORITHM = "ES256"
# What a sealed file about a takedown case is signed as.
EVIDENCE = "assent-evidence"


class UnverifiedError(ValueError):
    """The signature, its algorithm, its type or its key is not one that counts."""


def sign(claims: Mapping[str, Any], kind: str) -> str:
    """Return claims as a compact JWS of this type, signed by the newest key."""
    key = _keys()[-1]
    header = {"alg": ALGORITHM, "kid": key.kid, "typ": kind}
    body = json.dumps(claims, ensure_ascii=False, sort_keys=True)
    return jws.serialize_compact(header, body, key, algorithms=[ALGORITHM])


def verified(signed: str, kind: str, published: Mapping[str, Any]) -> dict[str, Any]:
    """Return the claims of a compact JWS, checked against a published key set, or raise
    UnverifiedError. No other algorithm and no other type is accepted, whatever its header says."""
    try:
        keys = KeySet.import_key_set(dict(published))  # type: ignore[arg-type]
        found = jws.deserialize_compact(signed, keys, algorithms=[ALGORITHM])
        claims = json.loads(found.payload)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise UnverifiedError(f"the signature does not hold: {error}") from error
    if found.headers().get("typ") != kind:
        raise UnverifiedError("it is signed as something else")
    if not isinstance(claims, dict):
        raise UnverifiedError("what is signed is not a record")
    return claims


def published_keys() -> dict[str, Any]:
    """Return the public halves of all keys as a JWK set."""
    return {"keys": [dict(k.as_dict(private=False)) | {"use": "sig"} for k in _keys()]}


def add_key() -> str:
    """Make a new key, which signs from now on, and return its id."""
    folder = _folder()
    number = len(list(folder.glob("*.json"))) + 1
    kid = f"consent-{number:04d}"
    key = ECKey.generate_key("P-256", parameters={"kid": kid, "alg": ALGORITHM}, auto_kid=False)
    raw = json.dumps(key.as_dict(private=True))
    # Written aside and linked into place: two processes that begin at once keep the first one's.
    fresh = folder / f".{kid}.{os.getpid()}"
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(raw)
    try:
        os.link(fresh, folder / f"{kid}.json")
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return kid


def _folder() -> Path:
    folder = Path(settings.DATA_DIR) / "keys" / "consent"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _keys() -> list[ECKey]:
    paths = sorted(_folder().glob("consent-*.json"))
    if not paths:
        add_key()
        paths = sorted(_folder().glob("consent-*.json"))
    return [ECKey.import_key(json.loads(path.read_text())) for path in paths]
