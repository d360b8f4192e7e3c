"""Cashing out: where money goes, how much, and what the sandbox provider makes of it."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from assent.core.cashouts import MIN_CREDITS, BankEvent, BankKind, cashable, cents, fee
from assent.core.terms import Refusal, RefusalKind, Refused
from assent.flows.ask_cashout import ask_cashout, take_back_cashout
from assent.flows.set_up_payouts import set_up_payouts
from assent.flows.take_bank_event import take_bank_event
from assent.gateways import clock, payments, sandbox
from assent.gateways.keys import new_key
from assent.ledger import cashouts
from assent.people.queries import Member
from assent.web.forms.cashing import CashoutForm
from assent.web.pages import form_page
from assent.web.viewer import member

_NOT_FOUND = Refusal("not_found", "There is nothing here that you can see.", RefusalKind.NOT_FOUND)
BODY_MAX = 10_000


@require_http_methods(["GET", "HEAD", "POST"])
def cash_out(request: HttpRequest) -> HttpResponse:
    """Ask for earned credits to be paid out: first how many, then what comes of it, then yes."""
    who = member(request)
    form = CashoutForm(request.POST if request.method == "POST" else None)
    asked = None
    if form.is_valid():
        amount = form.cleaned_data["credits"]
        if form.cleaned_data["sure"]:
            with form.catching():
                ask_cashout(who, amount)
                messages.success(request, f"{amount:,} credits are reserved. A person approves it.")
                return redirect("cash_out")
        elif amount > _able(who):
            form.add_error("credits", f"You can cash out {_able(who):,} credits.")
        else:
            asked = {"credits": amount, "fee": fee(amount), "euros": cents(amount) / 100}
    context = {
        "account": cashouts.account_of(who.id),
        "able": _able(who),
        "frozen": cashouts.frozen(who.id),
        "min": MIN_CREDITS,
        "asked": asked,
        "pays": bool(payments.provider()),
        "cashouts": [(one, one.cents / 100) for one in cashouts.cashouts_of(who.id)],
    }
    return form_page(request, "people/cash_out.html", form, context)


@require_POST
def cash_out_back(request: HttpRequest, cashout_id: str) -> HttpResponse:
    """Take a cash-out back while nobody has decided."""
    take_back_cashout(member(request), cashout_id)
    messages.success(request, "The credits are in your wallet again.")
    return redirect("cash_out")


@require_POST
def payout_account(request: HttpRequest) -> HttpResponse:
    """Go to the provider's page, which asks who is to be paid. The password is asked for again, so
    that a stolen session cannot send the money elsewhere."""
    member(request)
    answer: HttpResponse = _to_the_provider(request)
    return answer


@reauthentication_required
def _to_the_provider(request: HttpRequest) -> HttpResponse:
    return redirect(set_up_payouts(member(request)))


@csrf_exempt
@require_POST
def bank_event(request: HttpRequest) -> HttpResponse:
    """What the provider tells us of accounts and payouts. Only its signature lets it in."""
    if not payments.provider() or len(request.body) > BODY_MAX:
        raise Refused(_NOT_FOUND)
    try:
        event = payments.bank_event_of(request.body, request.headers.get("Payment-Signature", ""))
    except payments.UnsignedError as error:
        raise Refused(_NOT_FOUND) from error
    return JsonResponse({"state": take_bank_event(event)})


def _able(who: Member) -> int:
    return cashable(cashouts.earned(who.key), cashouts.frozen(who.id))


# The sandbox -------------------------------------------------------------------------------------

CHOICES = {
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
    if request.method != "POST" or choice not in CHOICES:
        number = f"INVENTED {new_key()[:12].upper()}"
        context = {"number": number, "choices": CHOICES.items()}
        return render(request, "people/sandbox_account.html", context)
    number = request.POST.get("number", "")[:60].strip() or "nobody"
    _answer(asked["account"], choice, number)
    messages.info(request, "The sandbox has answered.")
    return redirect("cash_out")


def _answer(account: str, choice: str, number: str) -> None:
    kind = BankKind.DECLINED if choice == "decline" else BankKind.CONFIRMED
    sandbox.behave(account, choice)
    event = BankEvent(f"evt_{new_key()}", kind, account, 0, f"{payments.SANDBOX}:{number}")
    body, signature = payments.bank_message(event, clock.now())
    for _ in range(2 if choice == "twice" else 1):
        take_bank_event(payments.bank_event_of(body, signature))
