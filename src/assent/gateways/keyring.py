"""The keys of staydown: versioned, kept apart from the data, and replaced without forgetting.

Once something is removed its bytes are deleted, so its digests can never be made anew under
another key. Every removal is therefore stored under the current key and under the next one. When
the current key is retired, the next becomes current, a new next is made, and each stored digest
is wrapped once more: the digest under `k2` becomes HMAC(k3, that digest) under `k2>k3`. So a leaked
key is worthless as soon as its rows are gone, and nothing that was removed can return.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

from assent.core.terms import Digest

LINK = ">"
FIRST_KEY = "ASSENT_DIGEST_KEY"


@dataclass(frozen=True, slots=True)
class Ring:
    """Which key is current, which comes next, and every chain of keys that stored digests use."""

    current: str = "k1"
    next: str = "k2"
    chains: tuple[str, ...] = ("k1", "k2")


def ring() -> Ring:
    """Return the ring as it is stored; the first one where none is."""
    try:
        read = json.loads(_path().read_text())
    except FileNotFoundError:
        return Ring()
    return Ring(read["current"], read["next"], tuple(read["chains"]))


def stored(kind: str, value: str) -> list[Digest]:
    """Return the digests to store for something: under the current and under the next key."""
    now = ring()
    return [Digest(_under(v, kind, value), kind, v) for v in (now.current, now.next)]


def lookups(kind: str, value: str) -> list[str]:
    """Return every digest under which this thing may have been stored, ever."""
    return [_under(chain, kind, value) for chain in ring().chains]


def file_digests(sha256: str, tensor_hash: str) -> list[Digest]:
    """Return what staydown stores for the hashes of a file."""
    return [d for kind, value in _hashes(sha256, tensor_hash) for d in stored(kind, value)]


def file_lookups(sha256: str, tensor_hash: str) -> list[str]:
    """Return every digest under which staydown may know the hashes of a file."""
    return [d for kind, value in _hashes(sha256, tensor_hash) for d in lookups(kind, value)]


def turned(now: Ring) -> Ring:
    """Return the ring after the current key is retired."""
    following = f"k{int(now.next[1:]) + 1}"
    kept = [c for c in now.chains if c.split(LINK)[-1] == now.next]
    wrapped = [f"{c}{LINK}{following}" for c in kept]
    return Ring(now.next, following, (*kept, *wrapped, following))


def wrapped(digest: str, kind: str, key: str) -> str:
    """Return a stored digest under one more key."""
    return hmac.new(_key(key, kind), digest.encode(), hashlib.sha256).hexdigest()


def keep(new: Ring) -> None:
    """Write the ring down, whole or not at all."""
    path = _path()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(asdict(new)))
    fresh.replace(path)


def _hashes(sha256: str, tensor_hash: str) -> list[tuple[str, str]]:
    return [(k, v) for k, v in (("sha256", sha256), ("tensors", tensor_hash)) if v]


def _under(chain: str, kind: str, value: str) -> str:
    first, *rest = chain.split(LINK)
    digest = hmac.new(_key(first, kind), value.encode(), hashlib.sha256).hexdigest()
    for key in rest:
        digest = wrapped(digest, kind, key)
    return digest


def _key(version: str, kind: str) -> bytes:
    return hmac.digest(_secret(version).encode(), f"{version}:{kind}".encode(), hashlib.sha256)


def _secret(version: str) -> str:
    if version == "k1":
        return str(settings.DIGEST_KEY)
    name = f"{FIRST_KEY}_{version.upper()}"
    if os.environ.get(name):
        return os.environ[name]
    path = Path(settings.KEYS_DIR) / name.lower()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text().strip()


def _path() -> Path:
    return Path(settings.KEYS_DIR) / "staydown_ring.json"
