"""Buying credits, what a provider tells us, and the sandbox in which anything can be tried."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from assent.core.purchases import EventKind, ProviderEvent
from assent.core.terms import Refusal, RefusalKind, Refused
from assent.flows.begin_purchase import begin_purchase
from assent.flows.redeem_gift import redeem_gift
from assent.flows.take_payment import take_payment
from assent.gateways import clock, payments, sandbox
from assent.gateways.keys import new_key
from assent.ledger.purchases import purchases_of
from assent.web.forms.buying import BuyForm, GiftForm
from assent.web.pages import form_page
from assent.web.viewer import member

_NOT_FOUND = Refusal("not_found", "There is nothing here that you can see.", RefusalKind.NOT_FOUND)
BODY_MAX = 10_000


@require_http_methods(["GET", "HEAD", "POST"])
def buy(request: HttpRequest) -> HttpResponse:
    """Choose how many credits, and go to the provider's page to pay."""
    who = member(request)
    form = BuyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with form.catching():
            return redirect(begin_purchase(who, form.cleaned_data["credits"]))
    context = {"purchases": purchases_of(who.id), "sells": bool(payments.provider())}
    return form_page(request, "people/buy.html", form, context)


@require_http_methods(["GET", "HEAD", "POST"])
def gift(request: HttpRequest) -> HttpResponse:
    """Redeem a gift code."""
    who = member(request)
    form = GiftForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with form.catching():
            brought = redeem_gift(who, form.cleaned_data["code"])
            messages.success(request, f"{brought:,} credits are in your wallet.")
            return redirect("wallet")
    return form_page(request, "people/gift.html", form)


@csrf_exempt
@require_POST
def payment_event(request: HttpRequest) -> HttpResponse:
    """What the provider tells us. Only its signature lets a message in."""
    if not payments.provider() or len(request.body) > BODY_MAX:
        raise Refused(_NOT_FOUND)
    try:
        event = payments.event_of(request.body, request.headers.get("Payment-Signature", ""))
    except payments.UnsignedError as error:
        raise Refused(_NOT_FOUND) from error
    return JsonResponse({"state": take_payment(event)})


# The sandbox -------------------------------------------------------------------------------------

CHOICES = {
    "pay": "The payment succeeds",
    "decline": "The card is declined",
    "twice": "The provider tells us twice",
    "dispute": "It succeeds, and is disputed afterwards",
    "lost": "It succeeds, and the provider’s message is lost",
    "forged": "Somebody forges the provider's message",
    "leave": "I leave without paying",
}


@require_http_methods(["GET", "HEAD", "POST"])
def sandbox_checkout(request: HttpRequest, ticket: str) -> HttpResponse:
    """The sandbox provider's own page: choose what happens."""
    member(request)  # whoever pays is signed in; whose purchase it is stands in the ticket
    asked = payments.of_ticket(ticket) if payments.provider() == payments.SANDBOX else None
    if asked is None:
        raise Refused(_NOT_FOUND)
    choice = request.POST.get("choice", "")
    if request.method != "POST" or choice not in CHOICES:
        context = {"asked": asked, "euros": asked["cents"] / 100, "choices": CHOICES.items()}
        return render(request, "people/sandbox.html", context)
    taken = [_deliver(*sent) for sent in _messages(choice, asked["purchase"], asked["cents"])]
    many = "message" if len(taken) == 1 else "messages"
    messages.info(request, f"The sandbox sent {len(taken)} {many}; taken: {sum(taken)}.")
    return redirect("wallet")


def _messages(choice: str, purchase: str, cents: int) -> Iterator[tuple[bytes, str]]:
    at = clock.now()
    for line in {
        "pay": ["paid"],
        "twice": ["paid"],
        "lost": ["paid"],
        "dispute": ["paid", "disputed"],
    }.get(choice, []):
        sandbox.write(line, purchase, cents)
    paid = ProviderEvent(f"evt_{new_key()}", EventKind.PAID, purchase, cents)
    if choice == "decline":
        yield payments.message(
            ProviderEvent(f"evt_{new_key()}", EventKind.DECLINED, purchase, cents), at
        )
    if choice in ("pay", "twice", "dispute"):
        yield payments.message(paid, at)
    if choice == "twice":
        yield payments.message(paid, at)
    if choice == "dispute":
        yield payments.message(
            ProviderEvent(f"evt_{new_key()}", EventKind.DISPUTED, purchase, cents), at
        )
    if choice == "forged":
        yield payments.message(paid, at)[0], f"t={int(at.timestamp())},v1={'0' * 64}"


def _deliver(body: bytes, signature: str) -> bool:
    try:
        take_payment(payments.event_of(body, signature))
    except payments.UnsignedError:
        return False
    return True
