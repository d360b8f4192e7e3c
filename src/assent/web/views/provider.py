"""The payment provider's side: what it tells us, and the sandbox in which anything can be tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from assent.core.cashouts import BankEvent, BankKind
from assent.core.purchases import EventKind, ProviderEvent
from assent.core.terms import Refusal, RefusalKind, Refused
from assent.flows.take_bank_event import take_bank_event
from assent.flows.take_payment import take_payment
from assent.gateways import clock, payments, sandbox
from assent.gateways.keys import new_key
from assent.web.viewer import member

_NOT_FOUND = Refusal("not_found", "There is nothing here that you can see.", RefusalKind.NOT_FOUND)
BODY_MAX = 100_000
Event = TypeVar("Event")


@csrf_exempt
@require_POST
def payment_event(request: HttpRequest) -> HttpResponse:
    """What the provider tells us of purchases."""
    event = _said(request, payments.event_of)
    return JsonResponse({"state": take_payment(event) if event else "ignored"})


@csrf_exempt
@require_POST
def bank_event(request: HttpRequest) -> HttpResponse:
    """What the provider tells us of accounts and payouts."""
    return JsonResponse({"state": take_bank_event(_said(request, payments.bank_event_of))})


def _said(request: HttpRequest, read: Callable[[bytes, str], Event]) -> Event:
    """Return a message. Only its signature lets it in."""
    if not payments.provider() or len(request.body) > BODY_MAX:
        raise Refused(_NOT_FOUND)
    try:
        return read(request.body, payments.signature_of(request.headers))
    except payments.UnsignedError as error:
        raise Refused(_NOT_FOUND) from error


# The sandbox -------------------------------------------------------------------------------------

PAYMENTS = {
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
    if asked is None or "purchase" not in asked:
        raise Refused(_NOT_FOUND)
    choice = request.POST.get("choice", "")
    if request.method != "POST" or choice not in PAYMENTS:
        context = {"asked": asked, "euros": asked["cents"] / 100, "choices": PAYMENTS.items()}
        return render(request, "people/sandbox.html", context)
    taken = [_deliver(*sent) for sent in _about_payment(choice, asked["purchase"], asked["cents"])]
    many = "message" if len(taken) == 1 else "messages"
    messages.info(request, f"The sandbox sent {len(taken)} {many}; taken: {sum(taken)}.")
    return redirect("wallet")


def _about_payment(choice: str, purchase: str, cents: int) -> Iterator[tuple[bytes, str]]:
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
        event = payments.event_of(body, signature)
    except payments.UnsignedError:
        return False
    return event is not None and bool(take_payment(event))


BANKS = {
    "pay": "I am confirmed, and my bank takes the money",
    "fail": "I am confirmed, and my bank sends the money back",
    "twice": "I am confirmed, and the provider tells everything twice",
    "silent": "I am confirmed, my bank takes the money, and nobody is told",
    "decline": "My papers are not accepted",
}


@require_http_methods(["GET", "HEAD", "POST"])
def sandbox_account(request: HttpRequest, ticket: str) -> HttpResponse:
    """The sandbox provider's own page: an invented bank account, and how its bank behaves."""
    member(request)  # whoever answers is signed in; whose account it is stands in the ticket
    asked = payments.of_ticket(ticket) if payments.provider() == payments.SANDBOX else None
    if asked is None or "account" not in asked:
        raise Refused(_NOT_FOUND)
    choice = request.POST.get("choice", "")
    if request.method != "POST" or choice not in BANKS:
        number = f"INVENTED {new_key()[:12].upper()}"
        context = {"number": number, "choices": BANKS.items()}
        return render(request, "people/sandbox_account.html", context)
    number = request.POST.get("number", "")[:60].strip() or "nobody"
    _about_account(asked["account"], choice, number)
    messages.info(request, "The sandbox has answered.")
    return redirect("cash_out")


def _about_account(account: str, choice: str, number: str) -> None:
    kind = BankKind.DECLINED if choice == "decline" else BankKind.CONFIRMED
    sandbox.behave(account, choice)
    event = BankEvent(f"evt_{new_key()}", kind, account, 0, f"{payments.SANDBOX}:{number}")
    body, signature = payments.bank_message(event, clock.now())
    for _ in range(2 if choice == "twice" else 1):
        take_bank_event(payments.bank_event_of(body, signature))
