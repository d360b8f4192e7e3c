"""Payment providers. A provider says where somebody pays, and tells us later what came of it in a
message that it signs. The sandbox is one in this very process: it takes no money, and everything
that can go wrong with a real one can be chosen on its page."""

from __future__ import annotations

import hmac
import json
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.urls import reverse

from assent.core.purchases import SIGNED_WITHIN, EventKind, ProviderEvent
from assent.gateways import clock
from assent.gateways.secrets import keyed_digest, seal, unseal

SANDBOX = "sandbox"
CHECKOUT_TIME = timedelta(hours=1)


class UnsignedError(ValueError):
    """A message that did not come from the provider, or came too late."""


def provider() -> str:
    """Return the name of the provider in use; empty where credits cannot be bought."""
    return str(settings.PAYMENTS)


def checkout(purchase_id: str, credits_: int, cents: int) -> str:
    """Ask the provider for a page on which this is paid, and return its address."""
    until = clock.now() + CHECKOUT_TIME
    ticket = seal("sandbox", {"purchase": purchase_id, "credits": credits_, "cents": cents,
                              "until": until.isoformat()})  # fmt: skip
    return reverse("sandbox_checkout", args=[ticket])


def of_ticket(ticket: str) -> dict[str, Any] | None:
    """Return what is paid on a page of the sandbox; None for a made-up or old address."""
    inside = unseal("sandbox", ticket)
    if not inside or datetime.fromisoformat(inside["until"]) < clock.now():
        return None
    return inside


def message(event: ProviderEvent, at: datetime) -> tuple[bytes, str]:
    """Return a message as the sandbox sends it: the body, and the signature over time and body."""
    body = json.dumps(
        {"id": event.id, "kind": event.kind, "purchase": event.purchase, "cents": event.cents}
    ).encode()
    seconds = int(at.timestamp())
    return body, f"t={seconds},v1={_signature(seconds, body)}"


def event_of(body: bytes, signature: str) -> ProviderEvent:
    """Return what a provider tells us, or raise UnsignedError: forged, altered, or older than five
    minutes, so that an overheard message cannot be sent again later."""
    parts = dict(part.partition("=")[::2] for part in signature.split(","))
    try:
        seconds = int(parts["t"])
        right = hmac.compare_digest(parts["v1"], _signature(seconds, body))
        age = clock.now() - datetime.fromtimestamp(seconds, tz=clock.now().tzinfo)
        said = json.loads(body)
        event = ProviderEvent(
            str(said["id"])[:80], EventKind(said["kind"]), str(said["purchase"]), int(said["cents"])
        )
    except (KeyError, ValueError, TypeError, OverflowError) as error:
        raise UnsignedError("this is no message of the provider") from error
    if not right or abs(age) > SIGNED_WITHIN:
        raise UnsignedError("the signature does not hold")
    return event


def _signature(seconds: int, body: bytes) -> str:
    return keyed_digest("payments", f"{seconds}.{sha256(body).hexdigest()}")
