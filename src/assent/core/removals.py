"""Removal notices between marketplaces: what one says, how long it is sent, when one is taken.

A notice holds hashes of files and nothing else: no name, no word of a case, no picture. It is a
signed record (JWS) from one site to one other, so that nobody can pass it on as theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from assent.core.terms import Refusal, RefusalKind

KIND = "assent-removal-notice"
BYTES_MAX = 65_536
HASHES_MAX = 200
TAKEN_FOR = timedelta(days=30)
CLOCKS_DIFFER = timedelta(minutes=5)
# Between tries, and for how long there are any.
WAITS = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120, 360, 1440))
GIVEN_UP_AFTER = timedelta(days=7)

_SHA256 = re.compile(r"[0-9a-f]{64}")
_TENSORS = re.compile(r"t1:[0-9a-f]{64}")
_ID = re.compile(r"[0-9A-Za-z_-]{8,64}")


class Sent(StrEnum):
    """How far a notice to another site is."""

    WAITING = "waiting"
    TAKEN = "taken"
    REFUSED = "refused"
    GIVEN_UP = "given_up"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class RemovalNotice:
    """What one site tells another: these files were removed because they showed a real person who
    did not agree."""

    id: str
    issuer: str
    audience: str
    at: datetime
    hashes: tuple[str, ...]


def claims(notice: RemovalNotice) -> dict[str, Any]:
    """Return what is signed."""
    return {
        "iss": notice.issuer,
        "aud": notice.audience,
        "iat": int(notice.at.timestamp()),
        "jti": notice.id,
        "sha256": [h for h in notice.hashes if not h.startswith("t1:")],
        "tensors": [h for h in notice.hashes if h.startswith("t1:")],
    }


def notice_of(given: Mapping[str, Any], here: str, at: datetime) -> RemovalNotice | Refusal:
    """Return the notice in verified claims, or why it is not taken: `here` is our own address."""
    read = _read(given)
    if read is None:
        return MALFORMED
    if len(read.hashes) > HASHES_MAX:
        return TOO_LARGE
    site = here.rstrip("/")
    if read.audience != site and not read.audience.startswith(f"{site}/"):
        return NOT_FOR_US
    if not -CLOCKS_DIFFER <= at - read.at <= TAKEN_FOR:
        return OUT_OF_TIME
    return read


def _read(given: Mapping[str, Any]) -> RemovalNotice | None:
    issuer, audience, number = given.get("iss"), given.get("aud"), given.get("jti")
    sums, tensors, at = given.get("sha256", []), given.get("tensors", []), given.get("iat")
    plain = isinstance(issuer, str) and isinstance(audience, str) and isinstance(number, str)
    dated = isinstance(at, int) and not isinstance(at, bool) and 0 < at < 2**33
    if not plain or not dated or not _ID.fullmatch(str(number)):
        return None
    if not (_all(sums, _SHA256) and _all(tensors, _TENSORS) and (sums or tensors)):
        return None
    when = datetime.fromtimestamp(int(str(at)), UTC)
    hashes = tuple(dict.fromkeys([*sums, *tensors]))
    return RemovalNotice(str(number), str(issuer), str(audience), when, hashes)


def _all(found: object, form: re.Pattern[str]) -> bool:
    return isinstance(found, list) and all(isinstance(h, str) and form.fullmatch(h) for h in found)


def in_parts(hashes: Iterable[str]) -> list[Sequence[str]]:
    """Return hashes in as many parts as notices are needed; each hash once."""
    every = list(dict.fromkeys(hashes))
    return [every[i : i + HASHES_MAX] for i in range(0, len(every), HASHES_MAX)]


def next_try(tries: int, first: datetime, at: datetime) -> datetime | None:
    """Return when to try again after this many tries; None where it is given up."""
    following = at + WAITS[min(tries, len(WAITS)) - 1]
    return following if following - first <= GIVEN_UP_AFTER else None


TOO_LARGE = Refusal(
    "removal_too_large",
    f"A removal notice has at most {HASHES_MAX} hashes and {BYTES_MAX:,} bytes. Please send "
    "several.",
    RefusalKind.TOO_LARGE,
)
UNKNOWN_SENDER = Refusal(
    "unknown_sender",
    "Whoever signed this is not among the senders that the operator listed. Nothing was done.",
    RefusalKind.NOT_ALLOWED,
)
WRONG_SIGNATURE = Refusal(
    "wrong_signature",
    "The signature does not hold under the key that is listed for this sender. Nothing was done.",
    RefusalKind.NOT_ALLOWED,
)
MALFORMED = Refusal(
    "removal_malformed",
    "This is not a removal notice: it is one line of signed text with iss, aud, iat, jti and "
    "hashes.",
)
NOT_FOR_US = Refusal(
    "removal_elsewhere",
    "This notice is addressed to another site. Nothing was done.",
    RefusalKind.CONFLICT,
)
OUT_OF_TIME = Refusal(
    "removal_out_of_time",
    f"This notice is older than {TAKEN_FOR.days} days, or dated in the future. Please sign it "
    "anew.",
    RefusalKind.CONFLICT,
)
REPLAYED = Refusal(
    "removal_replayed",
    "Another notice of this sender had the same number. Nothing was done.",
    RefusalKind.CONFLICT,
)
