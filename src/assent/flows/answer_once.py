"""Answer a repeated request with the first answer, in the transaction of what it did."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.db import transaction

from assent.core.terms import Refusal, RefusalKind, Refused
from assent.gateways import clock
from assent.gateways.secrets import keyed_digest, sealed, unsealed
from assent.people import save as people

KEY_MAX = 200
_OTHER = Refusal(
    "idempotency_mismatch",
    "This Idempotency-Key was used for a different request. Use a new key.",
    RefusalKind.CONFLICT,
)
OPEN_KEY_MIN = 16
_SHORT = Refusal(
    "idempotency_key",
    f"Without a token, use an Idempotency-Key of at least {OPEN_KEY_MIN} characters that nobody "
    "can guess: whoever has it gets your answer.",
)
_LONG = Refusal("idempotency_key", f"Use an Idempotency-Key of at most {KEY_MAX} characters.")


def answer_once(
    user_id: int, key: str, digest: str, act: Callable[[], tuple[int, dict[str, Any]]]
) -> tuple[int, dict[str, Any]]:
    """Return the stored answer for this key, or run `act` and store what it answers.

    The key's row, and everything that `act` does, are one transaction: a second request with the
    same key waits for the first, and after a crash neither the row nor the act exists. A refusal
    that `act` raises rolls back and is not stored, so that it may be tried again.
    """
    if len(key) > KEY_MAX:
        raise Refused(_LONG)
    with transaction.atomic():
        if not people.claim_reply(user_id, key, digest, clock.now()):
            stored = people.stored_reply(user_id, key)
            if stored.digest != digest:
                raise Refused(_OTHER)
            return stored.status, stored.body
        status, body = act()
        people.keep_reply(user_id, key, status, body)
        return status, body


def answer_once_open(
    key: str, digest: str, act: Callable[[], tuple[int, dict[str, Any]]]
) -> tuple[int, dict[str, Any]]:
    """Do the same for somebody without a log-in. The answer may hold a PIN, so it is kept for a
    day, sealed under the key that only they have."""
    if len(key) > KEY_MAX or len(key) < OPEN_KEY_MIN:
        raise Refused(_LONG if len(key) > KEY_MAX else _SHORT)
    name = keyed_digest("once", key)
    with transaction.atomic():
        if not people.claim_open_reply(name, digest, clock.now()):
            asked, status, kept = people.open_reply(name)
            if asked != digest:
                raise Refused(_OTHER)
            return status, json.loads(unsealed(f"once:{key}", kept))
        status, body = act()
        people.keep_open_reply(name, status, sealed(f"once:{key}", json.dumps(body)))
        return status, body
