"""Answer a repeated request with the first answer, in the transaction of what it did."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction

from assent.core.terms import Refusal, RefusalKind, Refused
from assent.gateways import clock
from assent.people import save as people

KEY_MAX = 200
_OTHER = Refusal(
    "idempotency_mismatch",
    "This Idempotency-Key was used for a different request. Use a new key.",
    RefusalKind.CONFLICT,
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
