"""Payment providers. A provider says where somebody pays, and tells us later what came of it in a
message that it signs. The sandbox is one in this very process: it takes no money, and everything
that can go wrong with a real one can be chosen on its page. Stripe takes cards."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.urls import reverse

from assent.core.cashouts import BankEvent, BankKind
from assent.core.purchases import SIGNED_WITHIN, EventKind, ProviderEvent
from assent.gateways import clock, sandbox, stripe_cards
from assent.gateways.sandbox import BookLine
from assent.gateways.secrets import keyed_digest, seal, unseal

SANDBOX = "sandbox"
CHECKOUT_TIME = timedelta(hours=1)


class UnsignedError(ValueError):
    """A message that did not come from the provider, or came too late."""


def provider() -> str:
    """Return the name of the provider in use; empty where credits cannot be bought."""
    return str(settings.PAYMENTS)


def pays_out() -> bool:
    """Whether the provider in use pays money out."""
    return provider() == SANDBOX


def signature_of(headers: Mapping[str, str]) -> str:
    """Return the signature of a provider's message from the headers that it came with."""
    name = "Stripe-Signature" if provider() == stripe_cards.NAME else "Payment-Signature"
    return headers.get(name, "")


def checkout(purchase_id: str, credits_: int, cents: int) -> str:
    """Ask the provider for a page on which this is paid, and return its address, or refuse."""
    if provider() == stripe_cards.NAME:
        return stripe_cards.checkout(purchase_id, credits_, cents, clock.now())
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


def account_page(account_id: str) -> str:
    """Ask the provider for a page on which somebody says who they are and where their bank is."""
    assert pays_out()
    until = clock.now() + CHECKOUT_TIME
    ticket = seal("sandbox", {"account": account_id, "until": until.isoformat()})
    return reverse("sandbox_account", args=[ticket])


def send_payout(cashout_id: str, account_id: str, cents: int) -> list[tuple[bytes, str]]:
    """Ask the provider to pay money out. The cash-out's number makes it happen once, however often
    it is asked for. The sandbox answers with its messages at once, as its bank behaves."""
    how = sandbox.behaviour(account_id)
    if how == "fail":
        kinds = [BankKind.FAILED]
    else:
        sandbox.write("payout", cashout_id, cents)
        kinds = {"pay": [BankKind.PAID], "twice": [BankKind.PAID] * 2}.get(how, [])
    at = clock.now()
    return [
        bank_message(BankEvent(f"evt_{kind}_{cashout_id}", kind, cashout_id, cents), at)
        for kind in kinds
    ]


def book() -> list[BookLine]:
    """Return what the provider says that it took and paid out, from `book_begins` on."""
    if provider() == stripe_cards.NAME:
        return list(stripe_cards.book(clock.now()))
    return list(sandbox.lines())


def book_begins() -> datetime | None:
    """Return since when the provider's book is read; None: since ever."""
    if provider() == stripe_cards.NAME:
        return clock.now() - timedelta(days=stripe_cards.BOOK_DAYS)
    return None


def message(event: ProviderEvent, at: datetime) -> tuple[bytes, str]:
    """Return a message as the sandbox sends it: the body, and the signature over time and body."""
    return _signed(
        {"id": event.id, "kind": event.kind, "purchase": event.purchase, "cents": event.cents}, at
    )


def bank_message(event: BankEvent, at: datetime) -> tuple[bytes, str]:
    """Return a message about an account or a payout, as the sandbox sends it."""
    return _signed(
        {
            "id": event.id,
            "kind": event.kind,
            "about": event.about,
            "cents": event.cents,
            "identity": event.identity,
        },
        at,
    )


def event_of(body: bytes, signature: str) -> ProviderEvent | None:
    """Return what a provider tells us of a purchase, None where a message is about nothing of ours,
    or raise UnsignedError: forged, altered, or older than five minutes, so that an overheard
    message cannot be sent again later."""
    if provider() == stripe_cards.NAME:
        try:
            return stripe_cards.event_of(body, signature)
        except stripe_cards.UnknownMessageError as error:
            raise UnsignedError(str(error)) from error
    said = _opened(body, signature)
    try:
        return ProviderEvent(
            str(said["id"])[:80], EventKind(said["kind"]), str(said["purchase"]), int(said["cents"])
        )
    except (KeyError, ValueError, TypeError) as error:
        raise UnsignedError("this is no message about a purchase") from error


def bank_event_of(body: bytes, signature: str) -> BankEvent:
    """Return what a provider tells us of an account or a payout, or raise UnsignedError."""
    if not pays_out():
        raise UnsignedError("this provider pays nothing out")
    said = _opened(body, signature)
    try:
        return BankEvent(
            str(said["id"])[:80],
            BankKind(said["kind"]),
            str(said["about"]),
            int(said["cents"]),
            str(said["identity"]),
        )
    except (KeyError, ValueError, TypeError) as error:
        raise UnsignedError("this is no message about an account or a payout") from error


def _signed(said: dict[str, Any], at: datetime) -> tuple[bytes, str]:
    body = json.dumps(said).encode()
    seconds = int(at.timestamp())
    return body, f"t={seconds},v1={_signature(seconds, body)}"


def _opened(body: bytes, signature: str) -> dict[str, Any]:
    parts = dict(part.partition("=")[::2] for part in signature.split(","))
    try:
        seconds = int(parts["t"])
        right = hmac.compare_digest(parts["v1"], _signature(seconds, body))
        age = clock.now() - datetime.fromtimestamp(seconds, tz=clock.now().tzinfo)
        said = json.loads(body)
    except (KeyError, ValueError, TypeError, OverflowError) as error:
        raise UnsignedError("this is no message of the provider") from error
    if not right or abs(age) > SIGNED_WITHIN or not isinstance(said, dict):
        raise UnsignedError("the signature does not hold")
    return said


def _signature(seconds: int, body: bytes) -> str:
    return keyed_digest("payments", f"{seconds}.{sha256(body).hexdigest()}")
