"""Card payments through Stripe, by its official library: Checkout pages for credits, its signed
messages, and its own book to reconcile with.

Not verified against the real service: it was tried against a stand-in that speaks the documented
objects. Cash-outs do not go through it.

Every call that makes something carries an idempotency key made of our own number, so that asking
again, after a time-out or a crash, makes nothing twice. The library asks again by itself, twice.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from django.conf import settings

from assent.core.purchases import EventKind, ProviderEvent
from assent.core.terms import Refusal, RefusalKind, Refused
from assent.gateways.sandbox import BookLine

if TYPE_CHECKING:
    from stripe import PaymentIntent, StripeClient

NAME = "stripe"
CURRENCY = "eur"
SECONDS_MAX = 20
RETRIES = 2
# The shortest that Stripe lets a page stay open is half an hour.
OPEN_FOR = timedelta(minutes=45)
# Our number of the purchase, on everything that Stripe makes for it.
PURCHASE = "assent_purchase"
# What of the past is held against our books; a dispute can come that late.
BOOK_DAYS = 180

_UNREACHABLE = Refusal(
    "provider_unreachable",
    "The payment provider does not answer. Nothing was paid; please try again in a while.",
    RefusalKind.UNAVAILABLE,
    retry=True,
)
_NOT_SET_UP = Refusal(
    "no_payments", "Credits cannot be bought here at the moment.", RefusalKind.CONFLICT
)


class UnknownMessageError(ValueError):
    """A message that is not signed as Stripe signs, or says nothing that we can read."""


def is_ready() -> bool:
    """Whether the library is installed and both secrets are set."""
    both = settings.STRIPE_KEY and settings.STRIPE_WEBHOOK_SECRET
    return bool(both and find_spec("stripe"))


def checkout(purchase_id: str, credits_: int, cents: int, at: datetime) -> str:
    """Ask for a page on which this is paid, and return its address, or refuse."""
    if not is_ready():
        raise Refused(_NOT_SET_UP)
    import stripe

    back = f"{settings.SITE_URL}/wallet"
    marks = {PURCHASE: purchase_id}
    try:
        page = _client().v1.checkout.sessions.create(
            params={
                "mode": "payment",
                "client_reference_id": purchase_id,
                "metadata": marks,
                "payment_intent_data": {"metadata": marks},
                "line_items": [
                    {
                        "quantity": 1,
                        "price_data": {
                            "currency": CURRENCY,
                            "unit_amount": cents,
                            "product_data": {"name": f"{credits_:,} credits"},
                        },
                    }
                ],
                "expires_at": int((at + OPEN_FOR).timestamp()),
                "success_url": back,
                "cancel_url": f"{back}/buy",
            },
            options={"idempotency_key": f"checkout-{purchase_id}"},
        )
    except stripe.StripeError as error:
        raise Refused(_UNREACHABLE) from error
    if not page.url or (not page.url.startswith("https://") and not _is_here(page.url)):
        raise Refused(_UNREACHABLE)
    return page.url


def event_of(body: bytes, signature: str) -> ProviderEvent | None:
    """Return what a message says of a purchase, None for one that is about nothing of ours, or
    raise UnknownMessageError where the library finds that it is not signed, or not within five
    minutes. A dispute names its payment alone, so that the payment is looked up."""
    if not is_ready():
        raise UnknownMessageError("Stripe is not set up")
    import stripe

    try:
        stripe.WebhookSignature.verify_header(
            body.decode(),
            signature,
            settings.STRIPE_WEBHOOK_SECRET,
            stripe.Webhook.DEFAULT_TOLERANCE,
        )
        said = json.loads(body)
        event_id, kind, about = str(said["id"]), str(said["type"]), dict(said["data"]["object"])
    except (stripe.StripeError, ValueError, KeyError, TypeError) as error:
        raise UnknownMessageError("this is no message of Stripe's") from error
    return _read(event_id, kind, about)


def _read(event_id: str, kind: str, about: dict[str, Any]) -> ProviderEvent | None:
    if kind == "charge.dispute.created":
        return _disputed(event_id, str(about.get("payment_intent") or ""))
    paid = about.get("payment_status") == "paid"
    said = {
        "checkout.session.completed": EventKind.PAID if paid else None,
        "checkout.session.async_payment_succeeded": EventKind.PAID,
        "checkout.session.async_payment_failed": EventKind.DECLINED,
        "checkout.session.expired": EventKind.DECLINED,
    }.get(kind)
    purchase = str((about.get("metadata") or {}).get(PURCHASE, ""))
    if said is None or not purchase:
        return None
    cents = about.get("amount_total")
    if about.get("currency") != CURRENCY or not isinstance(cents, int):
        raise UnknownMessageError("another currency, or no sum")
    return ProviderEvent(event_id[:80], said, purchase, cents)


def _disputed(event_id: str, intent_id: str) -> ProviderEvent | None:
    import stripe

    if not intent_id:
        return None
    try:
        intent = _client().v1.payment_intents.retrieve(intent_id)
    except stripe.StripeError as error:
        raise Refused(_UNREACHABLE) from error
    purchase = _purchase_of(intent)
    if not purchase:
        return None
    # A dispute may be about a part; it counts for the whole purchase, whose credits it stops.
    return ProviderEvent(event_id[:80], EventKind.DISPUTED, purchase, intent.amount)


def _purchase_of(intent: PaymentIntent) -> str:
    """Our number of the purchase that a payment is for; empty for one that is not ours."""
    marks = intent.metadata
    return str(marks[PURCHASE]) if marks and PURCHASE in marks else ""


def book(at: datetime) -> Iterator[BookLine]:
    """Yield what Stripe says that it took for our purchases, and which of it is disputed, of the
    last half year, or refuse where it does not answer."""
    import stripe

    since = {"created": {"gte": int((at - timedelta(days=BOOK_DAYS)).timestamp())}, "limit": 100}
    of_intent: dict[str, BookLine] = {}
    try:
        client = _client()
        intents = client.v1.payment_intents.list(params=since)  # type: ignore[arg-type]
        for intent in intents.auto_paging_iter():
            purchase = _purchase_of(intent)
            if purchase and intent.status == "succeeded":
                when = datetime.fromtimestamp(intent.created, UTC)
                of_intent[intent.id] = BookLine("paid", purchase, intent.amount_received, when)
        disputes = client.v1.disputes.list(params=since)  # type: ignore[arg-type]
        disputed = [(str(one.payment_intent), one.created) for one in disputes.auto_paging_iter()]
    except stripe.StripeError as error:
        raise Refused(_UNREACHABLE) from error
    yield from of_intent.values()
    for intent_id, created in disputed:
        if paid := of_intent.get(intent_id):
            when = datetime.fromtimestamp(created, UTC)
            yield BookLine("disputed", paid.about, paid.cents, when)


def _client() -> StripeClient:
    return _made(settings.STRIPE_KEY, settings.STRIPE_ADDRESS)


@cache
def _made(key: str, address: str) -> StripeClient:
    import stripe

    return stripe.StripeClient(
        key,
        http_client=stripe.RequestsClient(timeout=SECONDS_MAX),
        base_addresses={"api": address} if address else {},
        max_network_retries=RETRIES,
    )


def _is_here(url: str) -> bool:
    """Whether an address is of this very machine, as a stand-in's is."""
    return bool(settings.STRIPE_ADDRESS) and url.startswith("http://127.0.0.1")
