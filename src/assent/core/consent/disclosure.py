"""Selective disclosure for signed records: the part of RFC 9901 (SD-JWT) that no library here does.

A claim may be kept out of the signed payload and replaced by the digest of its *disclosure*, the
base64url of the JSON array [salt, name, value]. Whoever holds a disclosure can show that one claim
and leave out the others. Signing itself is elsewhere; nothing here touches a key or dice.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ALGORITHM = "sha-256"
_RESERVED = ("_sd", "...", "_sd_alg")


class DisclosureError(ValueError):
    """The parts do not make one sound whole; the message says which rule of section 7 is broken."""


def disclosure(salt: str, name: str, value: object) -> str:
    """Return the disclosure of an object property (RFC 9901, section 4.2.1)."""
    return encoded(json.dumps([salt, name, value], ensure_ascii=False).encode())


def digest(text: str) -> str:
    """Return the digest of a disclosure as it stands in `_sd` (section 4.2.3)."""
    return encoded(hashlib.sha256(text.encode("ascii")).digest())


def hidden(
    claims: Mapping[str, Any], secret: Iterable[str], salts: Sequence[str]
) -> tuple[dict[str, Any], list[str]]:
    """Return (payload, disclosures): `claims` with the `secret` ones behind digests.

    The digests are sorted, so that their order says nothing about the claims (section 4.2.4.1).
    """
    names = [name for name in secret if name in claims]
    disclosures = [disclosure(s, n, claims[n]) for s, n in zip(salts, names, strict=True)]
    payload = {name: value for name, value in claims.items() if name not in names}
    payload["_sd"] = sorted(digest(one) for one in disclosures)
    payload["_sd_alg"] = ALGORITHM
    return payload, disclosures


def combined(signed: str, disclosures: Iterable[str]) -> str:
    """Return the compact form: signed part and disclosures, each ended by a tilde."""
    return "~".join([signed, *disclosures, ""])


def split(compact: str) -> tuple[str, list[str]]:
    """Return (signed part, disclosures) of a compact form, or raise DisclosureError."""
    signed, *rest = compact.strip().split("~")
    if not rest or rest[-1] != "":
        raise DisclosureError("an SD-JWT ends with a tilde")
    return signed, rest[:-1]


@dataclass(frozen=True, slots=True)
class _Opened:
    """A disclosure as read: `name` is None for an array element."""

    name: str | None
    value: Any


def revealed(payload: Mapping[str, Any], disclosures: Sequence[str]) -> dict[str, Any]:
    """Return the claims with every disclosed one in its place, or raise DisclosureError.

    Follows section 7.1: only SHA-256; no digest twice; each disclosure used exactly once; no
    disclosed claim named `_sd`, `...` or like one that is there.
    """
    if payload.get("_sd_alg", ALGORITHM) != ALGORITHM:
        raise DisclosureError("another digest algorithm than sha-256")
    by_digest = {digest(one): _read(one) for one in disclosures}
    if len(by_digest) != len(disclosures):
        raise DisclosureError("a disclosure is there twice")
    unused = dict(by_digest)
    seen: set[str] = set()
    found = _open(payload, by_digest, unused, seen)
    if unused:
        raise DisclosureError("a disclosure belongs to nothing that was signed")
    found.pop("_sd_alg", None)
    return dict(found)


def _open(
    node: Any,  # noqa: ANN401 - any JSON
    by_digest: Mapping[str, _Opened],
    unused: dict[str, _Opened],
    seen: set[str],
) -> Any:  # noqa: ANN401
    def take(one: str) -> _Opened | None:
        if one in seen:
            raise DisclosureError("a digest stands twice")
        seen.add(one)
        unused.pop(one, None)
        return by_digest.get(one)

    def inside(value: Any) -> Any:  # noqa: ANN401
        return _open(value, by_digest, unused, seen)

    if isinstance(node, list):
        return [found for one in node for found in _element(one, take, inside)]
    if not isinstance(node, Mapping):
        return node
    opened = {name: inside(value) for name, value in node.items() if name != "_sd"}
    for one in _digests(node.get("_sd", [])):
        found = take(one)
        if found is None:
            continue  # not disclosed, or a decoy
        if found.name is None or found.name in _RESERVED or found.name in opened:
            raise DisclosureError("a disclosed claim has a name that it must not have")
        opened[found.name] = inside(found.value)
    return opened


def _element(one: Any, take: Any, inside: Any) -> list[Any]:  # noqa: ANN401
    """Return an array's element, which a digest alone may stand for: [] where it is withheld."""
    if not (isinstance(one, Mapping) and "..." in one):
        return [inside(one)]
    if set(one) != {"..."} or not isinstance(one["..."], str):
        raise DisclosureError("a hidden array element holds more than its digest")
    found = take(one["..."])
    if found is not None and found.name is not None:
        raise DisclosureError("an array element was disclosed as a property")
    return [] if found is None else [inside(found.value)]


def _digests(node: object) -> list[str]:
    if not isinstance(node, list) or not all(isinstance(one, str) for one in node):
        raise DisclosureError("_sd is not a list of digests")
    return node


def _read(one: str) -> _Opened:
    try:
        parts = json.loads(decoded(one))
    except (ValueError, UnicodeDecodeError) as error:
        raise DisclosureError("a disclosure is not base64url of JSON") from error
    if not isinstance(parts, list) or len(parts) not in (2, 3) or not isinstance(parts[0], str):
        raise DisclosureError("a disclosure is not an array of two or three")
    if len(parts) == 2:
        return _Opened(None, parts[1])
    if not isinstance(parts[1], str):
        raise DisclosureError("a disclosed claim has no name")
    return _Opened(parts[1], parts[2])


def encoded(raw: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """Return the bytes of base64url without padding; ValueError for anything else."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
